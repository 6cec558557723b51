public import Foundation

/// The real pprof of Go 1.27.3, as `.ci/pprof` builds it. Never another version, never a mock.
public enum Pprof {
  public static var binary: URL {
    get throws {
      let url = Repository.root.appending(path: ".build/pprof/pprof")
      guard FileManager.default.isExecutableFile(atPath: url.path) else {
        throw TestSupportError("no pprof at .build/pprof/pprof: `make test` builds it, and so does .ci/pprof")
      }
      return url
    }
  }

  /// What pprof prints for a file, or nil where it refuses the file.
  public static func run(_ options: [String], _ file: URL, timeZone: String = "UTC") throws -> String? {
    // PPROF_BINARY_PATH keeps it from looking for the profiled program on this machine.
    let result = try Subprocess.run(
      binary, ["-symbolize=none"] + options + [file.path],
      environment: ["PPROF_BINARY_PATH": "/nonexistent", "TZ": timeZone])
    return result.status == 0 ? result.text : nil
  }

  /// `-raw`: every sample, location and mapping, as pprof understood the file.
  public static func raw(_ file: URL) throws -> String? { try run(["-raw"], file) }
}

public struct TestSupportError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
