internal import Gzip
internal import ProfileFormats
internal import ProfileModel

/// How much memory a file will take, before it is read.
struct MemoryBudget {
  private let batch: Batch
  /// For all files at once, without what the process itself and the heaps of its threads keep.
  let total: Int
  private let limit: Int

  /// What a small file is taken to need: read and written, with the buffers for it.
  static let smallest = 4 << 20
  /// Up to here nobody looks into a file: even at the 1032 times that deflate reaches it stays below 64 MiB.
  private static let smallFile = 64 << 10

  init(_ batch: Batch, jobs: Int) {
    self.batch = batch
    limit = batch.maxMemory ?? MemoryLimit.ofProcess()
    // Measured: the process takes 12 MiB before its first file, and a thread's heap keeps up to 8 between files.
    total = max(Self.smallest, limit - (12 << 20) - jobs * (8 << 20))
  }

  /// What a file is expected to need.
  ///
  /// - Throws: where it is more than all may have.
  func need(of item: BatchPlan.Item, _ writers: [any ProfileWriter]) throws(ProfileError) -> Int {
    guard item.size > Self.smallFile, item.problem == nil else { return min(Self.smallest, total) }
    // A sparse file may say that it has exabytes.
    let need = Self.smallest + estimate(item.path, min(item.size, 1 << 48))
    if need <= total { return need }
    throw ProfileError(
      .limit, "it needs about \(byteWords(need & -(1 << 20))) of memory, more than the \(byteWords(limit)) for all",
      hint: "`maxMemory` allows more", file: item.path)
  }

  private func estimate(_ path: String, _ size: Int) -> Int {
    do throws(SystemError) {
      let file = try OpenFile.reading(path)
      let head = try file.readFully(min(size, Self.smallFile))
      var content = head
      var inflated = size
      if Gzip.isGzip(head.span) {
        content = Gzip.inflatePrefix(head.span, count: 16 << 10).bytes
        inflated = Self.inflatedSize(size, last: try file.last(4))
      }
      let reader = try? LoadedProfile.reader(forPrefix: content, batch.inputOptions)
      guard let reader else { return size }
      return reader.info.isProto || reader.info.isBinary ? size + 4 * inflated : (32 << 20) + inflated / 2
    } catch {
      // It cannot be read, which its conversion will say.
      return 0
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
