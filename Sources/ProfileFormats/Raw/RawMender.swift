import ProfileModel

/// Completes a `pprof -raw` that ends too early: samples name locations of a table that stands behind them.
struct RawMender {
  private let text: [UInt8]
  private let end: Int
  /// What is left of the line that is damaged, where it is the last one.
  private let cutLine: ArraySlice<UInt8>
  private let indent: Int

  init(_ input: [UInt8], _ damage: Damage) {
    text = input
    var end = input.count
    if case .from(let offset) = damage { end = min(offset, end) }
    self.end = TextRecords.lineStart(input, end)
    let rest = input[self.end...]
    cutLine = rest.contains(UInt8(ascii: "\n")) ? [] : rest
    indent = cutLine.prefix { $0 == UInt8(ascii: " ") }.count
  }

  /// Whether the cut stands in a line that begins something new, so that what is before it is whole: labels and further lines
  /// of a location stand behind 13 spaces or more.
  private var endsWhole: Bool {
    guard indent < 13, let first = cutLine.dropFirst(indent).first else { return false }
    return first == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
      || ["Locations", "Mappings"].contains { $0.utf8.starts(with: cutLine) }
  }

  func mended() -> Mended {
    var named: Set<UInt64> = []
    var known: Set<UInt64> = []
    // Where the last sample begins, whose labels may be gone: where others have some, where there is no other, and where they
    // are cut.
    var lastSample: (start: Int, ids: [UInt64])?
    var mayHaveLabels = indent > 0
    var samples = 0
    // Where the last location begins, whose further lines may be gone.
    var lastLocation: (start: Int, id: UInt64)?
    enum Part { case header, types, samples, locations, mappings }
    var part = Part.header
    var at = 0
    let bytes = text.span
    while at < end, let newline = TextBytes.newline(in: bytes, from: at) {
      let line = at..<newline
      at = newline + 1
      switch part {
      case .header: if TextBytes.isLine("Samples:", bytes, line) { part = .types }
      case .types: part = .samples
      case .samples:
        if TextBytes.isLine("Locations", bytes, line) {
          part = .locations
          named.formUnion(lastSample?.ids ?? [])
        } else if let colon = RawParser.samplePattern(line, bytes) {
          named.formUnion(lastSample?.ids ?? [])
          samples += 1
          lastSample = (line.lowerBound, Self.numbers(bytes, colon + 1..<line.upperBound))
        } else {
          mayHaveLabels = true
        }
      case .locations:
        if TextBytes.isLine("Mappings", bytes, line) { part = .mappings }
        let start = TextBytes.run(of: UInt8(ascii: " "), bytes, from: line.lowerBound, to: line.upperBound)
        let digits = TextBytes.digits(bytes, from: start, to: line.upperBound)
        if TextBytes.has(": 0x", bytes, at: digits), let id = TextBytes.unsigned(bytes, start..<digits) {
          known.insert(id)
          lastLocation = (line.lowerBound, id)
        }
      case .mappings: break
      }
    }
    var kept = end
    if part == .samples, let lastSample {
      if mayHaveLabels || samples == 1, !endsWhole { kept = lastSample.start } else { named.formUnion(lastSample.ids) }
    }
    if part == .locations, !endsWhole, let lastLocation {
      kept = lastLocation.start
      known.remove(lastLocation.id)
    }
    var mended = Mended(Array(text[..<kept]), kept: kept)
    guard part == .samples || part == .locations else { return mended }
    if part == .samples { mended.bytes.append("Locations\n") }
    let lost = named.subtracting(known).sorted()
    for id in lost {
      Units.append(id, to: &mended.bytes)
      mended.bytes.append(": 0x0 \n")
    }
    mended.bytes.append("Mappings\n")
    if !lost.isEmpty { mended.notes.append("\(lost.count) locations are lost, and stand in stacks without a name") }
    mended.notes.append("the mappings are lost")
    return mended
  }

  private static func numbers(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt64] {
    var found: [UInt64] = []
    var at = range.lowerBound
    while at < range.upperBound {
      at = TextBytes.run(of: UInt8(ascii: " "), bytes, from: at, to: range.upperBound)
      let end = TextBytes.digits(bytes, from: at, to: range.upperBound)
      if end == at { break }
      if let id = TextBytes.unsigned(bytes, at..<end), id != 0 { found.append(id) }
      at = end
    }
    return found
  }
}
