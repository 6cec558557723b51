public import ProfileModel

/// Reads JSON of the schema in `profile.schema.json`. Members may stand in any order.
public struct JSONReader: ProfileReader {
  public let info = FormatInfo(
    id: FormatID("json"), extensions: ["json"], summary: "one documented schema, nothing lost",
    tellsItsEnd: true)

  public init() {}

  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    var text = TextDecoder.prefix(prefix)
    if let first = text.first(where: { $0 > 0x20 }), first != UInt8(ascii: "{") { return .no }
    text.removeAll { $0 <= 0x20 }
    let start = Array("{\"pprofconv\":".utf8)
    if text.starts(with: start) { return .certain }
    if !isWhole, text.count < start.count, start.starts(with: text) { return .needMore }
    // Another program may have sorted the members.
    if text.first == UInt8(ascii: "{"), TextBytes.find("\"pprofconv\":", in: text.span, 0..<text.count) != nil {
      return .possible
    }
    return .no
  }

  public func read(_ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics)
    throws(ProfileError) -> Profile
  {
    var own = ByteSource([])
    swap(&own, &source)
    var parser = JSONParser(JSONScanner(own, maxToken: options.maxLine))
    try parser.readProfile(&diagnostics)
    return try parser.finish()
  }

  public func mend(_ input: [UInt8], _ damage: Damage) -> Mended {
    var mender = JSONMender(input, damage)
    return mender.mended()
  }
}
