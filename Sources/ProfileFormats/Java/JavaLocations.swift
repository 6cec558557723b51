import ProfileModel

/// The locations of a Java profile. Its samples name them by numbers that are no addresses; lines behind the samples say
/// what each is:
///
///     0x3 com.example.F.run (F.java:12)
///     0x4 clock_gettime (/usr/lib/libc.so)
///     0x5 GC
struct JavaLocations {
  private var indices: [UInt64: LocationIndex] = [:]
  private var names = LocationNames()
  private var ids: [LocationIndex] = []
  /// Libraries of which a line shows the folder too.
  private var libraries: [StringIndex] = []
  private var knownLibraries: Set<StringIndex> = []

  init() {}

  /// The stack of such numbers, leaf first.
  mutating func stack(_ numbers: some Collection<UInt64>, _ builder: inout ProfileBuilder) -> StackIndex {
    ids.removeAll(keepingCapacity: true)
    for number in numbers {
      if let known = indices[number] {
        ids.append(known)
        continue
      }
      let new = builder.location(Location(address: number), lines: [])
      indices[number] = new
      ids.append(new)
    }
    return builder.stack(ids)
  }

  /// Reads a line behind the samples. What is no location is ignored, as pprof does, and told.
  mutating func take(
    _ line: Range<Int>, _ lines: borrowing TextLines, _ builder: inout ProfileBuilder,
    _ diagnostics: inout Diagnostics
  ) throws(ProfileError) {
    let bytes = lines.bytes
    let text = TextBytes.trimmed(bytes, line)
    if text.isEmpty { return }
    guard TextBytes.has("0x", bytes, at: text.lowerBound),
      case let end = TextBytes.hexDigits(bytes, from: text.lowerBound + 2, to: text.upperBound),
      end > text.lowerBound + 2, end < text.upperBound, TextBytes.isBlank(bytes[end])
    else {
      diagnostics.addLoss(kind: "no-location", "a line that names no location is ignored", at: lines.place())
      return
    }
    guard let number = TextBytes.hexadecimal(bytes, text.lowerBound + 2..<end) else {
      throw ProfileError(
        .malformed, "a location's number takes more than 64 bits", at: lines.place(at: text.lowerBound))
    }
    guard let location = indices[number] else {
      diagnostics.addLoss(kind: "unused-location", "a location that no sample has is ignored", at: lines.place())
      return
    }
    var start = end
    while start < text.upperBound, TextBytes.isBlank(bytes[start]) { start += 1 }
    let frame = JavaFrame(bytes, start..<text.upperBound)
    let name = frame.isStub ? builder.string("STUB") : builder.string(bytes.extracting(frame.name))
    let file = builder.string(bytes.extracting(frame.file))
    if frame.path != frame.file {
      let path = builder.string(bytes.extracting(frame.path))
      if knownLibraries.insert(path).inserted { libraries.append(path) }
    }
    let function = builder.function(Function(name: name, systemName: name, file: file))
    names.set(Line(function: function, line: frame.line), of: location)
  }

  /// The profile of all samples that were added. pprof hides `frames` of it, as of the text.
  consuming func finish(
    _ builder: inout ProfileBuilder, _ frames: LegacyFrames, _ diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    for library in libraries {
      let path = builder.columns.strings.string(library)
      builder.columns.comments.append(builder.string("# library " + path))
    }
    var columns = ProfileColumns()
    swap(&columns, &builder.columns)
    // The numbers are none of addresses: nobody shall look for symbols there.
    for i in columns.locations.indices { columns.locations[i].address = 0 }
    let unnamed = names.apply(to: &columns)
    if unnamed > 0 {
      diagnostics.add(
        kind: "unnamed-location",
        "\(unnamed) of \(columns.locations.count) locations have no line that names them: their frames are empty")
    }
    frames.set(on: &columns)
    return try Profile(columns)
  }
}

/// What stands behind a location's number.
private struct JavaFrame {
  var name: Range<Int>
  var file: Range<Int>
  /// `file` with its folders.
  var path: Range<Int>
  var line: Int64 = 0
  var isStub = false

  init(_ bytes: Span<UInt8>, _ text: Range<Int>) {
    name = text
    file = text.upperBound..<text.upperBound
    path = file
    if bytes[text.upperBound - 1] == UInt8(ascii: ")") {
      let end = text.upperBound - 1
      if let colon = Self.colon(bytes, text.lowerBound..<end), let open = Self.open(bytes, text.lowerBound..<colon),
        open + 1 < colon
      {
        name = text.lowerBound..<open - 1
        file = open + 1..<colon
        path = file
        // A number that is none of a line is 0 to pprof too.
        line = max(0, TextBytes.decimal(bytes, colon + 1..<end) ?? 0)
        return
      }
      if let open = Self.open(bytes, text) {
        name = text.lowerBound..<open - 1
        path = open + 1..<end
        file = Self.base(bytes, path)
        return
      }
    }
    isStub = TextBytes.find("generated stub/JIT", in: bytes, text) != nil
  }

  /// Where the last parenthesis opens that a blank stands before; nil: nowhere.
  private static func open(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var at = range.upperBound - 1
    while at > range.lowerBound {
      if bytes[at] == UInt8(ascii: "("), TextBytes.isBlank(bytes[at - 1]) { return at }
      at -= 1
    }
    return nil
  }

  /// The colon before the digits that end the range, which may have a minus.
  private static func colon(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var at = range.upperBound
    while at > range.lowerBound, TextBytes.isDigit(bytes[at - 1]) { at -= 1 }
    if at == range.upperBound { return nil }
    if at > range.lowerBound, bytes[at - 1] == UInt8(ascii: "-") { at -= 1 }
    return at > range.lowerBound && bytes[at - 1] == UInt8(ascii: ":") ? at - 1 : nil
  }

  /// The last element of a path.
  private static func base(_ bytes: Span<UInt8>, _ path: Range<Int>) -> Range<Int> {
    var end = path.upperBound
    while end > path.lowerBound + 1, bytes[end - 1] == UInt8(ascii: "/") { end -= 1 }
    var start = end
    while start > path.lowerBound, bytes[start - 1] != UInt8(ascii: "/") { start -= 1 }
    return start == end ? path : start..<end
  }
}
