public import ProfileModel

/// Writes a table for spreadsheets and for those that read one: a row a sample, in the order of the profile.
///
///     alloc_space/bytes,inuse_space/bytes,label:user,label:size/bytes,function,file,line,stack
///     4096,0,ann,64,g,/src/g.go,12,main;f;g
///
/// The values, as `type/unit`; a column for each key of a label and each unit that it has; the leaf's function, file and
/// line; and the frames from the root to the leaf, named as ``Folded`` names them. A frame without a name is its address.
///
/// Quoted as RFC 4180 says, with LF at the ends of rows. A text that a spreadsheet would run as a formula has a `'` before it.
public struct CSVWriter: ProfileWriter {
  public let info = FormatInfo(
    id: FormatID("csv"), extensions: ["csv"], summary: "a table, a row a sample: values, labels, leaf, stack",
    cannotExpress: NamedStackLosses.fields + ["empty labels, several of one key", "texts that look like formulas"],
    choosesSampleType: true)

  public init() {}

  public func write(_ profile: Profile, to sink: inout ByteSink, options: WriteOptions) throws(ProfileError)
    -> LossReport
  {
    let columns = profile.columns
    let types = try options.sampleTypes(of: columns)
    var labels = CSVLabels(columns, room: Self.maxColumns - types.count - 4)
    var frames = FoldedFrames(columns)
    var cells = CSVCells()
    for type in types {
      let name = columns.sampleTypes[type]
      var text: [UInt8] = []
      text.append(columns.strings[name.type])
      text.append("/")
      text.append(columns.strings[name.unit])
      cells.text(text.span, to: &sink.buffer)
      cells.separate(&sink.buffer)
    }
    for name in labels.names {
      cells.text(name.span, to: &sink.buffer)
      cells.separate(&sink.buffer)
    }
    sink.buffer.append("function,file,line,stack\n")
    var stack: [UInt8] = []
    for sample in 0..<columns.sampleCount {
      let first = columns.valueRange(sample).lowerBound
      for type in types {
        Units.append(columns.values[first + type], to: &sink.buffer)
        cells.separate(&sink.buffer)
      }
      labels.append(columns.sampleLabels[sample], with: &cells, to: &sink.buffer)
      Self.appendLeaf(columns, columns.sampleStacks[sample], with: &cells, to: &sink.buffer)
      stack.removeAll(keepingCapacity: true)
      frames.append(columns.sampleStacks[sample], to: &stack)
      cells.text(stack.span, to: &sink.buffer)
      sink.buffer.append(UInt8(ascii: "\n"))
      try sink.flushIfLarge()
    }
    var losses = NamedStackLosses.of(columns, told: .init(leavesOf: columns)) {
      FoldedFrames.suffix($0, columns) != nil
    }
    losses.add(
      "labels", count: labels.lost, of: columns.sampleCount,
      reason: "a cell shows neither an empty value nor where one of several ends")
    losses.add(
      "texts", count: cells.guarded, of: cells.texts,
      reason: "those that a spreadsheet would run as a formula have a ' before them")
    return losses
  }

  /// What the widest spreadsheet has.
  private static let maxColumns = 16_384

  private static func appendLeaf(
    _ columns: ProfileColumns, _ stack: StackIndex, with cells: inout CSVCells, to buffer: inout [UInt8]
  ) {
    guard let at = columns.stackRange(stack).first else { return buffer.append(",,,") }
    let location = columns.stackLocations[at]
    var address: [UInt8] = []
    address.append("0x")
    address.appendHex(columns.locations[location.position].address)
    guard let line = columns.lineRange(location).first.map({ columns.lines[$0] }) else {
      buffer.append(contentsOf: address)
      return buffer.append(",,,")
    }
    let function = columns.functions[line.function.position]
    let strings = columns.strings
    if strings.isEmpty(function.name) {
      buffer.append(contentsOf: address)
    } else {
      cells.text(strings[function.name], to: &buffer)
    }
    cells.separate(&buffer)
    cells.text(strings[function.file], to: &buffer)
    cells.separate(&buffer)
    if line.line != 0 { Units.append(line.line, to: &buffer) }
    cells.separate(&buffer)
  }
}
