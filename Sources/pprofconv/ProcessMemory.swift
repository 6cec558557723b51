#if os(Linux) && canImport(Glibc)
  internal import CMalloc
  internal import Glibc
#endif

/// How this process gets its memory from the system. A library leaves that to its host, so it stands here.
enum ProcessMemory {
  /// Makes memory cheap to touch for the first time, which otherwise is a tenth of the time of a conversion: what is freed
  /// stays for the next who asks, and the heap begins in huge pages, which fault once instead of 512 times. What is never
  /// touched takes no memory. Where the system refuses any of it, all works as before, only slower.
  static func prepare() {
    #if os(Linux) && canImport(Glibc)
      let hugePage = 2 << 20
      let room = 24 << 20
      // Larger blocks stay mappings of their own, which go back at once. (glibc itself moves this limit up to there, as it
      // sees large blocks freed; it never gives this much to one that it has not yet seen.)
      _ = mallopt(M_MMAP_THRESHOLD, 32 << 20)
      _ = mallopt(M_TRIM_THRESHOLD, 64 << 20)
      // Grows the heap by `room` behind a block that it has no place for, in one piece.
      _ = mallopt(M_TOP_PAD, Int32(room))
      guard let block = unsafe malloc(1 << 20) else { return }
      _ = mallopt(M_TOP_PAD, 1 << 20)
      let start = Int(bitPattern: block)
      let first = (start + hugePage - 1) & -hugePage
      let end = (start + room) & -hugePage
      if first < end { _ = unsafe madvise(UnsafeMutableRawPointer(bitPattern: first), end - first, MADV_HUGEPAGE) }
      unsafe free(block)
    #endif
  }
}
