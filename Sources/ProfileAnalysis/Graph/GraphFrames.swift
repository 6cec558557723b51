package import ProfileModel

/// The frames of a profile at a granularity, and which of them each location is. Frames that look the same are one.
package struct GraphFrames: Sendable {
  package private(set) var frames: [FrameInfo] = []
  package private(set) var strings = StringTable()
  /// Location `i` is the frames `of[offsets[i] ..< offsets[i + 1]]`, innermost first; there is always one.
  package private(set) var offsets: [Int] = [0]
  package private(set) var of: [Int32] = []

  package init(_ columns: ProfileColumns, _ options: GraphOptions) {
    var builder = Builder(columns, options)
    offsets.reserveCapacity(columns.locations.count + 1)
    of.reserveCapacity(columns.lines.count)
    for i in columns.locations.indices {
      let location = columns.locations[i]
      var lines = columns.lineRange(LocationIndex(i))
      if !options.hasInlines, lines.count > 1 { lines = lines.upperBound - 1..<lines.upperBound }
      if lines.isEmpty { of.append(builder.frame(FrameInfo(), at: location)) }
      for line in lines { of.append(builder.frame(columns.lines[line], at: location)) }
      offsets.append(of.count)
    }
    frames = builder.frames
    strings = builder.strings
  }

  package func range(_ location: LocationIndex) -> Range<Int> {
    offsets[location.position]..<offsets[location.position + 1]
  }

  private struct Builder {
    let columns: ProfileColumns
    let options: GraphOptions
    var frames: [FrameInfo] = []
    var strings = StringTable()
    private var interner = StringInterner()
    private var positions: [FrameInfo: Int32] = [:]
    /// Of each function name and file, and each mapping's file; nil where it was not asked for yet.
    private var functions: [(name: StringIndex, file: StringIndex)?]
    private var objectFiles: [StringIndex?]

    init(_ columns: ProfileColumns, _ options: GraphOptions) {
      self.columns = columns
      self.options = options
      functions = .init(repeating: nil, count: columns.functions.count)
      objectFiles = .init(repeating: nil, count: columns.mappings.count)
    }

    mutating func frame(_ line: Line, at location: Location) -> Int32 {
      let names = names(line.function)
      var info = FrameInfo(name: names.name, file: names.file)
      if options.hasLines { info.line = line.line }
      if options.hasColumns { info.column = line.column }
      if options.hasAddresses { info.address = location.address }
      if options.hasObjectFiles || info.name == .empty {
        info.objectFile = objectFile(location.mapping)
        info.startLine = columns.functions[line.function.position].startLine
      }
      return position(info)
    }

    /// A location that nothing is known of but its address and binary.
    mutating func frame(_ info: FrameInfo, at location: Location) -> Int32 {
      var info = info
      if options.hasAddresses { info.address = location.address }
      info.objectFile = objectFile(location.mapping)
      return position(info)
    }

    private mutating func position(_ info: FrameInfo) -> Int32 {
      if let known = positions[info] { return known }
      let new = Int32(frames.count)
      positions[info] = new
      frames.append(info)
      return new
    }

    private mutating func names(_ index: FunctionIndex) -> (name: StringIndex, file: StringIndex) {
      if let known = functions[index.position] { return known }
      let function = columns.functions[index.position]
      let source = columns.strings
      var names = (name: StringIndex.empty, file: StringIndex.empty)
      if options.hasFunctions { names.name = interner.intern(source[function.name], in: &strings) }
      if options.hasFiles {
        var file = Array(source.bytes[source.range(function.file)])
        if let trimPath = options.trimPath {
          file = FilePath.trimmed(file, trimPath: trimPath, searchPath: options.sourcePath)
        }
        if !file.isEmpty { names.file = interner.intern(FilePath.clean(file).span, in: &strings) }
      }
      functions[index.position] = names
      return names
    }

    private mutating func objectFile(_ mapping: MappingIndex) -> StringIndex {
      if mapping == .none { return .empty }
      if let known = objectFiles[mapping.position] { return known }
      let source = columns.strings
      let file = interner.intern(source[columns.mappings[mapping.position].file], in: &strings)
      objectFiles[mapping.position] = file
      return file
    }
  }
}
