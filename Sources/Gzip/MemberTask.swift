import Dispatch
import Synchronization

/// Pieces of a buffer, to be made members of by several threads: whoever is free takes the next piece and writes its member
/// into that piece's slot. Borrows the buffers, which must outlive it. Sendable, because no two threads get the same piece.
@safe struct MemberTask: ~Copyable, @unchecked Sendable {
  private let data: UnsafeBufferPointer<UInt8>
  private let pieceSize: Int
  private let pieces: Int
  /// The size of a slot: what the member of a piece takes at most.
  private let bound: Int
  private let output: UnsafeMutableBufferPointer<UInt8>
  /// The sizes of the members, each written by the thread that made it.
  private let sizes: UnsafeMutableBufferPointer<Int>
  private let next = Atomic(0)

  @unsafe init(
    data: UnsafeBufferPointer<UInt8>, pieceSize: Int, pieces: Int, bound: Int, output: UnsafeMutableBufferPointer<UInt8>
  ) {
    unsafe self.data = data
    self.pieceSize = pieceSize
    self.pieces = pieces
    self.bound = bound
    unsafe self.output = output
    unsafe sizes = .allocate(capacity: pieces)
    unsafe sizes.initialize(repeating: 0)
  }

  deinit { unsafe sizes.deallocate() }

  /// Makes all members.
  borrowing func run(threads: Int, _ deflater: inout Deflater) {
    let level = deflater.level
    if threads > 1 {
      DispatchQueue.concurrentPerform(iterations: threads) { _ in
        // A thread that gets no memory leaves its share to the others; what all leave is made below.
        guard var own = try? Deflater(level: level) else { return }
        work(&own)
      }
    }
    work(&deflater)
  }

  private borrowing func work(_ deflater: inout Deflater) {
    while true {
      let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard piece < pieces else { return }
      let start = piece * pieceSize
      let bytes = unsafe UnsafeBufferPointer(rebasing: data[start..<min(start + pieceSize, data.count)])
      let slot = unsafe UnsafeMutableBufferPointer(rebasing: output[(piece * bound)..<((piece + 1) * bound)])
      unsafe sizes[piece] = unsafe deflater.writeMember(bytes.span, into: slot)
    }
  }

  /// Moves the members together; returns the size of all.
  borrowing func compact() -> Int {
    guard let base = unsafe output.baseAddress else { return 0 }
    var end = unsafe sizes[0]
    for piece in 1..<max(1, pieces) {
      let size = unsafe sizes[piece]
      unsafe (base + end).update(from: base + piece * bound, count: size)
      end += size
    }
    return end
  }
}
