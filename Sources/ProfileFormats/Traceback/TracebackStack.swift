import ProfileModel

/// The stack of the goroutine at hand, leaf first. Frames that were inlined wait for the one that they were inlined into:
/// together they are one location.
struct TracebackStack {
  private(set) var locations: [LocationIndex] = []
  /// How many frames were printed, inlined ones too.
  private(set) var frameCount = 0
  /// Inlined frames, innermost first; or frames of C code with one pc.
  private var group: [Line] = []
  /// The pc of the group, where it is C code.
  private var groupPC: UInt64?
  /// The frame before called this one by a signal.
  private var isInterrupted = false

  mutating func begin() {
    locations.removeAll(keepingCapacity: true)
    group.removeAll(keepingCapacity: true)
    groupPC = nil
    frameCount = 0
    isInterrupted = false
  }

  /// `f(...)` without an offset.
  mutating func addInlined(_ line: Line, _ builder: inout ProfileBuilder) {
    if groupPC != nil { end(&builder) }
    group.append(line)
    frameCount += 1
  }

  /// A frame of its own.
  ///
  /// - Parameter trapPC: where a signal stopped the thread; 0: nowhere.
  mutating func add(
    _ entry: Int, _ place: TracebackPlace, trapPC: UInt64, _ frames: inout TracebackFrames,
    _ builder: inout ProfileBuilder
  ) {
    if groupPC != nil || (!group.isEmpty && frames.entries[entry].isCallIntoC) { end(&builder) }
    var address: UInt64 = 0
    if let pc = place.pc {
      // One without an offset stands at the function's entry, where no call returns to.
      let isExact = isInterrupted || !place.hasOffset || (frameCount == group.count && pc == trapPC)
      address = isExact ? pc : pc &- 1
    }
    if group.isEmpty, address == 0 {
      locations.append(frames.location(entry, &builder))
    } else {
      group.append(frames.entries[entry].line)
      locations.append(builder.location(Location(address: address), lines: group))
      group.removeAll(keepingCapacity: true)
    }
    isInterrupted = frames.entries[entry].isInjected
    frameCount += 1
  }

  /// A frame of C code that a symbolizer named: `f`, and below it `file.c:12 pc=0x1`. Several of one pc were inlined.
  mutating func addForeign(_ line: Line, pc: UInt64, _ builder: inout ProfileBuilder) {
    if groupPC != pc { end(&builder) }
    group.append(line)
    groupPC = pc
    frameCount += 1
  }

  /// `non-Go function at pc=0x1`
  mutating func addForeign(pc: UInt64, _ builder: inout ProfileBuilder) {
    end(&builder)
    locations.append(builder.location(Location(address: pc), lines: EmptyCollection()))
    frameCount += 1
  }

  /// Makes a location of what waits: the frame that it was inlined into was left out.
  mutating func end(_ builder: inout ProfileBuilder) {
    isInterrupted = false
    if group.isEmpty { return }
    locations.append(builder.location(Location(address: groupPC ?? 0), lines: group))
    group.removeAll(keepingCapacity: true)
    groupPC = nil
  }
}
