import ProfileModel

/// The lines of a text, one after another, of which no more than a chunk is held.
///
///     var lines = TextLines(maxLine: options.maxLine)
///     while let line = try lines.next(&source) {   // a range of `lines.bytes`, without its LF
///     }
struct TextLines: ~Copyable {
  private var input: TextInput
  private let maxLine: Int
  /// Of the line that ``next(_:)`` gave last, from 1.
  private(set) var number = 0
  private(set) var current = 0..<0

  init(maxLine: Int) {
    input = TextInput(maxLine: maxLine)
    self.maxLine = maxLine
  }

  /// What the ranges are ranges of. Changes with every line.
  var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { input.buffer.span }
  }

  mutating func next(_ source: inout ByteSource) throws(ProfileError) -> Range<Int>? {
    var end = TextBytes.newline(in: input.buffer.span, from: input.position)
    if end == nil {
      if !(try input.advance(&source)) { return nil }
      end = TextBytes.newline(in: input.buffer.span, from: input.position)
    }
    guard let end else { return nil }
    number += 1
    current = input.position..<end
    input.position = end + 1
    if current.count > maxLine { throw TextInput.tooLong(maxLine, at: .line(number, column: nil, text: nil)) }
    return current
  }

  /// The place of the line that was given last, for errors; `at` is a position in ``bytes``.
  func place(at: Int? = nil) -> ProfileError.Place { TextBytes.place(bytes, line: number, current, at: at) }
}
