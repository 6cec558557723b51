public import ProfileModel

/// Where the threads of a C++ server stand (`/pprof/threadz`), as text:
///
///     --- threadz 1 ---
///
///     --- Thread 7f01 (name: main/12) stack: ---
///       PC: 0x00401000: helper(arg *)       the leaf, no return address
///       0x402000: main
///     --- Thread 7f02 (name: worker/13) stack: ---
///       [same as previous thread]
///     --- Thread 7f03 (name: timer/14) stack: ---
///       0x403000: nap
///         creator: 0x404000 0x405000        belongs to the stack
///     --- Memory map: ---                   or a line that begins `---- no stack trace for`
///       00400000-00500000: /bin/app abc123
///
/// A sample a stack; the second thread counts with the first. pprof counts a thread without a stack so, too, and loses all
/// names: those of functions become functions here, those of threads comments, `# thread 7f01 main/12: sample 0`.
enum ThreadText {
  /// What stands in the line that begins a thread.
  struct Header {
    /// `7f01`
    var id: Range<Int>
    /// `main/12`
    var name: Range<Int>

    /// nil where the line begins none; the words may stand anywhere in it.
    init?(_ bytes: Span<UInt8>, _ line: Range<Int>) {
      var from = line.lowerBound
      // Looked for once a line: of all beginnings the same end is the last.
      var end: (slash: Int, close: Int)?
      while let start = TextBytes.find("--- Thread ", in: bytes, from..<line.upperBound) {
        from = start + 1
        let id = start + 11
        let idEnd = TextBytes.hexDigits(bytes, from: id, to: line.upperBound)
        guard idEnd > id, TextBytes.has(" (name: ", bytes, at: idEnd), idEnd + 8 <= line.upperBound else { continue }
        if end == nil { end = Self.end(bytes, idEnd + 8..<line.upperBound) }
        guard let end, end.slash >= idEnd + 8 else { return nil }
        self.id = id..<idEnd
        name = idEnd + 8..<end.close
        return
      }
      return nil
    }

    /// Where the last `/NUMBER) stack: ---` begins and closes its parenthesis.
    private static func end(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (slash: Int, close: Int)? {
      var last: (slash: Int, close: Int)?
      var from = range.lowerBound
      while let close = TextBytes.find(") stack: ---", in: bytes, from..<range.upperBound) {
        from = close + 1
        var digits = close
        while digits > range.lowerBound, TextBytes.isDigit(bytes[digits - 1]) { digits -= 1 }
        if digits < close, digits > range.lowerBound, bytes[digits - 1] == UInt8(ascii: "/") {
          last = (digits - 1, close)
        }
      }
      return last
    }
  }

  /// `--- threadz 1 ---`, anywhere in a line.
  static func isFirst(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
    var from = line.lowerBound
    while let start = TextBytes.find("--- threadz ", in: bytes, from..<line.upperBound) {
      from = start + 1
      let end = TextBytes.digits(bytes, from: start + 12, to: line.upperBound)
      if end > start + 12, end + 4 <= line.upperBound, TextBytes.has(" ---", bytes, at: end) { return true }
    }
    return false
  }
}

/// The threads of a C++ server. See ``ThreadText``.
public struct GperftoolsThreadReader: ProfileReader {
  public let info = FormatInfo(
    id: FormatID("gperftools-threads"), aliases: ["threadz"], extensions: ["txt"],
    summary: "where the threads of a C++ server stand (`--- threadz 1 ---`)")

  public init() {}

  /// Certain by the first line that is neither empty nor a comment.
  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    let text = TextDecoder.prefix(prefix)
    var at = 0
    while at < text.count {
      let end = TextBytes.newline(in: text.span, from: at)
      if end == nil, !isWhole { return text.count - at < 4096 ? .needMore : .no }
      let line = TextBytes.trimmed(text.span, at..<(end ?? text.count))
      at = (end ?? text.count) + 1
      if line.isEmpty || text[line.lowerBound] == UInt8(ascii: "#") { continue }
      return ThreadText.isFirst(text.span, line) || ThreadText.Header(text.span, line) != nil ? .certain : .no
    }
    return isWhole ? .no : .needMore
  }

  public func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    var lines = TextLines(maxLine: options.maxLine)
    var parser = ThreadParser()
    while let line = try lines.next(&source) { try parser.take(line, lines, &diagnostics) }
    return try parser.finish(&diagnostics)
  }

  /// A thread ends where the next one begins, or the memory map.
  public func mend(_ input: [UInt8], _ damage: Damage) -> Mended {
    var end = input.count
    if case .from(let offset) = damage { end = min(offset, end) }
    end = TextRecords.lineStart(input, end)
    var at = end
    while damage == .cut, at > 0 {
      at = TextRecords.lineStart(input, at - 1)
      let line = at..<(TextBytes.newline(in: input.span, from: at) ?? end)
      if ThreadText.Header(input.span, line) != nil {
        end = at
        break
      }
      // What begins so is the end of the threads.
      if TextBytes.has("--- Memory map: ---", input.span, at: at) || TextBytes.has("----", input.span, at: at) { break }
    }
    return Mended(Array(input[..<end]), kept: end)
  }
}
