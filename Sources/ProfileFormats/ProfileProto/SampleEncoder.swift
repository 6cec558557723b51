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

  /// How many samples ahead memory is asked for what a sample takes.
  private static let ahead = 32
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
    var at = output.count
    var next = 0
    while next < columns.sampleCount {
      let need = sampleSize(next, shared.span, sets.span).size &+ Self.slack
      let end = max(output.count, at &+ max(window, need))
      output.append(contentsOf: repeatElement(0, count: end &- output.count))
      var bytes = output.mutableSpan
      next = write(from: next, to: &bytes, at: &at, &shared, &sets)
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

  /// Writes samples as long as there is room; returns the first that has none.
  @_lifetime(bytes: copy bytes) @_lifetime(stacks: copy stacks) @_lifetime(sets: copy sets)
  private func write(
    from first: Int, to bytes: inout MutableSpan<UInt8>, at position: inout Int, _ stacks: inout MutableSpan<Shared>,
    _ sets: inout MutableSpan<Shared>
  ) -> Int {
    var at = position
    var sample = first
    while sample < columns.sampleCount {
      lookAhead(from: sample, bytes.span, stacks.span)
      let (size, payload) = sampleSize(sample, stacks.span, sets.span)
      if size &+ Self.slack > bytes.count &- at { break }
      bytes[at] = 0x12
      at = storeVarint(UInt64(size), in: &bytes, at: at &+ 1)
      at = writeStack(columns.sampleStacks[sample].position, to: &bytes, at: at, &stacks)
      at = writeValues(sample, payload: payload, to: &bytes, at: at)
      let set = columns.sampleLabels[sample].position
      if set != 0 { at = writeLabels(set, to: &bytes, at: at, &sets) }
      if hasUnknownSamples, let unknown = columns.unknownFields[.sample(sample)] {
        at = store(unknown, in: &bytes, at: at)
      }
      sample &+= 1
    }
    position = at
    return sample
  }

  /// Asks memory for the stacks of samples to come: where each stands, and before it is needed, what stands there.
  @inline(__always)
  private func lookAhead(from sample: Int, _ bytes: Span<UInt8>, _ stacks: Span<Shared>) {
    guard sample &+ 2 &* Self.ahead < columns.sampleCount else { return }
    prefetch(stacks, at: columns.sampleStacks[sample &+ 2 &* Self.ahead].position)
    let known = stacks[columns.sampleStacks[sample &+ Self.ahead].position].at
    prefetch(bytes, at: known)
    prefetch(bytes, at: known &+ 64)
  }

  @inline(__always) @_lifetime(bytes: copy bytes) @_lifetime(stacks: copy stacks)
  private func writeStack(
    _ stack: Int, to bytes: inout MutableSpan<UInt8>, at: Int, _ stacks: inout MutableSpan<Shared>
  ) -> Int {
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
