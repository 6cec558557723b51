import ProfileModel

/// The keys of labels, as strings of the profile.
struct TracebackKeys {
  let id, state, wait, flag, bubble, attribute, gp, m, mp: StringIndex
  let creator, createdAt, parent, elided, elidedAfter, ancestor: StringIndex
  let minutes, count: StringIndex

  init(_ builder: inout ProfileBuilder) {
    id = builder.string(Traceback.id)
    state = builder.string(Traceback.state)
    wait = builder.string(Traceback.wait)
    flag = builder.string(Traceback.flag)
    bubble = builder.string(Traceback.bubble)
    attribute = builder.string(Traceback.attribute)
    gp = builder.string(Traceback.gp)
    m = builder.string(Traceback.m)
    mp = builder.string(Traceback.mp)
    creator = builder.string(Traceback.creator)
    createdAt = builder.string(Traceback.createdAt)
    parent = builder.string(Traceback.parent)
    elided = builder.string(Traceback.elided)
    elidedAfter = builder.string(Traceback.elidedAfter)
    ancestor = builder.string(Traceback.ancestor)
    minutes = builder.string(Traceback.minutes)
    count = builder.string(Traceback.count)
  }
}

/// What is known of the goroutine at hand beside its stack, as labels.
struct TracebackGoroutine {
  let keys: TracebackKeys
  var isUnavailable = false
  /// Whether the creator stands there already; what a creator is called twice is an ancestor's.
  private(set) var hasCreator = false
  private var hasElision = false
  private var labels: [Label] = []
  private var own: [Label] = []
  private var scratch: [UInt8] = []

  init(keys: TracebackKeys) { self.keys = keys }

  mutating func begin(_ header: TracebackHeader, _ bytes: Span<UInt8>, _ builder: inout ProfileBuilder) {
    labels.removeAll(keepingCapacity: true)
    own.removeAll(keepingCapacity: true)
    isUnavailable = false
    hasCreator = false
    hasElision = false
    let status = TracebackStatus(bytes, header.status)
    labels.append(number(keys.id, header.id))
    let isUnknown = status.state.count == 7 && TextBytes.has("unknown", bytes, at: status.state.lowerBound)
    if !isUnknown { labels.append(Label(key: keys.state, str: builder.string(bytes.extracting(status.state)))) }
    if let minutes = status.minutes { labels.append(Label(key: keys.wait, num: minutes, unit: keys.minutes)) }
    for mark in status.marks { labels.append(Label(key: keys.flag, str: builder.string(mark))) }
    if status.isLocked { labels.append(Label(key: keys.flag, str: builder.string(Traceback.locked))) }
    if let bubble = status.bubble { labels.append(number(keys.bubble, bubble)) }
    for other in status.others {
      labels.append(Label(key: keys.attribute, str: builder.string(bytes.extracting(other))))
    }
    for (key, range) in [(keys.gp, header.gp), (keys.m, header.m), (keys.mp, header.mp)] {
      if let range { labels.append(Label(key: key, str: builder.string(bytes.extracting(range)))) }
    }
    guard let range = header.labels else { return }
    if let pairs = TracebackQuote.pairs(bytes, range) {
      for (key, value) in pairs {
        own.append(Label(key: builder.string(key.span), str: builder.string(value.span)))
      }
    } else {
      labels.append(
        Label(key: keys.attribute, str: builder.string(bytes.extracting(range.lowerBound - 1..<range.upperBound + 1))))
    }
  }

  private func number(_ key: StringIndex, _ value: Int64) -> Label { Label(key: key, num: value, unit: keys.count) }

  // MARK: created by

  /// - Parameters:
  ///   - text: `created by main.f in goroutine 1`.
  ///   - place: `FILE:LINE`.
  ///   - isKnown: whether the place says anything.
  mutating func setCreator(
    _ text: Span<UInt8>, at place: Span<UInt8>, isKnown: Bool, isAncestor: Bool, _ builder: inout ProfileBuilder
  ) {
    if isAncestor {
      scratch.removeAll(keepingCapacity: true)
      scratch.append(text)
      scratch.append(0x09)
      scratch.append(place)
      labels.append(Label(key: keys.ancestor, str: builder.string(scratch.span)))
      return
    }
    if hasCreator { return }
    hasCreator = true
    let (name, parent) = Self.creator(text)
    labels.append(Label(key: keys.creator, str: builder.string(text.extracting(name))))
    if isKnown { labels.append(Label(key: keys.createdAt, str: builder.string(place))) }
    if let parent { labels.append(number(keys.parent, parent)) }
  }

  /// The name in `created by main.f in goroutine 1`, and the number.
  static func creator(_ text: Span<UInt8>) -> (name: Range<Int>, parent: Int64?) {
    let start: StaticString = "created by "
    let middle: StaticString = " in goroutine "
    let name = min(start.utf8CodeUnitCount, text.count)..<text.count
    var digits = name.upperBound
    while digits > name.lowerBound, TextBytes.isDigit(text[digits - 1]) { digits -= 1 }
    let end = digits - middle.utf8CodeUnitCount
    guard end > name.lowerBound, TextBytes.has(middle, text, at: end),
      let parent = TextBytes.decimal(text, digits..<name.upperBound)
    else { return (name, nil) }
    return (name.lowerBound..<end, parent)
  }

  // MARK: Ancestors

  mutating func beginAncestor(_ id: Int64, _ builder: inout ProfileBuilder) {
    labels.append(Label(key: keys.ancestor, str: builder.string("goroutine \(id)")))
  }

  mutating func addAncestor(
    _ name: Span<UInt8>, _ bytes: Span<UInt8>, _ place: TracebackPlace, _ builder: inout ProfileBuilder
  ) {
    scratch.removeAll(keepingCapacity: true)
    scratch.append(name)
    scratch.append(0x09)
    scratch.append(bytes.extracting(place.text))
    labels.append(Label(key: keys.ancestor, str: builder.string(scratch.span)))
  }

  mutating func addAncestorNote(_ text: Span<UInt8>, _ builder: inout ProfileBuilder) {
    labels.append(Label(key: keys.ancestor, str: builder.string(text)))
  }

  // MARK: Frames that are not there

  mutating func elide(_ elision: TracebackElision, after frames: Int, _ builder: inout ProfileBuilder) -> Bool {
    if hasElision { return false }
    hasElision = true
    guard let count = elision.count else {
      labels.append(Label(key: keys.flag, str: builder.string(Traceback.framesElided)))
      return true
    }
    labels.append(number(keys.elided, count))
    if frames != Traceback.innerFrames { labels.append(number(keys.elidedAfter, Int64(frames))) }
    return true
  }

  mutating func finish(_ builder: inout ProfileBuilder) -> LabelSetIndex {
    if isUnavailable { labels.append(Label(key: keys.flag, str: builder.string(Traceback.unavailable))) }
    labels.append(contentsOf: own)
    return builder.labelSet(labels)
  }
}
