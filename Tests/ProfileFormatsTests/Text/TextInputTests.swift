import ProfileModel
import Testing

@testable import ProfileFormats

@Suite struct TextInputTests {
  /// All lines of a text that comes in pieces, joined by `|`.
  static func lines(_ bytes: [UInt8], inPiecesOf size: Int, maxLine: Int = 1 << 20) throws(ProfileError) -> String {
    var at = 0
    var source = ByteSource { () throws(ProfileError) in
      let end = min(at + size, bytes.count)
      defer { at = end }
      return Array(bytes[at..<end])
    }
    var input = TextInput(maxLine: maxLine)
    var lines: [String] = []
    while try input.advance(&source) {
      while let end = TextBytes.newline(in: input.buffer.span, from: input.position) {
        lines.append(String(decoding: input.buffer[input.position..<end], as: UTF8.self))
        input.position = end + 1
      }
    }
    return lines.joined(separator: "|")
  }

  static func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
    text.utf16.flatMap { bigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] }
  }

  static let text = "heap é日🙂\nb\n\nlonger line here\nend"
  static let encodings: [(String, [UInt8])] = {
    let crlf = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
    let cr = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r")
    return [
      ("LF", Array(text.utf8)),
      ("LF at the end", Array((text + "\n").utf8)),
      ("CRLF", Array(crlf.utf8)),
      ("CR", Array(cr.utf8)),
      ("BOM", [0xef, 0xbb, 0xbf] + Array(text.utf8)),
      ("UTF-16LE", utf16(crlf, bigEndian: false)),
      ("UTF-16BE", utf16(crlf, bigEndian: true)),
      ("UTF-16LE with BOM", [0xff, 0xfe] + utf16(crlf, bigEndian: false)),
      ("UTF-16BE with BOM", [0xfe, 0xff] + utf16(text, bigEndian: true)),
    ]
  }()

  @Test(arguments: encodings, [1, 2, 3, 5, 1000])
  func `every encoding gives the same lines, in pieces of any size`(_ encoding: (String, [UInt8]), _ size: Int) throws {
    #expect(try Self.lines(encoding.1, inPiecesOf: size) == "heap é日🙂|b||longer line here|end")
  }

  @Test func `half a pair of UTF-16 is shown as such, and half a unit is nothing`() throws {
    let bytes =
      Self.utf16("ab", bigEndian: false) + [0x3d, 0xd8] + Self.utf16("c", bigEndian: false) + [0x3d, 0xd8, 0x21]
    #expect(try Self.lines(bytes, inPiecesOf: 3) == "ab\u{fffd}c\u{fffd}")
  }

  @Test func `a lone CR is content where lines end in LF`() throws {
    #expect(try Self.lines(Array("a\rb\nc\r\n".utf8), inPiecesOf: 2) == "a\rb|c\r")
  }

  @Test func `no text has no lines`() throws {
    #expect(try Self.lines([], inPiecesOf: 1) == "")
  }

  @Test(arguments: [1, 4, 100])
  func `a line that is too long is an error that names the option`(_ size: Int) {
    let error = #expect(throws: ProfileError.self) {
      var source = ByteSource(
        Array("heap profile: 1: 1 [2: 2] @ heap/2\n# \(String(repeating: "x", count: 200))\n".utf8))
      var options = ReadOptions()
      options.maxLine = 100
      var diagnostics = Diagnostics()
      _ = try Debug1Reader().read(&source, options: options, diagnostics: &diagnostics)
    }
    #expect(error?.code == .limit)
    #expect(error?.hint?.contains("`maxLine`") == true)
    #expect(throws: ProfileError.self) {
      try Self.lines(Array(String(repeating: "x", count: 200).utf8), inPiecesOf: size, maxLine: 100)
    }
  }

  @Test func `the end of a line is found wherever it stands`() {
    for at in 0..<40 {
      var bytes = [UInt8](repeating: 0x0b, count: 40)
      bytes[at] = 0x0a
      let found = (0...at + 1).map { TextBytes.newline(in: bytes.span, from: $0) }
      #expect(found == Array(repeating: at, count: at + 1) + [nil])
    }
  }

  @Test func `bytes are equal where all are`() {
    let a = (0..<50).map { UInt8($0) }
    func equal(_ b: [UInt8], _ i: Int, _ j: Int, _ count: Int) -> Bool { TextBytes.equal(a.span, i, b.span, j, count) }
    for count in 0...40 {
      #expect(equal(a, 3, 3, count))
      for changed in 0..<count {
        var b = a
        b[3 + changed] ^= 0x80
        #expect(!equal(b, 3, 3, count))
      }
    }
    #expect(!equal(a, 45, 0, 10))
  }
}
