import Foundation
import PprofKit
import TestSupport
import Testing

@Suite struct ConversionTests {
  private let folder: TemporaryFolder
  private let heap = Fixture.file("command/heap.pb.gz").path
  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { folder.file(name).path }

  @Test func filesAreReadChangedAndWritten() throws {
    let profile = try Profile(contentsOf: heap)
    let losses = try profile.write(to: path("a.pb.gz"))
    #expect(losses.isEmpty)
    #expect(try Profile(contentsOf: path("a.pb.gz")).sampleCount == profile.sampleCount)
    // The ending is the runtime's own, the content its text.
    #expect(try !profile.write(to: path("a.txt"), as: .text).isEmpty)
    #expect(try Data(contentsOf: folder.file("a.txt")).starts(with: Data("heap profile: ".utf8)))
  }

  @Test func aResultTellsWhatWasReadAndWritten() throws {
    let result = try Conversion(
      .file(heap), to: [Destination(.file(path("a.pb"))), Destination(argument: "text:" + path("b"))]
    ).run()
    #expect(result.format.id == .pbGz)
    #expect(result.isGzip)
    #expect(result.sampleCount == 31)
    #expect(result.outputs.map(\.format.id) == [.pb, .text])
    #expect(result.outputs.map(\.sampleCount) == [31, 23])
    #expect(result.outputs[0].losses.isEmpty)
    #expect(result.outputs[1].losses.entries.contains { $0.field == "start lines" && $0.count == 47 })
  }

  @Test func checkComparesWithoutWriting() throws {
    let conversion = Conversion(.file(heap), to: [Destination(.file(path("a.pb.gz")))])
    #expect(try conversion.check().outputs.map(\.isCurrent) == [false])
    #expect(!FileManager.default.fileExists(atPath: path("a.pb.gz")))
    try conversion.run()
    #expect(try conversion.check().outputs.map(\.isCurrent) == [true])
    try Data([0x1f, 0x8b, 8, 0]).write(to: folder.file("a.pb.gz"))
    #expect(try conversion.check().outputs.map(\.isCurrent) == [false])
  }

  /// What `batch` will do: many at once share nothing.
  @Test func manyRunAtOnceWithEqualResults() async throws {
    let one = try Profile(contentsOf: heap).data(as: .text)
    let results = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for i in 0..<24 {
        group.addTask {
          let file = path("\(i).txt")
          try Conversion(.file(heap), to: [Destination(.file(file))]).run()
          return Array(try Data(contentsOf: URL(filePath: file)))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count == 24)
    #expect(results.allSatisfy { $0 == one })
  }

  @Test func errorsNameTheirFile() {
    let error = #expect(throws: ProfileError.self) { try Profile(contentsOf: path("none")) }
    #expect(error?.code == .unreadable)
    #expect(error?.file == path("none"))
    let unknown = #expect(throws: ProfileError.self) { try Profile(bytes: [1, 2, 3], options: .init()) }
    #expect(unknown?.file == "<bytes>")
  }

  @Test(arguments: [
    ("a.pb.gz", "pb.gz"), ("x/a.PB", "pb"), ("a.txt", "text"), ("a.debug1.txt", "debug1"), ("a.pprof", "pb.gz"),
  ])
  func theEndingTellsTheFormat(_ name: String, _ format: String) throws {
    let result = try Conversion(.file(heap), to: [Destination(.file(path((name as NSString).lastPathComponent)))]).run()
    #expect(result.outputs[0].format.id.rawValue == format)
  }

  @Test func aDestinationIsParsedAsTheCommandHasIt() {
    #expect(Destination(argument: "-") == Destination(.standardOutput))
    #expect(Destination(argument: "pb:-") == Destination(.standardOutput, as: .pb))
    #expect(Destination(argument: "C:x.pb") == Destination(.file("C:x.pb")))
    #expect(Destination(argument: "text:a:b") == Destination(.file("a:b"), as: .text))
    // An alias is the format that it stands for.
    #expect(Destination(argument: "proto:a") == Destination(.file("a"), as: .pb))
  }
}
