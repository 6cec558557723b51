import Foundation
import TestSupport
import Testing

/// A folder with a tree `in` of profiles of several kinds, one that is cut, and one file that is no profile.
struct RecordedTree {
  let folder: TemporaryFolder
  var url: URL { folder.url }

  /// Below `in`, in the order in which a batch takes them.
  static let names = ["a/cut.pb.gz", "a/heap.pb.gz", "b/heap.txt", "b/notes.md", "cpu.pb.gz", "mutex.pb.gz"]

  init(damaged: Bool = true) throws {
    folder = try TemporaryFolder()
    for name in ["in/a", "in/b"] {
      try FileManager.default.createDirectory(at: url.appending(path: name), withIntermediateDirectories: true)
    }
    let heap = try Data(contentsOf: Fixture.file("command/heap.pb.gz"))
    try write(heap, to: "in/a/heap.pb.gz")
    if damaged { try write(heap.prefix(300), to: "in/a/cut.pb.gz") }
    try write(Data(contentsOf: Fixture.file("debug1/valid/go1.27-default-heap.in")), to: "in/b/heap.txt")
    try write(Data("# Notes\n".utf8), to: "in/b/notes.md")
    try write(Data(contentsOf: Fixture.file("pb/valid/go1.27-default-cpu.in")), to: "in/cpu.pb.gz")
    try write(Data(contentsOf: Fixture.file("pb/valid/go1.27-default-mutex.in")), to: "in/mutex.pb.gz")
  }

  func write(_ data: some DataProtocol, to name: String) throws { try Data(data).write(to: folder.file(name)) }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.file(name)), as: UTF8.self)
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder.file(name).path) }

  /// `batch` over `in`, in the folder.
  func batch(_ arguments: String..., environment: [String: String] = [:]) throws -> Subprocess.Result {
    try Command.run(["batch", "-r", "in"] + arguments, environment: environment, in: url)
  }

  /// What a shell prints that must succeed; `$P` is the command.
  @discardableResult
  func shell(_ script: String) throws -> String {
    let result = try Command.shell(script, in: url)
    try #require(result.status == 0, "\(script): \(result.text)\(result.errors)")
    return result.text
  }

  /// The lines of a manifest, or of anything else that is JSON Lines.
  func lines(_ name: String) throws -> [[String: Any]] {
    try text(name).split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  /// A manifest without its times, by the rule that its schema states.
  func timeless(_ name: String) throws -> String { try shell(#"sed 's/,"seconds":[^,}]*}$/}/' \#(name)"#) }

  /// Through the Python that `.ci/checkers` installs.
  @discardableResult
  func python(_ script: String, environment: [String: String] = [:]) throws -> String {
    let python = Repository.root.appending(path: ".build/checkers/bin/python")
    try #require(
      FileManager.default.isExecutableFile(atPath: python.path), "`make test` and .ci/checkers install .build/checkers")
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let result = try Subprocess.run(
      python, ["-c", script],
      environment: environment.merging([
        "P": Command.binary.path, "ROOT": Repository.root.path,
        "PATH": Command.binary.deletingLastPathComponent().path + ":" + path,
      ]) { $1 }, directory: url)
    try #require(result.status == 0, "\(result.text)\(result.errors)")
    return result.text
  }
}
