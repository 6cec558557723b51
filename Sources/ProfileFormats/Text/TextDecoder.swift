internal import ProfileModel

/// Turns the bytes of a text, whatever wrote them, into UTF-8 with LF ends and without a byte order mark: PowerShell's `>`
/// makes UTF-16 with CRLF of what a Go program printed.
///
/// Plain text passes as it is, chunk by chunk, without a copy. Of a text that was indented as a whole (into Markdown, say), what
/// its first line is indented by can be taken off every line.
package struct TextDecoder {
  enum Encoding: Equatable {
    case utf8
    case utf16(isBigEndian: Bool)
  }
  enum LineEnd {
    case lf, crlf, cr
  }

  private var encoding = Encoding.utf8
  private var lineEnd = LineEnd.lf
  private var hasStarted = false
  private let removesIndent: Bool
  /// The blanks that the first line begins with, where they are taken off every line.
  private var indent: [UInt8] = []
  /// How much of ``indent`` the line at hand has begun with; nil: behind its beginning.
  private var indented: Int? = 0
  /// The last chunk ended in a CR, which its LF may follow.
  private var holdsCR = false
  /// The first byte of a unit that the last chunk cut.
  private var heldUnit: UInt8?
  /// The first half of a pair.
  private var highSurrogate: UInt16?
  private var isAtEnd = false

  /// How much is looked at before the ends of the lines are decided on.
  private static let lookahead = 1 << 16

  init(removesIndent: Bool = false) { self.removesIndent = removesIndent }

  /// The next chunk, empty at the end.
  mutating func next(_ source: inout ByteSource) throws(ProfileError) -> [UInt8] {
    while !isAtEnd {
      let isFirst = !hasStarted
      if isFirst { _ = try source.fill(Self.lookahead) }
      var chunk = try source.next()
      isAtEnd = chunk.isEmpty
      if !hasStarted {
        hasStarted = true
        let (found, markLength) = Self.encoding(chunk.span)
        encoding = found
        if markLength > 0 { chunk.removeFirst(markLength) }
        if encoding != .utf8 { chunk = utf8(chunk) }
        lineEnd = Self.lineEnd(chunk.span)
      } else if encoding != .utf8 {
        chunk = utf8(chunk)
      }
      if lineEnd != .lf { chunk = unified(chunk) }
      if isFirst, removesIndent { indent = Self.indent(chunk) }
      if !indent.isEmpty { chunk = unindented(chunk) }
      if !chunk.isEmpty { return chunk }
    }
    return []
  }

  /// The first bytes of a text, for detection.
  package static func prefix(_ bytes: Span<UInt8>, removesIndent: Bool = false) -> [UInt8] {
    var decoder = TextDecoder(removesIndent: removesIndent)
    let (found, markLength) = encoding(bytes)
    decoder.encoding = found
    var chunk = TextBytes.copy(bytes, min(markLength, bytes.count)..<bytes.count)
    if found != .utf8 { chunk = decoder.utf8(chunk) }
    decoder.lineEnd = lineEnd(chunk.span)
    if decoder.lineEnd != .lf { chunk = decoder.unified(chunk) }
    if removesIndent { decoder.indent = indent(chunk) }
    return decoder.indent.isEmpty ? chunk : decoder.unindented(chunk)
  }

  /// The blanks before the first two lines that are not empty, where both have the same. A name may begin with one, too.
  private static func indent(_ text: [UInt8]) -> [UInt8] {
    var found: [UInt8]?
    var rest = text[...]
    while !rest.isEmpty {
      let line = rest.prefix { $0 != UInt8(ascii: "\n") }
      rest = rest.dropFirst(line.count + 1)
      let blanks = line.prefix { TextBytes.isBlank($0) }
      if blanks.count == line.count { continue }
      if let found { return line.starts(with: found) ? found : [] }
      if blanks.isEmpty { return [] }
      found = Array(blanks)
    }
    return []
  }

  /// `chunk` without ``indent`` before its lines, or as much of it as they have.
  private mutating func unindented(_ chunk: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(chunk.count)
    for byte in chunk {
      if let begun = indented, begun < indent.count, byte == indent[begun] {
        indented = begun + 1
        continue
      }
      indented = byte == UInt8(ascii: "\n") ? 0 : nil
      result.append(byte)
    }
    return result
  }

  /// What a text is written in, and the length of its byte order mark. Without a mark, UTF-16 shows by the zeros beside the
  /// first letters, which are ASCII in every format.
  private static func encoding(_ bytes: Span<UInt8>) -> (Encoding, Int) {
    guard bytes.count >= 4 else { return (.utf8, 0) }
    switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
    case (0xef, 0xbb, 0xbf, _): return (.utf8, 3)
    case (0xff, 0xfe, _, _): return (.utf16(isBigEndian: false), 2)
    case (0xfe, 0xff, _, _): return (.utf16(isBigEndian: true), 2)
    case (1..., 0, 1..., 0): return (.utf16(isBigEndian: false), 0)
    case (0, 1..., 0, 1...): return (.utf16(isBigEndian: true), 0)
    default: return (.utf8, 0)
    }
  }

  /// Lone CRs end lines only in a text that has no LF; elsewhere they are content, as they are to pprof.
  private static func lineEnd(_ bytes: Span<UInt8>) -> LineEnd {
    let searched = bytes.extracting(0..<min(bytes.count, lookahead))
    if let lf = TextBytes.newline(in: searched, from: 0) {
      return lf > 0 && searched[lf - 1] == UInt8(ascii: "\r") ? .crlf : .lf
    }
    for i in searched.indices where searched[i] == UInt8(ascii: "\r") && i + 1 < bytes.count { return .cr }
    return .lf
  }

  /// `chunk` with LF for each line end.
  private mutating func unified(_ chunk: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(chunk.count + 1)
    if lineEnd == .cr {
      for byte in chunk { result.append(byte == UInt8(ascii: "\r") ? UInt8(ascii: "\n") : byte) }
      return result
    }
    for byte in chunk {
      if holdsCR, byte != UInt8(ascii: "\n") { result.append(UInt8(ascii: "\r")) }
      holdsCR = byte == UInt8(ascii: "\r")
      if !holdsCR { result.append(byte) }
    }
    if isAtEnd, holdsCR {
      holdsCR = false
      result.append(UInt8(ascii: "\r"))
    }
    return result
  }

  /// UTF-16 as UTF-8; half a pair becomes U+FFFD, half a unit at the end nothing.
  private mutating func utf8(_ chunk: [UInt8]) -> [UInt8] {
    guard case .utf16(let isBigEndian) = encoding else { return chunk }
    var result: [UInt8] = []
    result.reserveCapacity(chunk.count / 2 + 4)
    var first = heldUnit
    for byte in chunk {
      guard let other = first else {
        first = byte
        continue
      }
      first = nil
      let unit = isBigEndian ? UInt16(other) << 8 | UInt16(byte) : UInt16(byte) << 8 | UInt16(other)
      append(unit, to: &result)
    }
    heldUnit = first
    if isAtEnd, highSurrogate != nil { result.append(contentsOf: Self.replacement) }
    return result
  }

  /// U+FFFD.
  private static let replacement: [UInt8] = [0xef, 0xbf, 0xbd]

  private mutating func append(_ unit: UInt16, to result: inout [UInt8]) {
    var scalar = UInt32(unit)
    if let high = highSurrogate {
      highSurrogate = nil
      if unit & 0xfc00 == 0xdc00 {
        scalar = 0x10000 + (UInt32(high & 0x3ff) << 10 | UInt32(unit & 0x3ff))
      } else {
        result.append(contentsOf: Self.replacement)
      }
    }
    if scalar & 0xffff_fc00 == 0xd800 {
      highSurrogate = unit
      return
    }
    result.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{fffd}").utf8)
  }
}
