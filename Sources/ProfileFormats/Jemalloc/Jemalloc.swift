public import ProfileModel

/// jemalloc's heap profile (`MALLOC_CONF=prof:true`, `mallctl("prof.dump")`), which pprof does not read:
///
///     heap_v2/524288                        the mean distance of two samples, in bytes
///       t*: 888: 5227385 [0: 0]             all threads: objects, bytes, and accumulated with prof_accum
///       t0: 300: 1741816 [0: 0] main        each thread, perhaps with its name
///     @ 0x7fc4608a2630 0x7fc4608a2d21 …     a stack of return addresses, leaf first; jemalloc's own frames too
///       t*: 10: 575288 [0: 0]
///       t2: 10: 575288 [0: 0]               a sample with the label thread=2
///     (empty)
///     MAPPED_LIBRARIES:
///     …
///
/// The values are scaled up as pprof scales those of `heap_v2`. The allocated columns are there if any of them is not 0.
enum Jemalloc {
  /// `heap_v2/524288`, and no more in its line.
  static func rate(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Range<Int>? {
    let text = TextBytes.trimmed(bytes, line)
    guard TextBytes.has("heap_v2/", bytes, at: text.lowerBound) else { return nil }
    let digits = text.lowerBound + 8
    let end = TextBytes.digits(bytes, from: digits, to: text.upperBound)
    return end > digits && end == text.upperBound ? digits..<end : nil
  }
}

/// jemalloc's heap profiles. See ``Jemalloc``.
public struct JemallocReader: ProfileReader {
  public let info = FormatInfo(
    id: FormatID("jemalloc"), extensions: ["heap"], summary: "jemalloc's heap profile (`heap_v2`)")

  public init() {}

  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    let text = TextDecoder.prefix(prefix)
    guard let end = TextBytes.newline(in: text.span, from: 0) ?? (isWhole ? text.count : nil) else {
      return text.count < 64 ? .needMore : .no
    }
    return Jemalloc.rate(text.span, 0..<end) == nil ? .no : .certain
  }

  public func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    var lines = TextLines(maxLine: options.maxLine)
    guard let first = try lines.next(&source), let rate = Jemalloc.rate(lines.bytes, first) else {
      throw ProfileError(
        .malformed, "a heap profile of jemalloc begins with its rate, as in `heap_v2/524288`", at: lines.place())
    }
    guard let number = TextBytes.decimal(lines.bytes, rate) else {
      throw ProfileError(.malformed, "the rate does not fit in 64 bits", at: lines.place(at: rate.lowerBound))
    }
    var parser = JemallocParser(rate: number)
    while let line = try lines.next(&source) { try parser.take(line, lines, &diagnostics) }
    return try parser.finish(&diagnostics)
  }
}
