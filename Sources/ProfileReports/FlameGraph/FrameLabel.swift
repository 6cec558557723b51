/// Names in the room that there is. Letters of Chinese, Japanese and Korean count double.
enum FrameLabel {
  /// The name, or without the folders of its package, or its beginning; nothing where not even two letters fit.
  static func fit(_ name: String, to letters: Int) -> String {
    if width(name) <= letters { return name }
    let short = withoutFolders(name)
    if width(short) <= letters { return short }
    return cut(short, to: letters)
  }

  /// The beginning, and an ellipsis.
  static func cut(_ text: String, to letters: Int) -> String {
    // A long name is not measured to its end.
    var room = letters
    var end = text.unicodeScalars.startIndex
    var last = end
    for index in text.unicodeScalars.indices {
      room -= width(text.unicodeScalars[index])
      if room < 0 { return letters < 3 ? "" : String(text.unicodeScalars[..<last]) + "…" }
      last = end
      end = text.unicodeScalars.index(after: index)
      last = room >= 1 ? end : last
    }
    return text
  }

  /// Broken at blanks into at most so many lines, the last of them cut.
  static func wrapped(_ text: String, to letters: Int, lines most: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if line.isEmpty || lines.count + 1 >= most || width(longer) <= letters {
        line = longer
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    return (lines + [line]).map { cut($0, to: letters) }
  }

  /// `http.(*conn).serve` of `net/http.(*conn).serve`.
  private static func withoutFolders(_ name: String) -> String {
    let head = name.unicodeScalars.prefix { !"([<{ ".unicodeScalars.contains($0) }
    guard let slash = head.lastIndex(of: "/") else { return name }
    return String(name.unicodeScalars[name.unicodeScalars.index(after: slash)...])
  }

  static func width(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + width($1) } }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60,
      0x1f300...0x1faff, 0x20000...0x3fffd:
      2
    default: 1
    }
  }
}
