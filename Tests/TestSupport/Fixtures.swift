public import Foundation
public import Testing

public enum Repository {
  /// The checkout that the tests were compiled in.
  public static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

/// Files under `Fixtures/<format>/valid` and `…/invalid`; `Fixtures/README.md` says where each comes from.
public struct Fixture: Sendable, CustomTestStringConvertible {
  public let url: URL

  /// The name without its folder and ending, for the test's title.
  public var name: String { url.deletingPathExtension().lastPathComponent }
  public var testDescription: String { url.pathComponents.suffix(3).joined(separator: "/") }

  public var bytes: [UInt8] { get throws { Array(try Data(contentsOf: url)) } }

  /// One file by its path under `Fixtures`, such as `debug1/valid/go1.27-default-heap.in`.
  public static func named(_ path: String) -> Fixture { Fixture(url: file(path)) }

  /// The text of the file beside it that has another ending: `golden`, `error`.
  public func beside(_ ending: String) throws -> String {
    String(decoding: try Data(contentsOf: url.deletingPathExtension().appendingPathExtension(ending)), as: UTF8.self)
  }

  public static func file(_ path: String) -> URL { Repository.root.appending(path: "Fixtures").appending(path: path) }

  /// The `.in` files of a folder such as `debug1/valid`, by name. An empty folder is a broken checkout: it has no tests to
  /// pass, and so it throws.
  public static func all(_ folder: String) throws -> [Fixture] {
    let found = try FileManager.default.contentsOfDirectory(at: file(folder), includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "in" }
      .sorted { $0.path < $1.path }
    if found.isEmpty { throw TestSupportError("no fixtures in Fixtures/\(folder)") }
    return found.map(Fixture.init)
  }
}
