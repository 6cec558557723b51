import Gzip
import ProfileAnalysis
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

/// A stack as protobuf-c reads it: of each location the mapping's file and the address in it, and the lines with their
/// functions' names. No ids.
private func stack(_ sample: PlainProfile.Sample, _ locations: [UInt64: String]) -> String {
  sample.locations.map { locations[$0] ?? "?" }.joined(separator: "\n")
}

private func locations(_ profile: PlainProfile) -> [UInt64: String] {
  let functions = Dictionary(uniqueKeysWithValues: profile.functions.map { ($0.id, $0) })
  let mappings = Dictionary(uniqueKeysWithValues: profile.mappings.map { ($0.id, $0) })
  return Dictionary(
    uniqueKeysWithValues: profile.locations.map { location in
      let lines = location.lines.map { line in
        let function = functions[line.function]
        return
          "\(function?.name ?? []) \(function?.systemName ?? []) \(function?.file ?? []) \(function?.startLine ?? 0) \(line.line) \(line.column)"
      }
      let mapping = mappings[location.mapping]
      let place = mapping.map { "\($0.file) \($0.buildID) \(location.address &- $0.start)" } ?? "\(location.address)"
      return (location.id, "\(place) \(location.isFolded) \(lines)")
    })
}

private func decode(_ fixture: Fixture) throws -> [UInt8] {
  let bytes = try fixture.bytes
  return bytes.starts(with: [0x1f, 0x8b]) ? try Gzip.inflate(bytes, maximumSize: 1 << 30) : bytes
}

@Test(arguments: try Fixture.all("pb/valid"))
func groupingByStackGivesTheSumsOfProtobufCsReading(fixture: Fixture) throws {
  let bytes = try decode(fixture)
  let input = try #require(ProtobufC(bytes)).profile
  var diagnostics = Diagnostics()
  let grouped = try ProfileProto.decode(bytes, diagnostics: &diagnostics).grouped(by: .stack).profile
  let output = try #require(ProtobufC(ProfileProto.encode(grouped))).profile

  let inputLocations = locations(input)
  var expected: [String: [Int64]] = [:]
  for sample in input.samples {
    let key = stack(sample, inputLocations)
    expected[key] = zip(expected[key] ?? [Int64](repeating: 0, count: sample.values.count), sample.values).map(+)
  }
  let outputLocations = locations(output)
  let found = output.samples.map { (stack($0, outputLocations), $0.values) }
  #expect(found.count == expected.count, "each stack once")
  #expect(Dictionary(found) { first, _ in first } == expected)
}
