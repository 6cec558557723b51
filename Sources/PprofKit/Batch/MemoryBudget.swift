internal import Gzip
internal import ProfileFormats
internal import ProfileModel

/// How much memory a file will take, before it is read.
struct MemoryBudget {
  private let batch: Batch
  /// For all files at once, without what the process itself and the heaps of its threads keep.
  let total: Int
  /// For one file while no other is converted, however many threads there are: what is refused must not depend on them.
  let alone: Int
  let limit: Int

  /// What a small file is taken to need: read and written, with the buffers for it.
  static let smallest = 4 << 20
  /// Up to here nobody looks into a file: even at the 1032 times that deflate reaches it stays below 64 MiB.
  private static let smallFile = 64 << 10

  /// How much less than the limit the process may have while so many texts are read: each looks once a megabyte, which may
  /// become thirty, and has yet to be written.
  func margin(_ readers: Int) -> Int { min(limit / 2, readers * (32 << 20)) }

  init(_ batch: Batch, jobs: Int) {
    self.batch = batch
    limit = batch.maxMemory ?? MemoryLimit.ofProcess()
    // Measured: the process takes 12 MiB before its first file, and a thread's heap keeps up to 8 between files.
    total = max(Self.smallest, limit - (12 << 20) - jobs * (8 << 20))
    alone = max(Self.smallest, limit - (12 << 20) - (8 << 20))
  }

  /// What a file is expected to need, at most ``total``, which it then has for itself. That of a text is a guess, and whoever
  /// reads it looks at what it takes.
  ///
  /// - Throws: where it is certainly more than one may have.
  func need(of item: BatchPlan.Item) throws(ProfileError) -> Int {
    guard item.size > Self.smallFile, item.problem == nil else { return min(Self.smallest, total) }
    // A sparse file may say that it has exabytes.
    switch estimate(item.path, min(item.size, 1 << 48)) {
    case .text(let size): return min(Self.smallest + size, total)
    case .held(let size):
      let need = Self.smallest + size
      if need <= alone { return min(need, total) }
      let mebibyte = 1 << 20
      throw ProfileError(
        .memory,
        "it needs about \(byteWords((need + mebibyte - 1) & -mebibyte)) of memory; "
          + "of \(byteWords(limit)) the process itself leaves \(byteWords(max(alone & -mebibyte, Self.smallest)))",
        hint: "`maxMemory` allows more", file: item.path)
    }
  }

  private enum Estimate {
    /// Read piece by piece: what matters is how much there is to know in it.
    case text(Int)
    /// In memory as a whole.
    case held(Int)
  }

  private func estimate(_ path: String, _ size: Int) -> Estimate {
    let head: [UInt8]
    var content: [UInt8]
    var inflated = size
    do throws(SystemError) {
      let file = try OpenFile.reading(path)
      head = try file.readFully(min(size, Self.smallFile))
      content = head
      if Gzip.isGzip(head.span) {
        content = Gzip.inflatePrefix(head.span, count: Self.smallFile).bytes
        inflated = Self.inflatedSize(size, last: try file.last(4))
      }
    } catch {
      // It cannot be read, which its conversion will say.
      return .text(0)
    }
    do throws(ProfileError) {
      guard let info = try LoadedProfile.reader(forPrefix: content, batch.inputOptions)?.info else {
        return .text(size)
      }
      return info.isProto || info.isBinary ? .held(size + 4 * inflated) : .text(Self.text(content, info.id, inflated))
    } catch {
      // No reader takes it, and so nothing of it is kept; its conversion will say what it is.
      return .text(size)
    }
  }

  /// Measured: a sample of a stack that is new takes up to 400 bytes until it is written, and all else that a text says is
  /// mostly said over and over. JSON has columns of numbers, two bytes each at least, which become eight.
  private static func text(_ head: [UInt8], _ id: FormatID, _ size: Int) -> Int {
    let base = 32 << 20
    // What a gzip claims may be more than a machine can count.
    let size = min(size, 1 << 48)
    if id == .json { return base + 2 * size }
    var samples = 0
    var isStart = true
    for (i, byte) in head.enumerated() {
      if isStart { samples += startsSample(head[i...], id) ? 1 : 0 }
      isStart = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
    return base + size / 8 + size / max(1, head.count) * samples * 400
  }

  private static func startsSample(_ line: ArraySlice<UInt8>, _ id: FormatID) -> Bool {
    if id == .debug2 { return line.starts(with: "goroutine ".utf8) }
    return switch line.first {
    case UInt8(ascii: "#"), UInt8(ascii: "\t"), UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), nil: false
    default: true
    }
  }

  /// By the size at the end of a gzip, which is right for one member of less than 4 GiB. What is less than the file itself is
  /// the size of the last of several members, unless the file is so large that the number has passed 4 GiB.
  private static func inflatedSize(_ size: Int, last: [UInt8]) -> Int {
    var inflated = last.reversed().reduce(0) { $0 << 8 | Int($1) }
    if inflated < size - size / 16, size < 1 << 30 { return size * 8 }
    while inflated < size - size / 16 { inflated += 1 << 32 }
    // Several members: the last one says nothing of the others.
    return inflated > size * 1032 ? size * 8 : inflated
  }
}
