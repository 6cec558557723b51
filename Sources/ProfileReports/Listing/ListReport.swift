import ProfileAnalysis
public import ProfileModel

/// The source of the functions that a pattern names, each line with what it has.
public struct ListReport: Report {
  public let info = ReportInfo(
    id: "list", summary: "sources with what each line has, as `go tool pprof -list`", needsPattern: true)

  public init() {}

  public func write(_ profile: Profile, to sink: inout ReportSink, options: ReportOptions) throws(ProfileError) {
    let listing = try Listing(profile, options)
    let context = listing.context
    sink.buffer.append("Total: \(context.format(context.total))\n")
    var sources = SourceFiles(options)
    for function in listing.functions {
      if function.files.isEmpty {
        sink.buffer.append("No source information for \(function.text)\n")
        continue
      }
      for file in function.files {
        sink.buffer.append("ROUTINE ======================== \(function.text) in \(file.text)\n")
        sink.buffer.append(
          "\(context.format(file.flat).right(10)) \(context.format(file.cum).right(10)) (flat, cum) \(context.share(file.cum)) of Total\n"
        )
        // A source is read when a line of it is shown; where none is, nothing is said of one that is not there.
        let (first, last) = file.shownLines
        if first > last, !sources.isKnown(file.name) { continue }
        Self.append(file, sources.lines(of: file.name), context, to: &sink.buffer)
        try sink.flushIfLarge()
      }
    }
  }

  private static func append(
    _ file: Listing.File, _ source: SourceFiles.Answer, _ context: ReportContext, to buffer: inout [UInt8]
  ) {
    func value(_ value: Int64) -> String { (value == 0 ? "." : context.format(value)).right(10) }
    switch source {
    case .lines(let lines):
      let (first, last) = file.shownLines
      let sums = file.sums
      for number in stride(from: first, through: min(last, Int64(lines.count)), by: 1) {
        let (flat, cum) = sums[number] ?? (0, 0)
        buffer.append("\(value(flat)) \(value(cum)) \(String(number).right(6)):")
        buffer.append(contentsOf: lines[Int(number) - 1])
        buffer.append(UInt8(ascii: "\n"))
      }
    case .failure(let words):
      buffer.append(" Error: \(words)\n")
      // pprof stops here. What each line has is known all the same.
      for line in file.lines {
        buffer.append("\(value(line.flat)) \(value(line.cum)) \(String(line.number).right(6)):\n")
      }
    }
  }

  public func table(of profile: Profile, options: ReportOptions) throws(ProfileError) -> ReportTable? {
    let listing = try Listing(profile, options)
    var table = ReportTable(
      facts: listing.context.facts, columns: ["function", "file", "line", "flat", "cum", "source"])
    var sources = SourceFiles(options)
    for function in listing.functions {
      for file in function.files {
        var text: [[UInt8]] = []
        if case .lines(let lines) = sources.lines(of: file.name) { text = lines }
        for line in file.lines {
          let source = line.number > 0 && line.number <= Int64(text.count) ? text[Int(line.number) - 1] : nil
          table.rows.append([
            .text(function.text), .text(file.text), .integer(line.number), .integer(line.flat), .integer(line.cum),
            source.map { .text(String(decoding: $0, as: UTF8.self)) } ?? .none,
          ])
        }
      }
    }
    return table
  }
}
