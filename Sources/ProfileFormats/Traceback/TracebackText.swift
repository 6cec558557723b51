import ProfileModel

/// Goroutines as text. What a location looks like is printed once and copied from then on.
struct TracebackText {
  private let profile: Profile
  private let keys: Keys
  /// Both lines of each frame of location i: `bytes[cells[i] ..< cells[i + 1]]`.
  private var bytes: [UInt8] = []
  private var cells: [Int] = []
  /// The largest number of a goroutine yet.
  private var lastID: Int64 = 0
  /// Numeric labels that are printed as words, and labels of ours that have no place in a header.
  private(set) var numericLabels = 0
  /// Words of headers that were printed otherwise.
  private(set) var brokenWords = 0

  init(_ profile: Profile) {
    self.profile = profile
    keys = Keys(profile.columns.strings)
    cells.reserveCapacity(profile.columns.locations.count + 1)
    for location in 0..<profile.columns.locations.count {
      cells.append(bytes.count)
      printLocation(LocationIndex(location))
    }
    cells.append(bytes.count)
    for label in profile.columns.labels where label.key == keys.id && label.str == .empty {
      lastID = max(lastID, label.num)
    }
  }

  // MARK: Frames

  private mutating func printLocation(_ index: LocationIndex) {
    let columns = profile.columns
    let strings = columns.strings
    let lines = columns.lineRange(index)
    if lines.isEmpty {
      bytes.append(contentsOf: Traceback.nonGo.description.utf8)
      bytes.appendHex(columns.locations[index.position].address)
      bytes.append(UInt8(ascii: "\n"))
      return
    }
    for at in lines {
      let line = columns.lines[at]
      let function = columns.functions[line.function.position]
      if strings.equals(function.name, "runtime.gopanic") {
        bytes.append(contentsOf: "panic".utf8)
      } else {
        PrintableName.append(strings[function.name], to: &bytes)
      }
      // Without an offset `(...)` says inlined.
      bytes.append(contentsOf: (at + 1 < lines.upperBound ? "(...)\n\t" : "()\n\t").utf8)
      if strings.isEmpty(function.file) {
        bytes.append(contentsOf: "??".utf8)
      } else {
        PrintableName.appendFile(strings[function.file], to: &bytes)
      }
      bytes.append(UInt8(ascii: ":"))
      bytes.appendDecimal(max(0, line.line))
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  // MARK: Goroutines

  /// - Parameter isFirst: whether it is the first of the goroutines that a sample stands for; only that one has the number
  ///   in the sample's labels.
  mutating func appendGoroutine(_ sample: Int, isFirst: Bool, to buffer: inout [UInt8]) {
    let facts = Facts(profile, profile.columns.sampleLabels[sample], keys)
    var id = facts.id
    if id == nil || !isFirst {
      lastID = lastID < .max ? lastID + 1 : 0
      id = lastID
    }
    appendHeader(facts, id ?? 0, to: &buffer)
    if facts.isUnavailable {
      buffer.append(contentsOf: "\tgoroutine running on other thread; stack unavailable\n".utf8)
    }
    appendFrames(profile.columns.sampleStacks[sample], facts, to: &buffer)
    appendCreator(facts, to: &buffer)
    appendAncestors(facts, to: &buffer)
    numericLabels += facts.numeric
  }

  private func appendFrames(_ stack: StackIndex, _ facts: Facts, to buffer: inout [UInt8]) {
    let columns = profile.columns
    var elidedAfter = facts.elided == nil ? Int64.max : facts.elidedAfter ?? Int64(Traceback.innerFrames)
    for at in columns.stackRange(stack) {
      let location = columns.stackLocations[at].position
      if elidedAfter <= 0, let elided = facts.elided {
        appendElided(elided, to: &buffer)
        elidedAfter = .max
      }
      buffer.append(contentsOf: bytes[cells[location]..<cells[location + 1]])
      if elidedAfter != .max { elidedAfter -= Int64(max(1, columns.lineRange(columns.stackLocations[at]).count)) }
    }
    if elidedAfter != .max, let elided = facts.elided { appendElided(elided, to: &buffer) }
    if facts.hasUnknownElision {
      buffer.append(contentsOf: TracebackElision.unknown.description.utf8)
      buffer.append(UInt8(ascii: "\n"))
    }
  }

  private func appendElided(_ count: Int64, to buffer: inout [UInt8]) {
    buffer.append(contentsOf: "...".utf8)
    buffer.appendDecimal(count)
    buffer.append(contentsOf: " frames elided...\n".utf8)
  }

  private mutating func appendHeader(_ facts: Facts, _ id: Int64, to buffer: inout [UInt8]) {
    buffer.append(contentsOf: "goroutine ".utf8)
    buffer.appendDecimal(id)
    for (name, value) in [(" gp=", facts.gp), (" m=", facts.m), (" mp=", facts.mp)] {
      guard let value else { continue }
      buffer.append(contentsOf: name.utf8)
      appendWord(value, without: 0x20, to: &buffer)
    }
    buffer.append(contentsOf: " [".utf8)
    if let state = facts.state {
      appendWord(state, without: UInt8(ascii: "]"), to: &buffer)
    } else {
      buffer.append(contentsOf: Traceback.unknownState.utf8)
    }
    for mark in facts.marks { buffer.append(contentsOf: " (\(mark))".utf8) }
    if let wait = facts.wait { buffer.append(contentsOf: ", \(wait) minutes".utf8) }
    if facts.isLocked { buffer.append(contentsOf: ", \(Traceback.locked)".utf8) }
    if let bubble = facts.bubble { buffer.append(contentsOf: ", synctest bubble \(bubble)".utf8) }
    for attribute in facts.attributes {
      buffer.append(contentsOf: ", ".utf8)
      appendWord(attribute, without: UInt8(ascii: "]"), to: &buffer)
    }
    buffer.append(UInt8(ascii: "]"))
    appendOwn(facts, to: &buffer)
    buffer.append(contentsOf: ":\n".utf8)
  }

  private mutating func appendWord(_ index: StringIndex, without end: UInt8, to buffer: inout [UInt8]) {
    brokenWords += Self.append(profile.columns.strings, index, without: end, to: &buffer) ? 0 : 1
  }

  /// A word of a header, without the byte that would end it; whether it is printed as it is.
  private static func append(
    _ strings: StringTable, _ index: StringIndex, without end: UInt8, to buffer: inout [UInt8]
  ) -> Bool {
    let start = buffer.count
    PrintableName.append(strings[index], to: &buffer)
    for i in start..<buffer.count where buffer[i] == end { buffer[i] = UInt8(ascii: "?") }
    return strings.equals(index, buffer.span.extracting(start..<buffer.count))
  }

  private func appendOwn(_ facts: Facts, to buffer: inout [UInt8]) {
    if facts.own.isEmpty { return }
    let strings = profile.columns.strings
    var separator = " {"
    for label in facts.own {
      buffer.append(contentsOf: separator.utf8)
      separator = ", "
      TracebackQuote.append(strings[label.key], to: &buffer)
      buffer.append(contentsOf: ": ".utf8)
      if label.str == .empty, label.num != 0 || label.unit != .empty {
        buffer.appendDecimal(label.num)
      } else {
        TracebackQuote.append(strings[label.str], to: &buffer)
      }
    }
    buffer.append(UInt8(ascii: "}"))
  }

  private mutating func appendCreator(_ facts: Facts, to buffer: inout [UInt8]) {
    guard let creator = facts.creator else { return }
    let strings = profile.columns.strings
    let start = buffer.count
    buffer.append(contentsOf: "created by ".utf8)
    PrintableName.append(strings[creator], to: &buffer)
    // A name that ends as a parent does is read as one that has it.
    let (name, parent) = TracebackGoroutine.creator(buffer.span.extracting(start..<buffer.count))
    let isRead =
      parent == nil
      && strings.equals(creator, buffer.span.extracting(start + name.lowerBound..<start + name.upperBound))
    if !isRead || !PrintableName.isExact(strings[creator]) { brokenWords += 1 }
    if let parent = facts.parent { buffer.append(contentsOf: " in goroutine \(parent)".utf8) }
    buffer.append(contentsOf: "\n\t".utf8)
    if let place = facts.createdAt {
      if !PrintableName.isExact(strings[place]) { brokenWords += 1 }
      PrintableName.append(strings[place], to: &buffer)
    } else {
      buffer.append(contentsOf: "??:0".utf8)
    }
    buffer.append(UInt8(ascii: "\n"))
  }

  private func appendAncestors(_ facts: Facts, to buffer: inout [UInt8]) {
    let strings = profile.columns.strings
    for index in facts.ancestors {
      let text = strings[index]
      if let tab = (0..<text.count).first(where: { text[$0] == 0x09 }) {
        let name = text.extracting(0..<tab)
        PrintableName.append(name, to: &buffer)
        buffer.append(contentsOf: (TextBytes.has("created by ", name, at: 0) ? "\n\t" : "(...)\n\t").utf8)
        if tab + 1 == text.count {
          buffer.append(contentsOf: "??:0".utf8)
        } else {
          PrintableName.append(text.extracting(tab + 1..<text.count), to: &buffer)
        }
      } else if TextBytes.has("...", text, at: 0) {
        PrintableName.append(text, to: &buffer)
      } else {
        buffer.append(contentsOf: "[originating from ".utf8)
        PrintableName.append(text, to: &buffer)
        buffer.append(contentsOf: "]:".utf8)
      }
      buffer.append(UInt8(ascii: "\n"))
    }
  }

  // MARK: Before and behind

  /// The lines that a reader kept in comments, with a blank line between them and the goroutines.
  func appendComments(_ key: String, to buffer: inout [UInt8]) {
    let strings = profile.columns.strings
    let lines = profile.columns.comments.filter { Self.text(strings[$0], key) != nil }
    if lines.isEmpty { return }
    if key == Traceback.trailer { buffer.append(UInt8(ascii: "\n")) }
    for line in lines {
      let comment = strings[line]
      if let range = Self.text(comment, key) { buffer.append(comment.extracting(range)) }
      buffer.append(UInt8(ascii: "\n"))
    }
    if key == Traceback.preamble { buffer.append(UInt8(ascii: "\n")) }
  }

  /// The line in a comment of this key; nil where it is another one, or would break the line.
  static func text(_ comment: Span<UInt8>, _ key: String) -> Range<Int>? {
    let key = Array(key.utf8)
    guard TextBytes.equal(comment, 0, key.span, 0, key.count) else { return nil }
    for i in comment.indices where comment[i] == 0x0a || comment[i] == 0x0d { return nil }
    if comment.count == key.count { return key.count..<key.count }
    return comment[key.count] == 0x20 ? key.count + 1..<comment.count : nil
  }
}
