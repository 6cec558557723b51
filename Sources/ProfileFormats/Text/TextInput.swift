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
  private var decoder = TextDecoder()
  /// The chunk behind a line that was put together from two.
  private var pending: [UInt8] = []
  private var pendingPosition = 0
  private let maxLine: Int

  init(maxLine: Int) { self.maxLine = maxLine }

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

  private func check(_ length: Int) throws(ProfileError) {
    if length > maxLine { throw Self.tooLong(maxLine) }
  }

  static func tooLong(_ maxLine: Int, at place: ProfileError.Place = .none) -> ProfileError {
    ProfileError(
      .limit, "a line is longer than \(maxLine) bytes", at: place, hint: "`maxLine` raises the limit")
  }
}
