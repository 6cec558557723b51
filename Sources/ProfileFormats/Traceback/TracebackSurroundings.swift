import ProfileModel

/// What stands before the goroutines and behind them: why the program crashed, the stack of the runtime, registers. Kept
/// line by line in comments, which reports do not show.
struct TracebackSurroundings {
  /// Where the signal stopped the thread: `PC=` of the preamble. 0: not told.
  private(set) var trapPC: UInt64 = 0
  /// How many lines were too many to keep.
  private(set) var dropped = 0
  /// The lines since the last goroutine; an empty one between blocks.
  private var lines: [[UInt8]] = []
  private var isInBlock = false
  /// Whether a program panicked in them, with a value that may have many lines.
  private(set) var hasValue = false
  private var size = 0

  /// A panic's value may be as long as it likes.
  private static let maxSize = 1 << 18

  /// Whether a line is one that crashes print.
  func isStart(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Bool {
    let at = text.lowerBound
    func has(_ word: StaticString) -> Bool { TextBytes.has(word, bytes, at: at) }
    switch bytes[at] {
    case UInt8(ascii: "p"): return has("panic: ") || has("panic during panic")
    case UInt8(ascii: "f"): return has("fatal error: ") || isRegister(bytes, text)
    case UInt8(ascii: "S"): return has("SIG")
    case UInt8(ascii: "["): return has("[signal ") || has("[recovered") || has("[repanicked")
    case UInt8(ascii: "P"): return has("PC=0x")
    case UInt8(ascii: "u"): return has("unexpected fault address ")
    case UInt8(ascii: "e"): return has("exit status ") || isRegister(bytes, text)
    case UInt8(ascii: "-"): return has("-----") && text.count == 5
    case UInt8(ascii: "r"): return has("runtime: ") || has("runtime stack:") || isRegister(bytes, text)
    case 0x09: return has("\tpanic: ")
    default: return isRegister(bytes, text) || TextBytes.find("http: panic serving ", in: bytes, text) != nil
    }
  }

  /// `rax    0xfffffffffffffffc`
  private func isRegister(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Bool {
    var at = text.lowerBound
    while at < text.upperBound, (bytes[at] &- 0x61 < 26) || TextBytes.isDigit(bytes[at]) { at += 1 }
    let blanks = at
    at = TextBytes.run(of: 0x20, bytes, from: at, to: text.upperBound)
    guard (1...8).contains(blanks - text.lowerBound), at > blanks, TextBytes.has("0x", bytes, at: at) else {
      return false
    }
    let digits = TextBytes.hexDigits(bytes, from: at + 2, to: text.upperBound)
    return digits > at + 2 && digits == text.upperBound
  }

  mutating func begin(_ bytes: Span<UInt8>, _ text: Range<Int>) {
    isInBlock = true
    append(bytes, text)
  }

  enum Kept: Equatable {
    case from(Int)
    case no
  }

  /// A line outside of all goroutines. It is kept from where it says something about a crash.
  mutating func take(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Kept {
    if isInBlock || isStart(bytes, text) {
      begin(bytes, text)
      return .from(text.lowerBound)
    }
    if let at = Self.find(bytes, text) {
      // A log says the time before it.
      begin(bytes, at..<text.upperBound)
      return .from(at)
    }
    // What stands before other lines does not belong to the goroutines behind them.
    dropped += lines.reduce(0) { $0 + ($1.isEmpty ? 0 : 1) }
    lines.removeAll()
    hasValue = false
    return .no
  }

  /// Where a line says that a program crashes, at its beginning or behind what a log puts there; nil where it says nothing
  /// of the kind.
  static func opening(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Int? {
    for word: StaticString in ["panic: ", "fatal error: ", "SIGQUIT: "]
    where TextBytes.has(word, bytes, at: text.lowerBound) { return text.lowerBound }
    return find(bytes, text)
  }

  private static func find(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Int? {
    for word: StaticString in ["panic: ", "fatal error: ", "SIGQUIT: ", "[signal SIG"] {
      if let at = TextBytes.find(word, in: bytes, text), at > text.lowerBound, bytes[at - 1] == 0x20 { return at }
    }
    return nil
  }

  /// A line of the value.
  mutating func add(_ bytes: Span<UInt8>, _ text: Range<Int>) {
    if text.isEmpty { blank() } else { begin(bytes, text) }
  }

  mutating func blank() {
    isInBlock = false
    if let last = lines.last, !last.isEmpty { lines.append([]) }
  }

  private mutating func append(_ bytes: Span<UInt8>, _ text: Range<Int>) {
    if TextBytes.has("PC=0x", bytes, at: text.lowerBound) {
      let digits = text.lowerBound + 5
      let end = TextBytes.hexDigits(bytes, from: digits, to: text.upperBound)
      trapPC = TextBytes.hexadecimal(bytes, digits..<end) ?? 0
    }
    if TextBytes.has("panic: ", bytes, at: text.lowerBound)
      || TextBytes.has("fatal error: ", bytes, at: text.lowerBound)
    {
      hasValue = true
    }
    guard size + text.count <= Self.maxSize else {
      dropped += 1
      return
    }
    size += text.count
    lines.append(TextBytes.copy(bytes, text))
  }

  /// The lines stand before a goroutine.
  mutating func commit(_ builder: inout ProfileBuilder) { commit(Traceback.preamble, &builder) }

  /// The lines stand behind the last one.
  mutating func finish(_ builder: inout ProfileBuilder, _ tally: inout TracebackTally) {
    commit(Traceback.trailer, &builder)
    tally.surroundings = dropped
  }

  private mutating func commit(_ key: String, _ builder: inout ProfileBuilder) {
    isInBlock = false
    hasValue = false
    if lines.isEmpty { return }
    if lines.last?.isEmpty == true { lines.removeLast() }
    for line in lines {
      var comment = Array(key.utf8)
      if !line.isEmpty { comment.append(0x20) }
      comment.append(contentsOf: line)
      builder.columns.comments.append(builder.string(comment.span))
    }
    lines.removeAll(keepingCapacity: true)
    size = 0
  }
}
