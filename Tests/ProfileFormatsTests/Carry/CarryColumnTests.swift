import Testing

@testable import ProfileFormats
@testable import ProfileModel

struct CarryColumnTests {
  /// The items that a column is written as, without the line around them.
  private static func items(_ values: [Int64?], _ notation: CarryColumn.Notation) -> String {
    var lines = CarryLines()
    lines.begin(.startLines)
    var column = CarryColumn(notation)
    for value in values {
      if let value { column.add(value, to: &lines) } else { column.addDefault(to: &lines) }
    }
    column.finish(to: &lines)
    let block = String(decoding: lines.finish(checksum: 0), as: UTF8.self).split(separator: "\n")
    return block.dropFirst().dropLast().map { $0.dropFirst("# pprofconv start-lines ".count) }.joined(separator: " ")
  }

  private static func read(_ items: String, _ count: Int) throws -> [Int64?] {
    var cursor = CarryCursor(.startLines, Array(items.utf8))
    var values = [Int64?](repeating: nil, count: count)
    try cursor.column(count) { values[$0] = Int64(bitPattern: $1) }
    try cursor.end()
    return values
  }

  @Test(
    arguments: [
      ([], ""), ([nil, nil], ""), ([5], "5"), ([7, 7, 7], "7*3"), ([1, 2, 3, 4], "1..4"), ([1, 2], "1 2"),
      ([nil, nil, 9, nil], "=*2 9"), ([nil, 9], "= 9"), ([-3, -2, -1, 0, 1], "-3..1"), ([5, 5, 6, 7], "5*2 6 7"),
      ([.max, .min], "9223372036854775807 -9223372036854775808"),
      ([.max - 1, .max, .min], "9223372036854775806 9223372036854775807 -9223372036854775808"),
    ] as [([Int64?], String)])
  func `columns are written as runs and read back`(values: [Int64?], items: String) throws {
    #expect(Self.items(values, .signed) == items)
    #expect(try Self.read(items, values.count) == values)
  }

  @Test func `addresses and ids use all 64 bits`() throws {
    #expect(Self.items([-1, 0, 1, 255], .hex) == "0xffffffffffffffff 0 1 0xff")
    #expect(Self.items([-2, -1, 0], .decimal) == "18446744073709551614 18446744073709551615 0")
    #expect(try Self.read("0xffffffffffffffff 18446744073709551615", 2) == [-1, -1])
  }

  @Test func `any column comes back`() throws {
    var random = OddHeap.SplitMix64(state: 5)
    for _ in 0..<300 {
      var values: [Int64?] = []
      while values.count < 40 {
        let value: Int64? = Bool.random(using: &random) ? nil : Int64.random(in: -3...3, using: &random)
        for i in 0..<Int64.random(in: 1...5, using: &random) {
          values.append(value.map { Bool.random(using: &random) ? $0 : $0 + i })
        }
      }
      for notation in [CarryColumn.Notation.signed, .decimal, .hex] {
        #expect(try Self.read(Self.items(values, notation), values.count) == values)
      }
    }
  }

  @Test(arguments: [
    ("", "\"\""), ("plain text", "\"plain text\""), ("a\"b\\c", #""a\"b\\c""#), ("a\nb\tc\rd", #""a\nb\tc\rd""#),
    ("\u{1}\u{7f}", #""\x01\x7f""#), ("größer 日本", "\"größer 日本\""), ("x:12] 4-5", #""x:12\x5d 4-5""#),
  ])
  func `strings are quoted and read back`(text: String, quoted: String) throws {
    var lines = CarryLines()
    lines.begin(.docURL)
    let bytes = Array(text.utf8)
    lines.appendQuoted(bytes.span)
    lines.endItem()
    let block = String(decoding: lines.finish(checksum: 0), as: UTF8.self).split(separator: "\n")
    #expect(block[1] == "# pprofconv doc-url " + quoted)
    var cursor = CarryCursor(.docURL, Array(quoted.utf8))
    #expect(try cursor.quoted() == bytes)
  }

  @Test func `bytes that are no UTF-8 and strings of any length come back`() throws {
    var random = OddHeap.SplitMix64(state: 6)
    for count in [1, 100, 1999, 2000, 2001, 70_000] {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      var lines = CarryLines()
      lines.begin(.docURL)
      lines.appendQuoted(bytes.span)
      lines.endItem()
      let block = lines.finish(checksum: 0).split(separator: 0x0a)
      #expect(block.allSatisfy { $0.count < 16_384 })
      let prefix = "# pprofconv doc-url".utf8.count
      var cursor = CarryCursor(.docURL, block.dropFirst().dropLast().flatMap { $0.dropFirst(prefix) })
      #expect(try cursor.quoted() == bytes)
      #expect(throws: Never.self) { try cursor.end() }
    }
  }
}
