#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How much room a whole file is given to inflate into. The file's own word for its size is a hint: it wraps at 4 GiB, tells
/// of the last member only, and whoever made the file may have written anything.
struct InflateRoom {
  let maximumSize: Int
  let extra: Int
  /// What is believed without measuring: profiles inflate to 2…10 times their size, a bomb to 1032 times.
  private let believed: Int

  init(_ data: Span<UInt8>, maximumSize: Int, extra: Int) {
    self.maximumSize = maximumSize
    self.extra = extra
    believed = min(maximumSize, max(32 << 20, 16 * data.count))
  }

  /// The room to begin with.
  func first(_ data: Span<UInt8>) throws(GzipError) -> Int {
    // Less than the smallest file: the error says what is wrong.
    guard data.count >= 18 else { return min(believed, 64) }
    let hint = Int(data.littleEndian32(at: data.count - 4))
    if hint > believed { return try measure(data) }
    // Deflate adds 5 bytes to 64 KiB at worst. A hint below that is of the last of several members, or wrapped.
    if hint + hint >> 10 + 1024 < data.count { return min(believed, 4 * data.count) }
    return hint
  }

  /// The room to go on with, where `capacity` was too small; nil where it cannot be.
  func next(_ data: Span<UInt8>, after capacity: Int, consumed: Int, produced: Int) throws(GzipError) -> Int? {
    guard capacity < believed else {
      let exact = try measure(data)
      return exact > capacity ? exact : nil
    }
    // The members so far tell of the rest.
    let ratio = Double(produced) / Double(max(1, consumed))
    let estimate = Int(min(Double(believed), ratio * Double(data.count) * 1.1))
    return min(believed, max(estimate, 2 * capacity, 4096))
  }

  /// Inflates all without keeping it, to know the size or the error.
  private func measure(_ data: Span<UInt8>) throws(GzipError) -> Int {
    guard var inflater = MemberInflater() else { throw GzipError(.noMemory, offset: 0) }
    var position = 0
    var failure: GzipError?
    _ = unsafe [UInt8](unsafeUninitializedCapacity: 256 << 10) { buffer, _ in
      while true {
        var count = 0
        switch unsafe inflater.run(data, from: &position, into: buffer, count: &count) {
        case .needInput where inflater.isAtEnd: break
        case .needInput: failure = inflater.truncated()
        case .failed(let error): failure = error
        case .full:
          if inflater.produced <= maximumSize { continue }
        }
        return
      }
    }
    if inflater.produced > maximumSize {
      throw GzipError(.limit(maximumSize), offset: inflater.consumed, inflated: maximumSize)
    }
    if let failure { throw failure }
    return inflater.produced
  }

  /// A large array that the system refuses would end the process: asks first.
  func probe(_ capacity: Int) throws(GzipError) {
    let (size, overflow) = capacity.addingReportingOverflow(extra)
    guard !overflow else { throw GzipError(.noMemory, offset: 0) }
    guard size >= 32 << 20 else { return }
    guard let block = unsafe malloc(size) else { throw GzipError(.noMemory, offset: 0) }
    unsafe free(block)
  }
}
