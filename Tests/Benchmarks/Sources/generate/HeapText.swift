import Support

/// The same records as Go prints them with debug=1: what the sampler counted, a frame comment for each frame, aligned by
/// text/tabwriter (minimal width 1, tab width 8, padding 1).
struct HeapText {
  private var out: [UInt8] = []
  private let program: Program
  /// Of a call site: its frames' pcs for the record line, and each frame's cells.
  private struct Rendered {
    var pcs: [UInt8] = []
    var frames: [Frame] = []
  }
  private struct Frame {
    var pc: [UInt8]
    var name: [UInt8]
    var file: [UInt8]
  }
  private var rendered: [Rendered?]

  private init(_ program: Program) {
    self.program = program
    rendered = Array(repeating: nil, count: program.sites.count)
  }

  static func write(_ workload: Workload, records limit: Int, to file: inout OutputFile) throws {
    var text = HeapText(workload.program)
    // Go 1.27 sorts by bytes in use, ascending.
    let records = workload.records.prefix(limit).enumerated()
      .sorted { ($0.element.inUse * $0.element.size, $0.offset) < ($1.element.inUse * $1.element.size, $1.offset) }
      .map(\.element)
    var totals: (Int64, Int64, Int64, Int64) = (0, 0, 0, 0)
    for record in records {
      totals.0 += record.inUse
      totals.1 += record.inUse * record.size
      totals.2 += record.allocated
      totals.3 += record.allocated * record.size
    }
    text.add("heap profile: \(totals.0): \(totals.1) [\(totals.2): \(totals.3)] @ heap/\(2 * workload.rate)\n")
    for record in records {
      text.record(record, workload.stacks[record.stack])
      if text.out.count > 1 << 20 {
        try file.write(text.out)
        text.out.removeAll(keepingCapacity: true)
      }
    }
    text.trailer()
    try file.write(text.out)
  }

  private mutating func record(_ record: Workload.Record, _ stack: [Int32]) {
    add(
      "\(record.inUse): \(record.inUse * record.size) [\(record.allocated): \(record.allocated * record.size)] @")
    // The allocator's own frames, which the comments leave out.
    add(record.size > 32768 ? " 0x40151b 0x4019d8" : " 0x4014c0 0x401803")
    for site in stack {
      if rendered[Int(site)] == nil { rendered[Int(site)] = render(program.sites[Int(site)]) }
      if let site = rendered[Int(site)] { out += site.pcs }
    }
    add(" 0x401fe1\n")
    var widths = (0, 0)
    for site in stack {
      for frame in rendered[Int(site)]?.frames ?? [] {
        widths.0 = max(widths.0, frame.pc.count)
        widths.1 = max(widths.1, frame.name.count)
      }
    }
    for site in stack {
      for frame in rendered[Int(site)]?.frames ?? [] {
        add("#\t")
        cell(frame.pc, widest: widths.0)
        cell(frame.name, widest: widths.1)
        out += frame.file
      }
    }
    out.append(10)
  }

  private mutating func cell(_ text: [UInt8], widest: Int) {
    out += text
    let width = (widest + 1 + 7) / 8 * 8
    for _ in 0..<(width - text.count + 7) / 8 { out.append(9) }
  }

  private func render(_ site: Program.Site) -> Rendered {
    var rendered = Rendered()
    let entry = program.functions[site.lines[site.lines.count - 1].function].entry
    for line in site.lines {
      rendered.pcs += Array(" 0x\(String(line.address + 1, radix: 16))".utf8)
      let function = program.functions[line.function]
      rendered.frames.append(
        Frame(
          pc: Array("0x\(String(line.address, radix: 16))".utf8),
          name: function.textName + Array("+0x\(String(line.address - entry, radix: 16))".utf8),
          file: program.files[function.file] + Array(":\(line.line)\n".utf8)))
    }
    return rendered
  }

  private mutating func trailer() {
    let pauses = (0..<256).map { String(31_000 + $0 * 977 % 90_000) }.joined(separator: " ")
    let ends = (0..<256).map { String(1_795_233_600_000_000_000 + $0 * 1_000_000) }.joined(separator: " ")
    add("\n# runtime.MemStats\n")
    for (name, value) in [
      ("Alloc", "14161096"), ("TotalAlloc", "475454496"), ("Sys", "47094024"), ("Lookups", "0"), ("Mallocs", "101063"),
      ("Frees", "27850"), ("HeapAlloc", "14161096"), ("HeapSys", "41582592"), ("HeapIdle", "25993216"),
      ("HeapInuse", "15589376"), ("HeapReleased", "25739264"), ("HeapObjects", "73213"), ("Stack", "360448 / 360448"),
      ("MSpan", "162400 / 571200"), ("MCache", "4592 / 16072"), ("BuckHashSys", "1451634"), ("GCSys", "2434288"),
      ("OtherSys", "677790"), ("NextGC", "19302536"), ("LastGC", "1795233603760017182"), ("PauseNs", "[\(pauses)]"),
      ("PauseEnd", "[\(ends)]"), ("NumGC", "35"), ("NumForcedGC", "3"), ("GCCPUFraction", "0.05265581952314791"),
      ("DebugGC", "false"), ("MaxRSS", "38907904"),
    ] {
      add("# \(name) = \(value)\n")
    }
  }

  private mutating func add(_ text: String) { out += text.utf8 }
}
