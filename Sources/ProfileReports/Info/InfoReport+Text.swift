internal import ProfileModel

extension InfoReport {
  /// For people: some lines, the widest of them about 110 characters.
  public var text: String {
    var lines: [String] = []
    func row(_ name: String, _ value: String) { lines.append("  " + padded(name, 10) + value) }

    let packed = source.isGzip ? "gzip'd " : ""
    lines.append("\(source.name): \(kind), \(packed)\(source.format) (\(source.formatSummary))")
    if let header, let line = source.firstLine {
      row("header", line)
      let width = (header.explained.map(\.part.count).max() ?? 0) + 2
      for (part, meaning) in header.explained { row("", "  " + padded(part, width) + meaning) }
    }
    row("size", sizes)
    if timeNanos != 0 { row("taken", time) }
    if durationNanos != 0 { row("duration", Units.duration(nanos: durationNanos)) }
    if period != 0 || !periodType.isEmpty { row("period", periodWords) }
    row(
      "samples",
      "\(samples) of \(distinctStacks) different stacks; depth \(rounded(meanDepth)) on average, \(deepest) at most")
    row("tables", "\(locations) locations, \(functions) functions, \(mappings.count) mappings" + binary)
    for label in labels {
      let type = label.isNumeric ? "numeric, " : ""
      row("label", "\(label.key): \(type)\(label.distinct) values in \(label.samples) samples")
    }
    if comments > 0 { row("comments", "\(comments)") }
    if !docURL.isEmpty { row("doc", docURL) }
    lines.append("")
    lines += table
    if !topStacks.isEmpty { lines += [""] + topLines }
    if !oddities.isEmpty { lines += ["", "  worth knowing"] + oddities.map { "    " + $0.message } }
    return lines.map { printable($0) + "\n" }.joined()
  }

  private var sizes: String {
    let inflated = Units.size(Int64(source.inflatedSize))
    guard let size = source.size else { return inflated }
    return source.isGzip ? "\(Units.size(Int64(size))), inflated \(inflated)" : Units.size(Int64(size))
  }

  var time: String {
    let utc = Units.time(nanos: timeNanos)
    guard let offset = source.utcOffset, offset != 0 else { return utc }
    let (local, overflow) = timeNanos.addingReportingOverflow(Int64(offset) * 1_000_000_000)
    if overflow { return utc }
    let minutes = abs(offset) / 60
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return Units.time(nanos: local).dropLast() + (offset < 0 ? "-" : "+") + two(minutes / 60) + ":" + two(minutes % 60)
  }

  private var periodWords: String {
    let measure = "\(period) \(periodType)/\(periodUnit)"
    guard header != nil || kind.hasPrefix("heap"), periodUnit == "bytes" else { return measure }
    return period > 1
      ? "\(measure): one sample in about \(Units.size(period)) allocated" : "\(measure): every allocation"
  }

  private var binary: String {
    guard let first = mappings.first, !first.isEmpty else { return "" }
    return " (\(first))"
  }

  private var table: [String] {
    let rows = sampleTypes.map { type in
      (
        (type.isDefault ? "* " : "  ") + "\(type.type)/\(type.unit)", human(type.total, type.unit), String(type.total),
        ProfileKind.meaning(of: type.type, unit: type.unit) ?? ""
      )
    }
    let widths = (
      rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0, rows.map(\.2.count).max() ?? 0
    )
    return ["  totals"]
      + rows.map { row in
        let exact = row.1 == row.2 ? "" : row.2
        let line = "  " + padded(row.0, widths.0 + 2) + aligned(row.1, widths.1) + "  " + aligned(exact, widths.2)
        return row.3.isEmpty ? line : line + "  " + row.3
      }
  }

  private var topLines: [String] {
    guard let type = sampleTypes.first(where: \.isDefault) else { return [] }
    let total = Double(type.total)
    return ["  top stacks by \(type.type), leaf first"]
      + topStacks.map { stack in
        let share = total == 0 ? "" : rounded(100 * Double(stack.value) / total) + "%"
        var names = stack.functions.prefix(4).joined(separator: " < ")
        if stack.functions.count > 4 { names += " < … \(stack.functions.count - 4) more" }
        return "  " + aligned(human(Int128(stack.value), type.unit), 11) + "  " + aligned(share, 6) + "  "
          + (names.isEmpty ? "(no stack)" : names)
      }
  }

  private func human(_ value: Int128, _ unit: String) -> String {
    guard let value = Int64(exactly: value) else { return String(value) }
    return unit == "count" ? String(value) : Units.measure(value, unit: unit)
  }

  /// One decimal, none where it is 0.
  private func rounded(_ value: Double) -> String {
    let tenths = (value * 10).rounded()
    guard tenths.magnitude < 1e15 else { return "\(value)" }
    let whole = Int64(tenths)
    let text = "\(whole.magnitude / 10)" + (whole % 10 == 0 ? "" : ".\(whole.magnitude % 10)")
    return whole < 0 ? "-" + text : text
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func aligned(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// Names come from the file: they do not steer the terminal.
  private func printable(_ line: String) -> String {
    var result = ""
    for scalar in line.unicodeScalars {
      let isControl = scalar.value < 32 && scalar != "\t" || (127..<160).contains(scalar.value)
      result.unicodeScalars.append(isControl ? "\u{fffd}" : scalar)
    }
    while result.last == " " { result.removeLast() }
    return result
  }
}
