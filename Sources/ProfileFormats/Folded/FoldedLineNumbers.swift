import ProfileModel

/// The variant with line numbers, `main:12;f:3 5`.
enum FoldedLineNumbers {
  /// The functions without their lines, each once, and the lines in their place.
  static func applied(to columns: ProfileColumns) -> ProfileColumns {
    var builder = ProfileBuilder()
    builder.begin(with: columns.strings)
    var lines: [Line] = []
    for function in columns.functions {
      let range = columns.strings.range(function.name)
      let bytes = columns.strings.bytes.span
      let colon = Folded.lineNumber(bytes, range) ?? range.upperBound
      let name = builder.string(bytes.extracting(range.lowerBound..<colon))
      let number = colon < range.upperBound ? TextBytes.decimal(bytes, colon + 1..<range.upperBound) : nil
      lines.append(
        Line(function: builder.function(Function(name: name, systemName: name)), line: number ?? 0))
    }
    var result = columns
    result.strings = builder.columns.strings
    result.functions = builder.columns.functions
    for i in result.lines.indices { result.lines[i] = lines[result.lines[i].function.position] }
    return result
  }
}
