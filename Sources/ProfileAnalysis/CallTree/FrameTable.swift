package import ProfileModel

/// The functions of a profile by name, and every location in those terms: what pictures draw as frames.
///
/// Two functions of one name are one frame, as in folded stacks. A frame without a name is its location's address. At other
/// granularities than functions, frames are called as reports call their rows.
package struct FrameTable: Sendable {
  /// A frame as a location has it: its number, and whether it was inlined into the next one.
  package struct Entry: Hashable, Sendable {
    private var bits: UInt32

    package init(frame: Int, isInlined: Bool) { bits = UInt32(truncatingIfNeeded: frame) << 1 | (isInlined ? 1 : 0) }

    package var frame: Int { Int(bits >> 1) }
    package var isInlined: Bool { bits & 1 == 1 }
  }

  /// The name of frame `i` is string `i`. Frame 0 has none: it is the root of all stacks.
  package private(set) var names = StringTable()
  /// Of each frame a function of its name that has a file, or else the first one; `none` for an address.
  package private(set) var functions: [FunctionIndex] = [.none]
  /// Location `i` has `entries[offsets[i] ..< offsets[i + 1]]`, innermost first; at least one.
  package private(set) var entries: [Entry] = []
  package private(set) var offsets: [Int] = [0]

  /// Whether names tell files or lines themselves.
  package let hasPlaces: Bool

  /// O(functions + lines + bytes of the names).
  ///
  /// - Parameter options: what frames tell apart; nil: functions, with inlined ones.
  package init(_ columns: ProfileColumns, _ options: GraphOptions? = nil) {
    if let options, options.hasFiles || options.hasLines || options.hasAddresses {
      hasPlaces = options.hasLines || !options.hasFunctions
      addPlaces(columns, options)
      return
    }
    hasPlaces = false
    let hasInlines = options?.hasInlines ?? true
    var interner = StringInterner()
    var frameOfFunction = [Int](repeating: -1, count: columns.functions.count)
    entries.reserveCapacity(columns.lines.count)
    offsets.reserveCapacity(columns.locations.count + 1)
    for position in columns.locations.indices {
      var lines = columns.lineRange(LocationIndex(position))
      if !hasInlines, lines.count > 1 { lines = lines.upperBound - 1..<lines.upperBound }
      for at in lines {
        let function = columns.lines[at].function
        if frameOfFunction[function.position] < 0 {
          frameOfFunction[function.position] = add(function, columns, &interner)
        }
        let known = frameOfFunction[function.position]
        let frame = known > 0 ? known : add(address: columns.locations[position].address, &interner)
        entries.append(Entry(frame: frame, isInlined: at < lines.upperBound - 1))
      }
      if lines.isEmpty {
        let frame = add(address: columns.locations[position].address, &interner)
        entries.append(Entry(frame: frame, isInlined: false))
      }
      offsets.append(entries.count)
    }
  }

  package var count: Int { names.count }

  @_lifetime(borrow self)
  package func name(of frame: Int) -> Span<UInt8> { names[StringIndex(frame)] }

  /// Frames that tell more than functions, by the names that reports print for them.
  private mutating func addPlaces(_ columns: ProfileColumns, _ options: GraphOptions) {
    let places = GraphFrames(columns, options)
    var interner = StringInterner()
    var frameOfPlace = [Int](repeating: -1, count: places.frames.count)
    entries.reserveCapacity(places.of.count)
    offsets.reserveCapacity(columns.locations.count + 1)
    for position in columns.locations.indices {
      let range = places.range(LocationIndex(position))
      let lines = columns.lineRange(LocationIndex(position))
      for (i, at) in range.enumerated() {
        let place = Int(places.of[at])
        if frameOfPlace[place] < 0 {
          let name = places.strings.printableName(places.frames[place])
          frameOfPlace[place] = interner.intern(name.span, in: &names).position
        }
        let frame = frameOfPlace[place]
        // Without inlined frames the outermost line is the one that is left.
        let line = lines.isEmpty ? nil : range.count == lines.count ? lines.lowerBound + i : lines.upperBound - 1
        if frame == functions.count { functions.append(line.map { columns.lines[$0].function } ?? .none) }
        entries.append(Entry(frame: frame, isInlined: i < range.count - 1))
      }
      offsets.append(entries.count)
    }
  }

  /// 0 where the function has no name.
  private mutating func add(_ function: FunctionIndex, _ columns: ProfileColumns, _ interner: inout StringInterner)
    -> Int
  {
    let row = columns.functions[function.position]
    let frame = interner.intern(columns.strings[row.name], in: &names).position
    if frame == 0 { return 0 }
    if frame == functions.count {
      functions.append(function)
    } else if functions[frame] == .none
      || (columns.functions[functions[frame].position].file == .empty && row.file != .empty)
    {
      functions[frame] = function
    }
    return frame
  }

  private mutating func add(address: UInt64, _ interner: inout StringInterner) -> Int {
    let frame = interner.intern("0x" + String(address, radix: 16), in: &names).position
    if frame == functions.count { functions.append(.none) }
    return frame
  }
}
