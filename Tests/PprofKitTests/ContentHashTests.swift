import Foundation
import TestSupport
import Testing

@testable import PprofKit

/// Against gzip(1) and sha256sum(1).
@Suite struct ContentHashTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func sha256sum(of url: URL) throws -> String {
    let script = "gzip -dcf \"$1\" | sha256sum"
    return String(try Subprocess.run(URL(filePath: "/bin/sh"), ["-c", script, "sh", url.path]).text.prefix(64))
  }

  private func compressed(_ path: String, _ level: String) throws -> URL {
    let url = folder.file("in\(level).gz")
    let data = try Data(contentsOf: Fixture.file(path))
    try Subprocess.run(URL(filePath: "/usr/bin/env"), ["gzip", level], input: data).output.write(to: url)
    return url
  }

  private static let inputs = [
    "command/heap.pb.gz", "debug1/valid/go1.27-default-heap.in", "pb/valid/go1.27-default-cpu.in",
    "gperftools-cpu/valid/gperftools-32be.in",
  ]

  @Test(arguments: inputs) func itIsOfTheInflatedContent(_ path: String) throws {
    let url = Fixture.file(path)
    let expected = try sha256sum(of: url)
    #expect(try ContentHash.ofFile(url.path) == expected)
    var options = InputOptions()
    options.hashesContent = true
    #expect(try LoadedProfile(.file(url.path), options: options).contentHash == expected)
    #expect(try LoadedProfile(.file(url.path)).contentHash == nil)
    options.recovers = true
    #expect(try LoadedProfile(.file(url.path), options: options).contentHash == expected)
  }

  @Test func anotherCompressorDoesNotChangeIt() throws {
    let text = "debug1/valid/go1.27-default-heap.in"
    let hashes = try ["-1", "-9"].map { try ContentHash.ofFile(try compressed(text, $0).path) }
    #expect(hashes == Array(repeating: try sha256sum(of: Fixture.file(text)), count: 2))
  }

  @Test func whatInflatesToMuchIsHashedAsAStream() throws {
    let size = 70 << 20
    let url = folder.file("zeros.gz")
    let made = try Subprocess.run(
      URL(filePath: "/bin/sh"), ["-c", "head -c \(size) /dev/zero | gzip -9 > \"$1\"", "sh", url.path])
    #expect(made.status == 0)
    var options = InputOptions()
    options.maxInflated = size
    #expect(try ContentHash.ofFile(url.path, options) == sha256sum(of: url))
    options.maxInflated = size - 1
    #expect(throws: ProfileError.self) { try ContentHash.ofFile(url.path, options) }
  }

  @Test func outputsAreHashedAsTheyWouldBeReadAgain() throws {
    let paths = ["a.pb.gz", "a.pb", "a.txt", "a.json", "a.csv", "b.pb.gz"].map { folder.file($0).path }
    for members in [false, true] {
      var conversion = Conversion(
        .file(Fixture.file("command/heap.pb.gz").path), to: paths.map { Destination(.file($0)) })
      conversion.options.hashesContent = true
      conversion.options.members = members
      let result = try conversion.run()
      #expect(result.outputs.count == paths.count)
      for (path, output) in zip(paths, result.outputs) {
        #expect(try output.contentHash == sha256sum(of: URL(filePath: path)), "\(path)")
        #expect(try output.contentHash == ContentHash.ofFile(path))
      }
    }
  }
}
