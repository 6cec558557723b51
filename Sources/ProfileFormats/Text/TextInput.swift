internal import ProfileModel

/// A text as a row of buffers of whole lines. Holds a chunk and the line that the chunk's end cuts, never the text.
///
///     while try input.advance(&source) {
///       input.position = parse(input.buffer.span, from: input.position)   // up to the last whole line
///     }
struct TextInput: ~Copyable {
  private(set) var buffer: [UInt8] = []
  /// Where the first line begins that was not yet taken.
  var position = 0
  private var decoder: TextDecoder
  /// The chunk behind a line that was put together from two.
  private var pending: [UInt8] = []
  private var pendingPosition = 0
  private let maxLine: Int

  /// - Parameter removesIndent: whether what the first line is indented by is taken off every line.
  init(maxLine: Int, removesIndent: Bool = false) {
    self.maxLine = maxLine
    decoder = TextDecoder(removesIndent: removesIndent)
  }

  /// Makes at least one more whole line stand behind ``position``, ended by LF; false at the end of the text. What is left
  /// in the buffer must be the beginning of a line.
  mutating func advance(_ source: inout ByteSource) throws(ProfileError) -> Bool {
    var tail = Array(buffer[position...])
    if tail.isEmpty, !pending.isEmpty {
      buffer = pending
      position = pendingPosition
      pending = []
      if TextBytes.newline(in: buffer.span, from: position) != nil { return true }
      tail = Array(buffer[position...])
    }
    position = 0
    while true {
      let chunk = try decoder.next(&source)
      if chunk.isEmpty {
        buffer = tail
        if tail.isEmpty { return false }
        try check(tail.count)
        buffer.append(UInt8(ascii: "\n"))
        return true
      }
      guard let end = TextBytes.newline(in: chunk.span, from: 0) else {
        tail.append(contentsOf: chunk)
        try check(tail.count)
        continue
      }
      if tail.isEmpty {
        buffer = chunk
      } else {
        tail.append(contentsOf: chunk[...end])
        try check(tail.count)
        buffer = tail
        pending = chunk
        pendingPosition = end + 1
      }
      return true
    }
  }

  /// Lines up to an empty one, in two pieces of memory: what the chunk before left together with what continues it, and
  /// the rest.
  struct Records: Sendable {
    var lead: [UInt8]
    var body: ArraySlice<UInt8>
  }

  /// The next lines up to the last empty line of a chunk; nil where none follows in the next one: then nothing was taken,
  /// and what is whole stands in ``buffer``. For who has no use for the cut lines of ``advance(_:)``; both may be called in
  /// turn.
  mutating func nextRecords(_ source: inout ByteSource) throws(ProfileError) -> Records? {
    let tail = buffer[position...]
    let chunk = pending.isEmpty ? try decoder.next(&source)[...] : pending[pendingPosition...]
    pending = []
    position = 0
    guard let first = Self.emptyLine(chunk), let last = Self.lastEmptyLine(chunk) else {
      buffer = Array(tail) + chunk
      return nil
    }
    buffer = Array(chunk[last...])
    return Records(lead: Array(tail) + chunk[..<first], body: chunk[first..<last])
  }

  /// Where the line after the first empty one begins.
  private static func emptyLine(_ chunk: ArraySlice<UInt8>) -> Int? {
    var at = chunk.startIndex
    while at + 1 < chunk.endIndex {
      if chunk[at] == UInt8(ascii: "\n"), chunk[at + 1] == UInt8(ascii: "\n") { return at + 2 }
      at += 1
    }
    return nil
  }

  private static func lastEmptyLine(_ chunk: ArraySlice<UInt8>) -> Int? {
    var at = chunk.endIndex - 2
    while at >= chunk.startIndex {
      if chunk[at] == UInt8(ascii: "\n"), chunk[at + 1] == UInt8(ascii: "\n") { return at + 2 }
      at -= 1
    }
    return nil
  }

  private func check(_ length: Int) throws(ProfileError) {
    if length > maxLine { throw Self.tooLong(maxLine) }
  }

  static func tooLong(_ maxLine: Int, at place: ProfileError.Place = .none) -> ProfileError {
    ProfileError(
      .limit, "a line is longer than \(maxLine) bytes", at: place, hint: "`maxLine` raises the limit")
  }
}
