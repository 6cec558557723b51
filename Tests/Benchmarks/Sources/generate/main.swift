import Glibc
import Support

// Writes profiles shaped like those that the performance figures are about: s, m and l, as profile.proto in the order of
// Go's runtime (raw; `run` compresses it), as Go's debug=1 text, and as a CPU profile with string labels.
//
//     generate FOLDER [s|m|l]…

struct Shape {
  var name: String
  var samples: Int
  var stacks: Int
  var locations: Int
  var functions: Int
  /// How many records the text has.
  var textRecords: Int

  static let all = [
    Shape(name: "s", samples: 1907, stacks: 800, locations: 1410, functions: 656, textRecords: .max),
    Shape(name: "m", samples: 47_810, stacks: 16_505, locations: 14_887, functions: 5394, textRecords: .max),
    Shape(
      name: "l", samples: 1_003_462, stacks: 310_733, locations: 66_697, functions: 19_041, textRecords: 200_000),
  ]
}

func write(_ path: String, _ bytes: [UInt8]) throws {
  var file = try OutputFile(path)
  try file.write(bytes)
}

func generate(_ shape: Shape, into folder: String) throws {
  var random = Random(seed: UInt64(shape.samples))
  let program = Program(functions: shape.functions, sites: shape.locations, random: &random)
  let workload = Workload(program, stacks: shape.stacks, records: shape.samples, random: &random)
  let heap = RuntimeProto.heap(workload)
  try write("\(folder)/\(shape.name).heap.pb", heap.bytes)
  let cpu = RuntimeProto.cpu(workload, random: &random)
  try write("\(folder)/\(shape.name).cpu.pb", cpu.bytes)
  var text = try OutputFile("\(folder)/\(shape.name).heap.txt")
  try HeapText.write(workload, records: shape.textRecords, to: &text)
  let depths = workload.stacks.map(\.count)
  func megabytes(_ bytes: Int) -> String { "\(fixed(Double(bytes) / 1e6, 2)) MB" }
  say(
    """
    \(shape.name): \(workload.records.count) samples, \(workload.stacks.count) stacks, \(heap.locationCount) locations, \
    \(heap.functionCount) functions, mean depth \(depths.reduce(0, +) / depths.count), max \(depths.max() ?? 0), \
    heap \(megabytes(heap.bytes.count)), cpu \(megabytes(cpu.bytes.count)), text \(megabytes(text.size))
    """)
}

let arguments = CommandLine.arguments.dropFirst()
guard let folder = arguments.first else {
  say("usage: generate FOLDER [s|m|l]...")
  exit(2)
}
let wanted = Set(arguments.dropFirst())
for shape in Shape.all where wanted.isEmpty || wanted.contains(shape.name) { try generate(shape, into: folder) }
