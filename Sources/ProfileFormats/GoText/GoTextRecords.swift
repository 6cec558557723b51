import ProfileModel

/// The numbers of the record lines, and the lines before them.
struct GoTextRecords {
  /// One number a record of a count; two of a contention, cycles and count.
  private(set) var numbers: [Int64] = []
  /// Samples, ascending, whose values a reader does not find: less than nothing stands as 0.
  private(set) var untold: [Int] = []
  private(set) var contention = ContentionHeader(kind: .contention)
  private(set) var header = ""
  private var width = 1

  /// - Parameter known: what is known of a text that the profile was read from.
  init(_ columns: ProfileColumns, _ form: GoTextForm, known: GoTextComments.Contention?) {
    switch form {
    case .count(let name, _): addCounts(columns, name)
    case .contention(let contentions, let delay): addContentions(columns, contentions, delay, known)
    }
  }

  private mutating func addCounts(_ columns: ProfileColumns, _ name: [UInt8]) {
    var total: UInt64 = 0
    for (sample, value) in columns.values.enumerated() {
      if value < 0 { untold.append(sample) }
      numbers.append(max(0, value))
      // pprof takes any digits, and nobody reads the sum as data.
      total = total.addingReportingOverflow(UInt64(max(0, value))).overflow ? .max : total + UInt64(max(0, value))
    }
    header = String(decoding: name, as: UTF8.self) + " profile: total \(total)\n"
  }

  private mutating func addContentions(
    _ columns: ProfileColumns, _ contentions: Int, _ delay: Int, _ known: GoTextComments.Contention?
  ) {
    width = 2
    let stride = columns.sampleTypes.count
    func values(_ sample: Int) -> (count: Int64, delay: Int64) {
      (columns.values[sample * stride + contentions], columns.values[sample * stride + delay])
    }
    let samples = 0..<columns.sampleCount
    untold = samples.filter { values($0).count < 0 || values($0).delay < 0 }
    if let known, untold.isEmpty, let found = known.records(samples.map(values)) {
      contention = known.header
      numbers = found
    } else {
      contention = .plain(samples.lazy.map { values($0).delay })
      for sample in samples {
        let isTold = values(sample).count >= 0 && values(sample).delay >= 0
        numbers.append(isTold ? values(sample).delay : 0)
        numbers.append(isTold ? values(sample).count : 0)
      }
    }
    header = contention.lines
    // pprof shows it as the duration.
    if columns.durationNanos > 0, columns.durationNanos % 1_000_000 == 0 {
      header += "\(ContentionHeader.reset)=\(columns.durationNanos / 1_000_000)\n"
    }
  }

  /// `7`, or `3493531638 119`.
  @inline(__always)
  func append(_ sample: Int, to buffer: inout [UInt8]) {
    buffer.appendDecimal(numbers[sample * width])
    if width == 2 {
      buffer.append(0x20)
      buffer.appendDecimal(numbers[sample * 2 + 1])
    }
  }
}
