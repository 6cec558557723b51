/// Whether a file name is an absolute URL to Go's net/url. pprof shows such a mapping without its file, since it takes the
/// name for one that it made up itself; `C:\app.exe` is one too, of scheme `c`.
package enum AbsoluteURL {
  package static func isOne(_ name: [UInt8]) -> Bool {
    guard let colon = schemeEnd(name) else { return false }
    if name.contains(where: { $0 < 0x20 || $0 == 0x7f }) { return false }
    var rest = name[(colon + 1)...]
    if let hash = rest.firstIndex(of: UInt8(ascii: "#")) {
      if !hasGoodEscapes(rest[(hash + 1)...]) { return false }
      rest = rest[..<hash]
    }
    if let question = rest.firstIndex(of: UInt8(ascii: "?")) { rest = rest[..<question] }
    // Without a slash nothing is looked at any closer.
    if rest.first != UInt8(ascii: "/") { return true }
    if rest.starts(with: Array("//".utf8)) {
      let authority = rest.dropFirst(2).prefix { $0 != UInt8(ascii: "/") }
      if !isAuthority(authority) { return false }
      rest = rest[authority.endIndex...]
    }
    return hasGoodEscapes(rest)
  }

  /// Where the colon behind a scheme stands.
  private static func schemeEnd(_ name: [UInt8]) -> Int? {
    for (i, byte) in name.enumerated() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): continue
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
        if i == 0 { return nil }
      case UInt8(ascii: ":"): return i > 0 ? i : nil
      default: return nil
      }
    }
    return nil
  }

  private static func hasGoodEscapes(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    while let percent = rest.firstIndex(of: UInt8(ascii: "%")) {
      let digits = rest[(percent + 1)...].prefix(2)
      if digits.count < 2 || !digits.allSatisfy(isHexDigit) { return false }
      rest = rest[(percent + 3)...]
    }
    return true
  }

  /// `user@host:port`, near enough.
  private static func isAuthority(_ text: ArraySlice<UInt8>) -> Bool {
    var host = text
    if let at = text.lastIndex(of: UInt8(ascii: "@")) {
      let user = text[..<at]
      let allowed = Array("-._:~!$&'()*+,;=%@".utf8)
      let isGood = user.allSatisfy { byte in
        isDigit(byte) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a) || allowed.contains(byte)
      }
      if !isGood || !hasGoodEscapes(user) { return false }
      host = text[(at + 1)...]
    }
    if host.first == UInt8(ascii: "[") {
      guard let bracket = host.lastIndex(of: UInt8(ascii: "]")) else { return false }
      return isPort(host[(bracket + 1)...])
    }
    if let colon = host.lastIndex(of: UInt8(ascii: ":")) {
      if !isPort(host[colon...]) { return false }
      host = host[..<colon]
    }
    // A host has no blank and none of these; what is not ASCII may stand in it, also escaped.
    let refused = Array(" \\^`{}|%".utf8)
    return !host.contains { refused.contains($0) }
  }

  private static func isPort(_ text: ArraySlice<UInt8>) -> Bool {
    text.isEmpty || (text.first == UInt8(ascii: ":") && text.dropFirst().allSatisfy { isDigit($0) })
  }

  private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
  }
}
