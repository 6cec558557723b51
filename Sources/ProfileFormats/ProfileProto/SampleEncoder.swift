import ProfileModel
import ProtobufWire

/// Writes the samples. A stack and a label set are encoded where they come first; each later sample copies them from there,
/// in the output itself, so that no second copy is held.
struct SampleEncoder {
  let columns: ProfileColumns
  let order: StringOrder
  let hasUnknownSamples: Bool
  let hasUnknownLabels: Bool

  /// A run of fields that many samples have in common.
  private struct Shared {
    /// Where it stands in the output; −1 until it does.
    var at = -1
    var size = 0
  }

  /// A sample that is about to be written.
  private struct Pending {
    var size = 0
    var valuesPayload = 0
    /// Where its stack stands already, or −1, and the first and the last eight bytes there.
    var stackAt = -1
    var stackSize = 0
    var stackStart: UInt64 = 0
    var stackEnd: UInt64 = 0
  }

  private static let batch = 32
  /// What a sample takes beside its content, and what the stores by word may touch behind it.
  private static let slack = 28

  init(_ columns: ProfileColumns, _ order: StringOrder) {
    self.columns = columns
    self.order = order
    var (samples, labels) = (false, false)
    for entry in columns.unknownFields.entries {
      if case .sample = entry.owner { samples = true }
      if case .label = entry.owner { labels = true }
    }
    hasUnknownSamples = samples
    hasUnknownLabels = labels
  }

  /// All samples, behind `head`; room is reserved for `more` bytes to be appended.
  func encode(behind head: [UInt8], reserving more: Int) -> [UInt8] {
    var stacks = [Shared](repeating: Shared(), count: columns.stackCount)
    var labelSets = [Shared](repeating: Shared(), count: columns.labelSetCount)
    for i in stacks.indices { stacks[i].size = stackSize(i) }
    for i in labelSets.indices { labelSets[i].size = labelSetSize(i) }
    var shared = stacks.mutableSpan
    var sets = labelSets.mutableSpan

    let total = head.count &+ totalSize(shared.span, sets.span)
    // Bytes are made in pieces that stay in the cache until they are overwritten.
    let window = min(1 << 16, total &+ Self.slack)
    var output = head
    output.reserveCapacity(total &+ more &+ window &+ Self.slack)
    var pending = [Pending](repeating: Pending(), count: Self.batch)
    var batch = pending.mutableSpan
    var at = output.count
    var next = 0
    while next < columns.sampleCount {
      let need = sampleSize(next, shared.span, sets.span).size &+ Self.slack
      let end = max(output.count, at &+ max(window, need))
      output.append(contentsOf: repeatElement(0, count: end &- output.count))
      var bytes = output.mutableSpan
      var written = 0
      repeat {
        written = write(from: next, to: &bytes, at: &at, &shared, &sets, &batch)
        next &+= written
      } while written > 0
    }
    output.removeLast(output.count &- at)
    return output
  }

  private func totalSize(_ stacks: Span<Shared>, _ sets: Span<Shared>) -> Int {
    var total = 0
    for i in 0..<columns.sampleCount {
      let size = sampleSize(i, stacks, sets).size
      total &+= 1 &+ Varint.size(UInt64(size)) &+ size
    }
    return total
  }

  /// The size of a sample's content, and of its values alone.
  @inline(__always)
  private func sampleSize(_ sample: Int, _ stacks: Span<Shared>, _ sets: Span<Shared>) -> (size: Int, payload: Int) {
    let payload = valuesPayload(sample)
    let count = columns.sampleTypes.count
    var size = count > 2 ? 1 &+ Varint.size(UInt64(payload)) &+ payload : payload &+ count
    size &+= stacks[columns.sampleStacks[sample].position].size
    size &+= sets[columns.sampleLabels[sample].position].size
    if hasUnknownSamples, let unknown = columns.unknownFields[.sample(sample)] { size &+= unknown.count }
    return (size, payload)
  }

  /// Writes the next samples, as many as a batch holds and as there is room for. Returns how many.
  ///
  /// First it asks memory for the stacks of all of them, so that the waits overlap; then it writes.
  @_lifetime(bytes: copy bytes) @_lifetime(stacks: copy stacks) @_lifetime(sets: copy sets)
  @_lifetime(batch: copy batch)
  private func write(
    from first: Int, to bytes: inout MutableSpan<UInt8>, at position: inout Int, _ stacks: inout MutableSpan<Shared>,
    _ sets: inout MutableSpan<Shared>, _ batch: inout MutableSpan<Pending>
  ) -> Int {
    var room = bytes.count &- position
    let most = min(Self.batch, columns.sampleCount &- first)
    var count = 0
    // Of the batch behind this one where its stacks stand, and of this one what stands there.
    for sample in first &+ most..<min(first &+ most &+ Self.batch, columns.sampleCount) {
      prefetch(stacks.span, at: columns.sampleStacks[sample].position)
    }
    for sample in first..<first &+ most {
      let known = stacks[columns.sampleStacks[sample].position].at
      prefetch(bytes.span, at: known)
      prefetch(bytes.span, at: known &+ 64)
    }
    while count < most {
      let (size, payload) = sampleSize(first &+ count, stacks.span, sets.span)
      room &-= size &+ Self.slack
      if room < 0 { break }
      let stack = stacks[columns.sampleStacks[first &+ count].position]
      batch[count].size = size
      batch[count].valuesPayload = payload
      batch[count].stackAt = stack.at
      batch[count].stackSize = stack.size
      // No branch here: it would wait for what the loads are to fetch.
      let known = max(0, stack.at)
      batch[count].stackStart = loadWord(bytes.span, at: known)
      batch[count].stackEnd = loadWord(bytes.span, at: known &+ max(0, stack.size &- 8) & (stack.at < 0 ? 0 : -1))
      count &+= 1
    }
    var at = position
    for i in 0..<count {
      let sample = first &+ i
      bytes[at] = 0x12
      at = storeVarint(UInt64(batch[i].size), in: &bytes, at: at &+ 1)
      if batch[i].stackAt >= 0 {
        let size = batch[i].stackSize
        storeWord(batch[i].stackStart, in: &bytes, at: at)
        _ = copyWords(from: batch[i].stackAt &+ 8, count: size &- 16, in: &bytes, to: at &+ 8)
        if size >= 8 { storeWord(batch[i].stackEnd, in: &bytes, at: at &+ size &- 8) }
        at &+= size
      } else {
        at = writeStack(columns.sampleStacks[sample].position, to: &bytes, at: at, &stacks)
      }
      at = writeValues(sample, payload: batch[i].valuesPayload, to: &bytes, at: at)
      let set = columns.sampleLabels[sample].position
      if set != 0 { at = writeLabels(set, to: &bytes, at: at, &sets) }
      if hasUnknownSamples, let unknown = columns.unknownFields[.sample(sample)] {
        at = store(unknown, in: &bytes, at: at)
      }
    }
    position = at
    return count
  }

  @inline(__always) @_lifetime(bytes: copy bytes) @_lifetime(stacks: copy stacks)
  private func writeStack(
    _ stack: Int, to bytes: inout MutableSpan<UInt8>, at: Int, _ stacks: inout MutableSpan<Shared>
  ) -> Int {
    // It may be new to the batch and no longer be so now.
    let shared = stacks[stack]
    if shared.at >= 0 { return copyWords(from: shared.at, count: shared.size, in: &bytes, to: at) }
    stacks[stack].at = at
    return encodeStack(stack, to: &bytes, at: at)
  }

  @inline(__always) @_lifetime(bytes: copy bytes) @_lifetime(sets: copy sets)
  private func writeLabels(
    _ set: Int, to bytes: inout MutableSpan<UInt8>, at: Int, _ sets: inout MutableSpan<Shared>
  ) -> Int {
    let shared = sets[set]
    if shared.at >= 0 { return copyWords(from: shared.at, count: shared.size, in: &bytes, to: at) }
    sets[set].at = at
    return encodeLabels(set, to: &bytes, at: at)
  }
}
