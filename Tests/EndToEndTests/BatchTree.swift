import Foundation
import Synchronization
import TestSupport
import Testing

/// A folder with a tree of real profiles in `in`, to be converted by a batch.
struct BatchTree {
  let folder: TemporaryFolder
  var url: URL { folder.url }

  /// - Parameter count: how many profiles, none like another: `in/N/KIND-N.pb.gz`, with a comment of its own behind Go's.
  init(_ count: Int = 0) throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(at: folder.file("in"), withIntermediateDirectories: true)
    let kinds = ["heap", "cpu", "goroutine", "mutex", "threadcreate"]
    for i in 0..<count {
      let kind = kinds[i % kinds.count]
      var data = try Heap.cached("pb/valid/go1.27-default-\(kind).in")
      // duration_nanos; the last one counts.
      data += [0x50, UInt8(i % 128) | 0x80, UInt8(i / 128 % 128) | 0x80, UInt8(1)]
      let place = folder.file("in/\(i % 7)")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try data.write(to: place.appending(path: "\(kind)-\(i).pb"))
    }
  }

  /// The fixture of a heap of 31 samples, under a path below the folder.
  func put(_ name: String, _ fixture: String = "command/heap.pb.gz") throws {
    let place = folder.file(name)
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: Fixture.file(fixture), to: place)
  }

  func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: folder.file(name)) }

  func batch(_ arguments: String...) throws -> Subprocess.Result {
    try Command.run(["batch"] + arguments, in: url)
  }

  func shell(_ script: String) throws -> Subprocess.Result { try Command.shell(script, in: url) }

  /// Every file below `name`, hidden ones too, in order.
  func files(_ name: String = "out") throws -> [String] {
    let result = try shell("[ -e '\(name)' ] && cd '\(name)' && find . ! -type d | sed 's|^./||' | LC_ALL=C sort")
    return result.text.split(separator: "\n").map(String.init)
  }

  /// One hash of all names and contents, by sha256sum(1).
  func hash(_ name: String) throws -> String {
    try shell("cd '\(name)' && find . | LC_ALL=C sort | tee /dev/stderr | xargs sha256sum 2>&1 | sha256sum").text
  }

  /// Standard error without how long it took.
  static func words(_ result: Subprocess.Result) -> String {
    result.errors.replacing(/, in \d+\.\d\d s\n/, with: "\n")
  }
}

extension Heap {
  /// A gzip'd fixture, inflated by gzip(1).
  static func cached(_ fixture: String) throws -> Data {
    try inflatedFixtures.withLock { known in
      if let data = known[fixture] { return data }
      let data = try inflated(Fixture.file(fixture))
      known[fixture] = data
      return data
    }
  }

  private static let inflatedFixtures = Mutex<[String: Data]>([:])
}
