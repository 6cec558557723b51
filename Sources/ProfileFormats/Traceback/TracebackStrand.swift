/// The lines of a log that have one prefix, as far as they were read: of one program, where several print in turn.
struct TracebackStrand {
  var prefix = LogPrefix()
  /// Whether another line than the header had it.
  var isPrefixSure = false
  /// Whether lines without it were taken for its own, as of log.Print, which puts it before the first one only.
  var hasPlainLines = false

  var stack = TracebackStack()
  var goroutine: TracebackGoroutine

  /// What the lines at hand belong to.
  enum Section { case none, stack, ancestor }
  var section = Section.none
  /// Whether the second line of a frame of this goroutine was indented.
  var isIndented = false

  /// The line before, where the next one may say its place: `main.f(0x1)`, `created by main.g in goroutine 1`.
  enum Pending { case none, function, creator }
  var pending = Pending.none
  var pendingText: [UInt8] = []
  var pendingLine = 0
  /// Where it begins in the text.
  var pendingStart = 0
  /// What ``TracebackFunction/rank(_:_:)`` says of it; nil until it is asked.
  var pendingRank: TracebackFunction.Rank?
  /// Whether it had no prefix.
  var isPendingPlain = false
  /// The line before, as long as the goroutine has no frame.
  var previous: [UInt8] = []
  /// Where the goroutine's header begins in the text.
  var start = 0

  init(keys: TracebackKeys) { goroutine = TracebackGoroutine(keys: keys) }
}
