public import Foundation

/// Runs a program to its end and gives what it wrote: tests hold us against programs that we did not write.
public enum Subprocess {
  public struct Result: Sendable {
    public var status: Int32
    public var output: Data
    public var errors: String
    /// The signal that ended it, if one did.
    public var signal: Int32?

    public var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// - Parameters:
  ///   - input: given on standard input; nil: `/dev/null`.
  ///   - environment: added to the test's own.
  public static func run(
    _ program: URL, _ arguments: [String], input: Data? = nil, environment: [String: String] = [:],
    directory: URL? = nil
  ) throws -> Result {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    if let directory { process.currentDirectoryURL = directory }
    // Files, not pipes: nothing can block on a full one.
    let folder = try TemporaryFolder()
    let out = folder.url.appending(path: "out")
    let err = folder.url.appending(path: "err")
    try Data().write(to: out)
    try Data().write(to: err)
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    if let input {
      let file = folder.url.appending(path: "in")
      try input.write(to: file)
      process.standardInput = try FileHandle(forReadingFrom: file)
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    try process.run()
    process.waitUntilExit()
    let signalled = process.terminationReason == .uncaughtSignal
    return Result(
      status: process.terminationStatus, output: try Data(contentsOf: out),
      errors: String(decoding: try Data(contentsOf: err), as: UTF8.self),
      signal: signalled ? process.terminationStatus : nil)
  }
}

/// A folder that is gone when the test is done with it.
public final class TemporaryFolder: Sendable {
  public let url: URL

  public init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "pprofconv-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  public func file(_ name: String) -> URL { url.appending(path: name) }
}
