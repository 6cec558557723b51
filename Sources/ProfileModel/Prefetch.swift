public import CPrefetch

/// Asks memory for the cache line of an element that is needed soon: the processor goes on meanwhile. A load would do the
/// same, but holds up what comes behind it.
///
/// For random access to tables that the caches do not hold: there the waits are most of a conversion's time. An `index` outside
/// of `elements` does nothing.
///
/// Public and inlined, since a call would take longer than what it saves; it is here, and `unsafe` stands in no other file of
/// the model, because the hash index needs it, too. Of the address nothing is read or written.
@inlinable @inline(__always)
public func prefetch<Element>(_ elements: Span<Element>, at index: Int) {
  guard index >= 0, index < elements.count else { return }
  unsafe elements.withUnsafeBufferPointer { buffer in
    unsafe pprofconv_prefetch(buffer.baseAddress.map { unsafe $0 + index })
  }
}
