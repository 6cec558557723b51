public import ProfileModel

/// Writes a profile of goroutines as Go prints them with `debug=2`. See ``Traceback``.
///
/// A sample of value n is n goroutines. Those without a number in their labels get one, from behind the largest on; a
/// state that is not known is `[unknown]`. Inlined frames are printed `f(...)`, all others `f()`.
public struct TracebackWriter: ProfileWriter {
  public init() {}

  /// More goroutines than this are not written, whatever the values say: a text of a gigabyte helps nobody.
  static let maxGoroutines = 1_000_000

  public var info: FormatInfo { Traceback.info }

  /// - Throws: ``ProfileError`` with code `unsupported` for a profile that does not count goroutines.
  public func write(_ profile: Profile, to sink: inout ByteSink, options: WriteOptions) throws(ProfileError)
    -> LossReport
  {
    let columns = profile.columns
    let strings = columns.strings
    let column = columns.sampleTypes.firstIndex {
      strings.equals($0.unit, "count")
        && (strings.equals($0.type, "goroutine") || strings.equals($0.type, "goroutineleak"))
    }
    guard let column else {
      throw ProfileError(
        .unsupported, "it does not count goroutines, and only they have tracebacks",
        hint: "write it as text or pb.gz")
    }
    var text = TracebackText(profile)
    text.appendComments(Traceback.preamble, to: &sink.buffer)
    var isFirst = true
    let width = columns.sampleTypes.count
    var unwritten = 0
    var written = 0
    var total = 0
    for sample in 0..<columns.sampleCount {
      let value = columns.values[sample * width + column]
      if value <= 0 {
        unwritten += 1
        continue
      }
      total = total.addingReportingOverflow(Int(value)).overflow ? .max : total + Int(value)
      let copies = min(Int(value), Self.maxGoroutines - written)
      written += copies
      for copy in 0..<copies {
        if !isFirst { sink.buffer.append(UInt8(ascii: "\n")) }
        isFirst = false
        text.appendGoroutine(sample, isFirst: copy == 0, to: &sink.buffer)
        try sink.flushIfLarge()
      }
    }
    text.appendComments(Traceback.trailer, to: &sink.buffer)
    var losses = TracebackLosses.of(profile, column: column, text)
    losses.add(
      "an empty profile", count: written == 0 ? 1 : 0,
      reason: "without a goroutine nothing is written, and nothing can be read back")
    losses.add(
      "samples without goroutines", count: unwritten, of: columns.sampleCount, reason: "their value is 0 or less")
    losses.add(
      "goroutines", count: total - written, of: total, reason: "no more than \(Self.maxGoroutines) are written")
    return losses
  }
}
