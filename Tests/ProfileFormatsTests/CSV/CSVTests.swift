import Foundation
import ProfileFormats
import ProfileModel
import TestSupport
import Testing

/// Tables, read by Python's csv module, which we did not write.
@Suite struct CSVTests {
  private func table(_ profile: Profile, type: Int? = nil) throws -> (text: String, losses: LossReport) {
    var options = WriteOptions()
    options.sampleType = type
    let (bytes, losses) = try writing(profile, with: CSVWriter(), options)
    return (text(bytes), losses)
  }

  /// What Python's reader makes of a table; bytes that are no UTF-8 as U+FFFD.
  private func rows(_ table: String) throws -> [[String]] {
    let script = """
      import csv, io, json, sys
      text = sys.stdin.buffer.read().decode("utf-8")
      csv.field_size_limit(1 << 30)
      json.dump(list(csv.reader(io.StringIO(text, newline=""), strict=True)), sys.stdout)
      """
    let result = try Subprocess.run(
      URL(filePath: "/usr/bin/env"), ["python3", "-c", script], input: Data(table.utf8),
      environment: ["PYTHONIOENCODING": "utf-8"])
    try #require(result.status == 0, "\(result.errors)")
    return try JSONDecoder().decode([[String]].self, from: result.output)
  }

  @Test(
    "Python reads of every protobuf a row a sample, with its values, leaf and stack",
    arguments: try Fixture.all("pb/valid"))
  func protobufs(fixture: Fixture) throws {
    let profile = try decode(try inflated(fixture))
    let plain = try PlainProfile(profile)
    let rows = try self.rows(try table(profile).text)
    func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    let head = try #require(rows.first)
    let types = plain.sampleTypes.map { string($0.type + Array("/".utf8) + $0.unit) }
    #expect(Array(head.prefix(types.count)) == types)
    #expect(head.suffix(4) == ["function", "file", "line", "stack"])
    try #require(rows.count == plain.samples.count + 1)
    let locations = Dictionary(uniqueKeysWithValues: plain.locations.map { ($0.id, $0) })
    let functions = Dictionary(uniqueKeysWithValues: plain.functions.map { ($0.id, $0) })
    for (sample, row) in zip(plain.samples, rows.dropFirst()) {
      try #require(row.count == head.count)
      #expect(row.prefix(types.count).map { Int64($0) } == sample.values)
      for label in sample.labels {
        let isNumber = label.str.isEmpty && (label.num != 0 || !label.unit.isEmpty)
        let unit = isNumber && !label.unit.isEmpty ? "/" + string(label.unit) : ""
        let at = try #require(head.firstIndex(of: "label:" + string(label.key) + unit))
        let value = isNumber ? "\(label.num)" : string(label.str)
        #expect((";" + row[at] + ";").contains(";" + value + ";"))
      }
      var frames: [String] = []
      for location in sample.locations.reversed().compactMap({ locations[$0] }) {
        let address = "0x" + String(location.address, radix: 16)
        if location.lines.isEmpty { frames.append(address) }
        for line in location.lines.reversed() {
          let name = string(functions[line.function]?.name ?? [])
          frames.append(name.isEmpty ? address : name.replacing(";", with: "\\x3b"))
        }
      }
      #expect(row.last == frames.joined(separator: ";"))
      let leaf = row.suffix(4).dropLast()
      guard let location = sample.locations.first.flatMap({ locations[$0] }) else {
        #expect(leaf.allSatisfy { $0.isEmpty })
        continue
      }
      let line = location.lines.first
      let function = line.flatMap { functions[$0.function] }
      let name = string(function?.name ?? [])
      #expect(
        Array(leaf) == [
          name.isEmpty ? "0x" + String(location.address, radix: 16) : name, string(function?.file ?? []),
          line.flatMap { $0.line == 0 ? nil : "\($0.line)" } ?? "",
        ])
    }
  }

  @Test("the table of everything that a profile may have", arguments: ["synthetic-everything", "synthetic-labels"])
  func golden(name: String) throws {
    let profile = try decode(try inflated(Fixture.named("pb/valid/\(name).in")))
    let written = try table(profile).text
    let file = Fixture.file("csv/valid/\(name).golden")
    let golden = try? String(contentsOf: file, encoding: .utf8)
    if golden == nil || (golden != written && ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1") {
      try written.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(golden == written)
  }

  @Test("no text becomes a formula, every number stays one, and quotes, commas and line ends come back")
  func cells() throws {
    let odd = [
      "=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "a,b", "say \"hi\"", "two\nlines", "cr\rlf\r\n", "'quoted", " blank ",
      "=\"a,b\"", "plain", "=cmd|' /C calc'!A0",
    ]
    var builder = ProfileBuilder(sampleTypes: [("=sum", "count"), ("-n", "bytes")])
    for name in odd {
      let leaf = builder.location(function: name, file: name, line: -7)
      builder.add(
        stack: [leaf], values: [-5, 5],
        labels: [
          Label(key: builder.string("user"), str: builder.string(name)),
          Label(key: builder.string("size"), num: -64, unit: builder.string("bytes")),
        ])
    }
    let (text, losses) = try table(try builder.finish())
    let rows = try self.rows(text)
    #expect(
      rows[0] == [
        "'=sum/count", "'-n/bytes", "label:user", "label:size/bytes", "function", "file", "line", "stack",
      ])
    try #require(rows.count == odd.count + 1)
    for (name, row) in zip(odd, rows.dropFirst()) {
      let shown = "=+-@\t\r".contains(name.first ?? " ") ? "'" + name : name
      #expect(Array(row.prefix(7)) == ["-5", "5", shown, "-64", shown, shown, "-7"])
      // In a stack, what would break a line is escaped.
      #expect(!"=+-@\t\r\n".contains(row[7].first ?? " "))
    }
    // Of the names the label, the function, the file and the stack, which escapes tab and CR; and two types.
    let shown = odd.filter { "=+-@\t\r".contains($0.first ?? " ") }.count
    let loss = try #require(losses.entries.first { $0.field == "texts" })
    #expect(loss.count == 4 * shown - 2 + 2)
    #expect(loss.total == 4 * odd.count + 4)
    #expect(losses.notes == [])
  }

  @Test("one sample type alone is written where that is asked for")
  func oneType() throws {
    let profile = try decode(try inflated(Fixture.named("pb/valid/go1.27-default-heap.in")))
    let all = try rows(try table(profile).text)
    let one = try rows(try table(profile, type: 3).text)
    #expect(one.map { $0.first } == all.map { $0[3] })
    #expect(one.map { $0.dropFirst() } == all.map { $0.dropFirst(4) })
    #expect(throws: ProfileError.self) { try table(profile, type: 4) }
  }

  @Test("a profile of nothing has a head")
  func empty() throws {
    #expect(try table(Profile()).text == "function,file,line,stack\n")
  }

  @Test("what no cell shows is said")
  func losses() throws {
    var builder = ProfileBuilder(sampleTypes: [("n", "count")])
    let key = builder.string("k")
    let a = builder.location(function: "a", file: "a.c", line: 1)
    let b = builder.location(function: "b", file: "b.c", line: 2)
    let value = builder.string("v")
    builder.add(stack: [a], values: [1], labels: [Label(key: key, str: value)])
    #expect(
      try table(try Profile(builder.columns)).losses.entries.map(\.field) == [
        "line numbers", "unused locations", "unused functions", "files",
      ])
    // b is no leaf: its file and line are lost.
    builder.add(
      stack: [a, b], values: [1], labels: [Label(key: key), Label(key: key, str: value), Label(key: key, num: 3)])
    builder.add(stack: [], values: [1], labels: [Label(key: key)])
    builder.add(stack: [], values: [1], labels: [Label(key: key, str: value, num: 3)])
    let (text, losses) = try table(try builder.finish())
    #expect(
      losses.entries.map { "\($0.field) \($0.count) \($0.total)" } == ["line numbers 1 2", "files 1 2", "labels 3 4"])
    #expect(
      text == """
        n/count,label:k,function,file,line,stack
        1,v,a,a.c,1,a
        1,v;3,a,a.c,1,b;a
        1,,,,,
        1,v,,,,

        """)
  }

  @Test("more keys than a spreadsheet has columns are said to be lost, not written")
  func manyKeys() throws {
    var builder = ProfileBuilder(sampleTypes: [("n", "count")])
    for i in 0..<16_400 {
      builder.add(stack: [], values: [1], labels: [Label(key: builder.string("k\(i)"), num: 1)])
    }
    var columns = builder.columns
    // Keep the table small: two rows, the first and the last.
    columns.sampleStacks = Array(columns.sampleStacks.prefix(1))
    columns.values = [1]
    columns.sampleLabels = Array(columns.sampleLabels.prefix(1))
    columns.labels = (0..<16_400).map { columns.labels[$0] }
    columns.labelOffsets = [0, 0, 16_400]
    columns.sampleLabels = [LabelSetIndex(1)]
    let (text, losses) = try table(try Profile(columns))
    #expect(try rows(text)[0].count == 16_384)
    #expect(losses.entries.map(\.field) == ["labels"])
  }
}
