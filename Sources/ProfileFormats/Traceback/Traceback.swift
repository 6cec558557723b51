import ProfileModel

/// Goroutine tracebacks: `/debug/pprof/goroutine?debug=2`, `runtime.Stack`, and what a panic, a fatal error or SIGQUIT
/// prints. One sample a goroutine, goroutine/count 1, with all that its header says as labels.
///
/// # What becomes of a traceback
///
///     panic: boom                                       comment `# preamble: panic: boom`
///     [signal SIGSEGV: segmentation violation …]        comment
///     (empty)
///     goroutine 7 gp=0xc0001 m=nil [chan receive (leaked), 2 minutes, locked to thread] {url: "a b"}:
///     main.f(...)                                       a line of the next frame's location: inlined into it
///         /src/main.go:12
///     main.g(0x1, {0x2, 0x3})                           a location; argument words are not kept
///         /src/main.go:34 +0x5f fp=0x1 sp=0x2 pc=0x4f6a56
///     ...62 frames elided...                            label `goroutine.elided`
///     created by main.h in goroutine 1                  labels; it is no frame
///         /src/main.go:56 +0x1d
///     (empty)
///     rax    0x0                                        comment `# trailer: rax    0x0`
///
/// # Labels
///
/// | key | value |
/// | --- | --- |
/// | `goroutine.id` | number |
/// | `goroutine.state` | `chan send (nil chan)`: the status without the marks behind it |
/// | `goroutine.wait` | number, unit minutes; Go tells it from the first minute on |
/// | `goroutine.flag` | `leaked`, `scan`, `durable` (in their order), `locked to thread`, `stack unavailable`, `frames elided` (Go until 1.20 does not say how many) |
/// | `goroutine.bubble` | number of the synctest bubble |
/// | `goroutine.attribute` | anything else that stands in the brackets |
/// | `goroutine.gp`, `goroutine.m`, `goroutine.mp` | as a crash prints them: `0xc0001`, `nil` |
/// | `goroutine.creator`, `goroutine.created_at` | function, and `FILE:LINE` of the `go` statement |
/// | `goroutine.parent` | number of the goroutine that ran it |
/// | `goroutine.elided` | number of the frames that Go left out |
/// | `goroutine.elided_after` | how many frames stand before them, where it is not Go's 50 |
/// | `goroutine.ancestor` | of each `[originating from …]` block: `goroutine 1`, then `FUNCTION<tab>FILE:LINE` of each frame |
/// | any other | the goroutine's own labels (GODEBUG=tracebacklabels=1) |
///
/// The names have a dot, so that they do not meet the labels that programs give themselves. `--group stack` drops the ones
/// in which goroutines of a stack differ. Numbers have the unit `count`, which pprof does not show and which keeps a 0 alive.
///
/// # Addresses
///
/// Only crashes print `pc=`. A frame that called another one has its return address there, and its location gets pc − 1, as
/// everywhere. The pc is exact, and stays, in a frame that a signal stopped: the leaf with the `PC=` of the preamble, a
/// frame that called runtime.sigpanic, asyncPreempt or debugCallV2, one without `+0x`, and in C code. Offsets, frame and
/// stack pointers have no field in a profile.
enum Traceback {
  static let id = GoroutineLabels.id
  static let state = GoroutineLabels.state
  static let wait = GoroutineLabels.wait
  static let flag = GoroutineLabels.flag
  static let bubble = "goroutine.bubble"
  static let attribute = "goroutine.attribute"
  static let gp = "goroutine.gp"
  static let m = "goroutine.m"
  static let mp = "goroutine.mp"
  static let creator = GoroutineLabels.creator
  static let createdAt = GoroutineLabels.createdAt
  static let parent = "goroutine.parent"
  static let elided = "goroutine.elided"
  static let elidedAfter = "goroutine.elided_after"
  static let ancestor = "goroutine.ancestor"

  static let minutes = "minutes"
  static let count = "count"

  static let leaked = "leaked"
  static let scan = "scan"
  static let durable = "durable"
  static let locked = "locked to thread"
  static let unavailable = "stack unavailable"
  static let framesElided = "frames elided"

  /// What we write where nobody knows the state; Go has no such. Read back it is no label.
  static let unknownState = "unknown"

  /// Begins the comments that hold what stands before the goroutines, and behind them: a line each, a blank before it.
  static let preamble = "# preamble:"
  static let trailer = "# trailer:"

  /// Of a longer stack Go prints so many frames, then how many it leaves out, then the last ones.
  static let innerFrames = 50

  static let info = FormatInfo(
    id: FormatID("debug2"), aliases: ["traceback"], extensions: ["debug2.txt", "txt"],
    summary: "goroutine tracebacks: debug=2, panics, SIGQUIT dumps, also with a log's prefix on each line",
    cannotExpress: [
      "sample types (but goroutine)", "samples without goroutines", "numeric labels", "mappings", "addresses",
      "start lines", "system names", "columns", "folded flags", "drop and keep frames", "time", "duration", "period",
      "default sample type", "doc url", "comments (but a traceback's own)", "unknown fields", "ids", "unused entries",
    ])
}

extension Traceback {
  /// Where the frames of a stack begin that are Go's own words, not functions.
  static let nonGo: StaticString = "non-Go function at pc=0x"
}
