/// Text of others in Markdown.
package enum MarkdownText {
  /// In a cell of a table of GitHub's Markdown: nothing in it is markup, a mention or the end of the cell.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar.isASCII, "\\`*_{}[]<>()#+!|~@$:&\"'".unicodeScalars.contains(scalar) {
        result += "&#\(scalar.value);"
      } else if scalar.value < 32 || (127..<160).contains(scalar.value) {
        result += ["\n", "\r", "\t"].contains(scalar) ? " " : "\u{fffd}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
