import Glibc

// The few things that Foundation would be wanted for. Without it the programs start at once and stay small, which
// `compare` needs: its memory is a floor under what it measures.

public struct Failure: Error, CustomStringConvertible {
  public var description: String
  public init(_ description: String) { self.description = description }

  /// A failed call, with what errno says.
  public static func call(_ what: String) -> Failure { Failure("\(what): \(String(cString: strerror(errno)))") }
}

/// Lines on standard output, each at once, since the whole takes minutes.
public func say(_ line: String = "") {
  var bytes = Array((line + "\n").utf8)[...]
  while !bytes.isEmpty {
    let written = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    if written <= 0 { return }
    bytes.removeFirst(written)
  }
}

public func fileSize(_ path: String) -> Int? {
  var info = stat()
  return stat(path, &info) == 0 ? Int(info.st_size) : nil
}

public func readFile(_ path: String) throws -> [UInt8] {
  let descriptor = open(path, O_RDONLY)
  guard descriptor >= 0 else { throw Failure.call(path) }
  defer { close(descriptor) }
  let size = fileSize(path) ?? 0
  return try [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
    while filled < size {
      let count = read(descriptor, buffer.baseAddress?.advanced(by: filled), size - filled)
      guard count > 0 else { throw Failure.call(path) }
      filled += count
    }
  }
}

/// A file that is written from start to end.
public struct OutputFile: ~Copyable {
  private let descriptor: Int32
  private let path: String
  public private(set) var size = 0

  public init(_ path: String) throws {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    self.path = path
    guard descriptor >= 0 else { throw Failure.call(path) }
  }

  public mutating func write(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Failure.call(path) }
      rest.removeFirst(count)
      size += count
    }
  }

  deinit { close(descriptor) }
}
