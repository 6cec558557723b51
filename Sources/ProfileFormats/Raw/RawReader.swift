public import ProfileModel

/// Reads what `go tool pprof -raw` printed: all that it says. Functions have no ids there and are numbered by first use;
/// what drop_frames took away is gone.
public struct RawReader: ProfileReader {
  public let info = FormatInfo(
    id: FormatID("raw"), extensions: ["raw"], summary: "what `go tool pprof -raw` prints",
    cannotExpress: RawLosses.fields)

  public init() {}

  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    let text = TextDecoder.prefix(prefix)
    let bytes = text.span
    let firsts: [StaticString] = ["PeriodType:", "Comment: ", "Doc: "]
    guard firsts.contains(where: { TextBytes.has($0, bytes, at: 0) }) else {
      // A few bytes of what may become one of them.
      let isStart = firsts.contains { $0.description.utf8.starts(with: text) }
      return isStart && !isWhole ? .needMore : .no
    }
    if TextBytes.find("\nSamples:\n", in: bytes, 0..<bytes.count) != nil { return .certain }
    return isWhole ? .possible : .needMore
  }

  public func read(_ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics)
    throws(ProfileError) -> Profile
  {
    var lines = TextLines(maxLine: options.maxLine)
    var parser = RawParser()
    while let line = try lines.next(&source) { try parser.take(line, lines, &diagnostics) }
    return try parser.finish(lines, &diagnostics)
  }

  public func mend(_ input: [UInt8], _ damage: Damage) -> Mended { RawMender(input, damage).mended() }
}
