public import ProfileModel

/// The CPU profile of gperftools (`CPUPROFILE=`, `ProfilerStart`, `/pprof/profile` of C++ servers). See ``CPUBinary``.
public struct GperftoolsCPUReader: ProfileReader {
  public let info = FormatInfo(
    id: FormatID("gperftools-cpu"), aliases: ["profilez"], extensions: ["prof"],
    summary: "gperftools' CPU profile of a C++ program: binary, 32 or 64 bits, either byte order", isBinary: true)

  public init() {}

  public func detect(_ prefix: Span<UInt8>, isWhole: Bool) -> Detection {
    CPUBinary.detect(prefix, isWhole: isWhole, isJava: false)
  }

  public func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    try CPUBinary.read(&source, options: options, diagnostics: &diagnostics)
  }

  public func mend(_ input: [UInt8], _ damage: Damage) -> Mended { CPUBinary.mend(input, damage) }
}

extension CPUBinary {
  /// Reads a profile of either language: the header says which.
  static func read(
    _ source: inout ByteSource, options: ReadOptions, diagnostics: inout Diagnostics
  ) throws(ProfileError) -> Profile {
    let header = try begin(&source)
    var records = try CPURecords(header, &source, &diagnostics)
    var builder = ProfileBuilder(sampleTypes: [("samples", "count"), ("cpu", "nanoseconds")])
    builder.columns.periodType = ValueType(type: builder.string("cpu"), unit: builder.string("nanoseconds"))
    // As pprof does it, for a period that no clock has.
    let (period, overflow) = Int64(bitPattern: header.period).multipliedReportingOverflow(by: 1000)
    if overflow {
      diagnostics.addLoss(kind: "period", "the period of \(header.period) µs does not fit in 64 bits of ns")
    }
    builder.columns.period = period
    var lines = TextLines(maxLine: options.maxLine)
    if header.isJava {
      var locations = JavaLocations()
      for record in records.ends.indices {
        builder.add(
          stack: locations.stack(records.addresses[records.range(record)], &builder),
          values: records.values(record, period: period))
      }
      while let line = try lines.next(&source) { try locations.take(line, lines, &builder, &diagnostics) }
      return try locations.finish(&builder, .cpu, &diagnostics)
    }
    records.removeProfilerFrames(&diagnostics)
    for record in records.ends.indices {
      let stack = records.addresses[records.range(record)].map { builder.location(Location(address: $0), lines: []) }
      builder.add(stack: stack, values: records.values(record, period: period))
    }
    var map = MemoryMap()
    var offset = records.textOffset
    while let line = try lines.next(&source) {
      do throws(ProfileError) {
        let text = try Self.text(lines.bytes, line)
        try map.add(lines.bytes.extracting(text))
      } catch {
        throw error.placed(.byte(offset))
      }
      offset += line.count + 1
    }
    var columns = ProfileColumns()
    swap(&columns, &builder.columns)
    map.apply(to: &columns)
    map.tell(&diagnostics)
    LegacyFrames.cpu.set(on: &columns)
    return try Profile(columns)
  }

  /// A line without the zeros that fill up what was written in blocks.
  ///
  /// - Throws: where a profile begins behind them, with a zero of its own.
  private static func text(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(ProfileError) -> Range<Int> {
    var start = line.lowerBound
    var end = line.upperBound
    while start < end, bytes[start] == 0 { start += 1 }
    while end > start, bytes[end - 1] == 0 { end -= 1 }
    var isProfile = (start..<end).contains { bytes[$0] == 0 }
    // The first word of 4 or 8 bytes is zero, and the zeros of the next one may stand in front.
    for at in max(line.lowerBound, start - 15)...start where CPUBinary.header(bytes.extracting(at..<bytes.count)) != nil
    {
      isProfile = true
    }
    if isProfile { throw SecondProfile.error(at: .none) }
    return start..<end
  }
}

extension CPURecords {
  /// The count, and the time that so many periods are; wrapping, as in pprof.
  func values(_ record: Int, period: Int64) -> [Int64] {
    let count = Int64(bitPattern: counts[record])
    return [count, count &* period]
  }
}
