import ProfileModel

/// Builds a profile from the lines of a jemalloc text behind the first one. See ``Jemalloc``.
struct JemallocParser: ~Copyable {
  private let rate: Int64
  private var builder = ProfileBuilder()
  private var map = MemoryMap()
  private var isInMap = false
  private var hasAlloc = false

  /// Names of threads, by their numbers as they stand in the text.
  private var threadNames: [[UInt8]: StringIndex] = [:]

  // The stack at hand; nil: the lines before the first.
  private var stack: StackIndex?
  private var all: HeapValues?
  private var hasThreads = false

  private let threadKey: StringIndex
  private let nameKey: StringIndex
  private let bytesKey: StringIndex
  private var addresses: [UInt64] = []
  private var locations: [LocationIndex] = []

  init(rate: Int64) {
    self.rate = rate
    threadKey = builder.string("thread")
    nameKey = builder.string("thread_name")
    bytesKey = builder.string("bytes")
  }

  mutating func take(
    _ line: Range<Int>, _ lines: borrowing TextLines, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    let bytes = lines.bytes
    let text = TextBytes.trimmed(bytes, line)
    if isInMap {
      try map.add(lines)
    } else if text.isEmpty {
      endStack(&diagnostics)
    } else if MemoryMap.isSentinel(bytes, text) {
      endStack(&diagnostics)
      isInMap = true
    } else if bytes[text.lowerBound] == UInt8(ascii: "#") {
      builder.columns.comments.append(builder.string(bytes.extracting(text)))
    } else if bytes[text.lowerBound] == UInt8(ascii: "@") {
      endStack(&diagnostics)
      try beginStack(text, lines, &diagnostics)
    } else if let thread = JemallocThread(bytes, text) {
      try take(thread, text, lines)
    } else {
      throw ProfileError(
        .malformed, "neither a stack, `@ 0x401000 …`, nor its numbers, `t0: 1: 16 [0: 0]`",
        at: lines.place(at: text.lowerBound))
    }
  }

  // MARK: Stacks

  private mutating func beginStack(
    _ text: Range<Int>, _ lines: borrowing TextLines, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    let bytes = lines.bytes
    addresses.removeAll(keepingCapacity: true)
    do {
      let run = try AddressRun(bytes, text.lowerBound + 1..<text.upperBound, into: &addresses)
      run.tell(bytes, text, lines, &diagnostics)
    } catch {
      throw error.error(lines)
    }
    locations.removeAll(keepingCapacity: true)
    for address in addresses { locations.append(builder.location(Location(address: address &- 1), lines: [])) }
    stack = builder.stack(locations)
    all = nil
    hasThreads = false
  }

  private mutating func take(
    _ thread: JemallocThread, _ text: Range<Int>, _ lines: borrowing TextLines
  ) throws(ProfileError) {
    let bytes = lines.bytes
    let values: HeapValues
    do {
      values = try thread.values(bytes)
    } catch {
      throw ProfileError(.malformed, error.message, at: lines.place(at: error.at))
    }
    if values.allocObjects != 0 || values.allocBytes != 0 { hasAlloc = true }
    guard let stack else {
      if let number = thread.number, !thread.name.isEmpty {
        threadNames[TextBytes.copy(bytes, number)] = builder.string(bytes.extracting(thread.name))
      }
      return
    }
    guard let number = thread.number else {
      all = values
      return
    }
    hasThreads = true
    var labels = [Label(key: threadKey, str: builder.string(bytes.extracting(number)))]
    if let name = threadNames[TextBytes.copy(bytes, number)] { labels.append(Label(key: nameKey, str: name)) }
    add(values, stack, labels)
  }

  /// A stack has the lines of its threads, or the one of all.
  private mutating func endStack(_ diagnostics: inout Diagnostics) {
    guard let stack else { return }
    if !hasThreads, let all {
      add(all, stack, [])
    } else if !hasThreads {
      diagnostics.addLoss(kind: "no-numbers", "a stack without numbers is left out")
    }
    self.stack = nil
  }

  private mutating func add(_ values: HeapValues, _ stack: StackIndex, _ labels: [Label]) {
    var labels = labels
    labels.append(Label(key: bytesKey, num: values.objectSize))
    let scaled = values.unsampled(rate: rate)
    builder.add(
      stack: stack,
      values: [scaled.allocObjects, scaled.allocBytes, scaled.inuseObjects, scaled.inuseBytes],
      labels: builder.labelSet(labels))
  }

  // MARK: The end

  consuming func finish(_ diagnostics: inout Diagnostics) throws(ProfileError) -> Profile {
    endStack(&diagnostics)
    // (The sums of the first lines tell nothing: jemalloc corrects each line's numbers for its own sampling.)
    if !isInMap {
      diagnostics.addLoss(
        kind: "no-memory-map",
        "no memory map stands behind the stacks: the text was cut, or its writer could not read it")
    }
    builder.columns.periodType = ValueType(type: builder.string("space"), unit: bytesKey)
    builder.columns.period = rate
    let types =
      hasAlloc
      ? [("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes")]
      : [("objects", "count"), ("space", "bytes")]
    for (type, unit) in types {
      builder.columns.sampleTypes.append(ValueType(type: builder.string(type), unit: builder.string(unit)))
    }
    var columns = ProfileColumns()
    swap(&columns, &builder.columns)
    if !hasAlloc {
      let values = columns.values
      columns.values = []
      columns.values.reserveCapacity(values.count / 2)
      for at in values.indices where at % 4 >= 2 { columns.values.append(values[at]) }
    }
    map.apply(to: &columns)
    map.tell(&diagnostics)
    LegacyFrames.heap.set(on: &columns)
    return try Profile(columns)
  }
}

/// `t3: 1: 16 [0: 0]`, perhaps with the thread's name behind; `t*` stands for all threads.
struct JemallocThread {
  /// The digits; nil: all threads.
  var number: Range<Int>?
  var name: Range<Int>
  private var numbers: HeapCursor.Numbers

  /// nil where the line is another.
  init?(_ bytes: Span<UInt8>, _ text: Range<Int>) {
    guard bytes[text.lowerBound] == UInt8(ascii: "t") else { return nil }
    var at = text.lowerBound + 1
    if at < text.upperBound, bytes[at] == UInt8(ascii: "*") {
      at += 1
    } else {
      let end = TextBytes.digits(bytes, from: at, to: text.upperBound)
      if end == at { return nil }
      number = at..<end
      at = end
    }
    guard at < text.upperBound, bytes[at] == UInt8(ascii: ":") else { return nil }
    var cursor = HeapCursor(bytes.extracting(0..<text.upperBound), at: at + 1)
    guard let numbers = cursor.fourNumbers() else { return nil }
    self.numbers = numbers
    name = TextBytes.trimmed(bytes, cursor.at..<text.upperBound)
  }

  struct Fault: Error {
    var message: String
    var at: Int
  }

  func values(_ bytes: Span<UInt8>) throws(Fault) -> HeapValues {
    func number(_ range: Range<Int>) throws(Fault) -> Int64 {
      guard let value = TextBytes.decimal(bytes, range) else {
        throw Fault(message: "the number does not fit in 64 bits", at: range.lowerBound)
      }
      return value
    }
    return HeapValues(
      allocObjects: try number(numbers.allocObjects), allocBytes: try number(numbers.allocBytes),
      inuseObjects: try number(numbers.inuseObjects), inuseBytes: try number(numbers.inuseBytes))
  }
}
