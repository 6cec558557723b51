import Foundation
import TestSupport
import Testing

/// The built command, as a shell meets it.
enum Command {
  /// Beside the test bundle, whatever the build folder is called.
  static let binary: URL = {
    let bundle = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let folder = URL(filePath: bundle ?? CommandLine.arguments[0]).deletingLastPathComponent()
    return folder.appending(path: "pprofconv")
  }()

  static func run(
    _ arguments: String..., input: Data? = nil, environment: [String: String] = [:], in folder: URL? = nil
  ) throws -> Subprocess.Result {
    try run(arguments, input: input, environment: environment, in: folder)
  }

  static func run(
    _ arguments: [String], input: Data? = nil, environment: [String: String] = [:], in folder: URL? = nil
  ) throws -> Subprocess.Result {
    try Subprocess.run(binary, arguments, input: input, environment: environment, directory: folder)
  }

  /// Through `sh`, for redirections and pipes; `$P` is the command.
  static func shell(_ script: String, in folder: URL, environment: [String: String] = [:]) throws -> Subprocess.Result {
    try Subprocess.run(
      URL(filePath: "/bin/sh"), ["-c", script], environment: environment.merging(["P": binary.path]) { $1 },
      directory: folder)
  }
}

/// A folder with a heap profile of 31 samples: `go.pb.gz` as Go's runtime wrote it, `heap.pb.gz` and `heap.pb` as pprof
/// writes it, and `heap.txt`, the runtime's text of the same instant.
struct Heap {
  let folder: TemporaryFolder
  var url: URL { folder.url }

  init() throws {
    folder = try TemporaryFolder()
    let files = FileManager.default
    try files.copyItem(at: Fixture.file("command/heap.pb.gz"), to: folder.file("go.pb.gz"))
    try files.copyItem(at: Fixture.file("debug1/valid/go1.27-default-heap.in"), to: folder.file("heap.txt"))
    let made = folder.file("heap.pb.gz")
    _ = try #require(try Pprof.run(["-proto", "-output=" + made.path], folder.file("go.pb.gz")))
    try Self.inflated(made).write(to: folder.file("heap.pb"))
  }

  func path(_ name: String) -> String { folder.file(name).path }
  func bytes(_ name: String) throws -> Data { try Data(contentsOf: folder.file(name)) }
  func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: folder.file(name)) }

  /// Names in the folder, hidden ones too, in order.
  var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() } }

  /// Through gzip(1), which we did not write.
  static func inflated(_ file: URL) throws -> Data {
    try Subprocess.run(URL(filePath: "/usr/bin/env"), ["gzip", "-dc", file.path]).output
  }

  /// Compressed by gzip(1).
  static func deflated(_ data: Data) throws -> Data {
    try Subprocess.run(URL(filePath: "/usr/bin/env"), ["gzip", "-c"], input: data).output
  }
}
