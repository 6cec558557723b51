/// What stands over the frames: the title, what the picture is of, and room for the controls that a script adds. They are
/// beside the title where it leaves them room, and below it elsewhere.
///
/// The script (`flamegraph.js`) has the same rows: buttons and search box take one, or two in pictures of less than 400
/// pixels, and below them is said how much was found.
struct FlameGraphHead {
  let title: [String]
  let subtitle: [String]
  let controlsTop: Int
  let frameTop: Int
  private let subtitleTop: Int

  /// What the controls take beside a title, and what is found beside a subtitle.
  private static let controlsWidth = 400
  private static let matchedWidth = 160
  private static let titleRow = 22
  private static let subtitleRow = 18

  init(title: String, subtitle: String, width: Int) {
    let room = width - 2 * FlameGraph.margin
    func letters(_ pixels: Int) -> Int { Int(Double(pixels) / 9.6) }
    if FrameLabel.width(title) <= letters(room - Self.controlsWidth) {
      self.title = [title]
      self.subtitle = FrameLabel.wrapped(subtitle, to: SentenceText.letters(in: room - Self.matchedWidth), lines: 4)
      subtitleTop = 46
      controlsTop = 12
      frameTop = 62 + Self.subtitleRow * (self.subtitle.count - 1)
      return
    }
    self.title = FrameLabel.wrapped(title, to: letters(room), lines: 2)
    self.subtitle = FrameLabel.wrapped(subtitle, to: SentenceText.letters(in: room), lines: 4)
    subtitleTop = 46 + Self.titleRow * (self.title.count - 1)
    controlsTop = subtitleTop + Self.subtitleRow * (self.subtitle.count - 1) + 12
    frameTop = controlsTop + (width < 400 ? 64 : 32) + 18
  }

  func append(to buffer: inout [UInt8]) {
    SentenceText.append(title, id: "title", y: 26, row: Self.titleRow, to: &buffer)
    SentenceText.append(subtitle, id: "subtitle", y: subtitleTop, row: Self.subtitleRow, to: &buffer)
  }
}

/// Sentences in a picture: SVG breaks no lines.
enum SentenceText {
  /// How many letters of 12 pixels have room: of a proportional font, so it is a guess that is rather too small.
  static func letters(in pixels: Int) -> Int { Int(Double(pixels) / 6.8) }

  /// Lines below each other.
  static func append(
    _ lines: [String], id: String? = nil, style: String? = nil, y: Int, row: Int, to buffer: inout [UInt8]
  ) {
    buffer.append("<text")
    if let id { buffer.append(" id=\"\(id)\"") }
    if let style { buffer.append(" class=\"\(style)\"") }
    buffer.append(" x=\"\(FlameGraph.margin)\" y=\"\(y)\">")
    buffer.append(escaped: lines.first ?? "")
    for (i, line) in lines.enumerated().dropFirst() {
      // The blank is for those who read the lines as one text.
      buffer.append(" <tspan x=\"\(FlameGraph.margin)\" y=\"\(y + row * i)\">")
      buffer.append(escaped: line)
      buffer.append("</tspan>")
    }
    buffer.append("</text>\n")
  }
}
