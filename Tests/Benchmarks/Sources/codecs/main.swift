import Glibc
import Support

// Times codecs on raw profile.proto, in one process and in turn: ours, protobuf-c's and SwiftProtobuf's. Decoding takes in
// the freeing of what was decoded.
//
//     codecs DATA [--quick]

func compare(_ set: String, rounds: Int, data: String) throws {
  let bytes = try readFile("\(data)/\(set).heap.pb")
  let codecs: [any Codec.Type] = [Ours.self, ProtobufC.self, SwiftProtobufCodec.self]
  var timings: [[Timing]] = codecs.map { _ in [] }
  for round in 0...rounds {
    for (i, codec) in codecs.enumerated() {
      let timing = try codec.time(bytes)
      // The first round warms up.
      if round > 0 { timings[i].append(timing) }
    }
  }
  for (i, codec) in codecs.enumerated() {
    func ratio(_ key: KeyPath<Timing, Double>) -> String {
      fixed(median(zip(timings[0], timings[i]).map { $0[keyPath: key] / $1[keyPath: key] }), 2)
    }
    func speed(_ key: KeyPath<Timing, Double>) -> String {
      fixed(Double(bytes.count) / 1e6 / median(timings[i].map { $0[keyPath: key] }), 0)
    }
    say(
      codec.name.left(16) + set.left(4) + String(rounds).right(6) + speed(\.decode).right(9) + ratio(\.decode).right(7)
        + speed(\.encode).right(9) + ratio(\.encode).right(7) + String(timings[i][0].size).right(11))
  }
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard let data = arguments.first else {
  say("usage: codecs DATA [--quick]")
  exit(2)
}
say("MB/s of raw proto in one process; ratio is our time to theirs, the median of rounds")
say("codec           set rounds   decode  ratio   encode  ratio      bytes")
say("--------------- --- ------  -------  -----  -------  -----  ---------")
try compare("s", rounds: 25, data: data)
try compare("m", rounds: 11, data: data)
if !arguments.contains("--quick") { try compare("l", rounds: 3, data: data) }
