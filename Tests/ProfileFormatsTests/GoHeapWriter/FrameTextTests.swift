import Testing
import TestSupport

@testable import ProfileFormats
@testable import ProfileModel

struct FrameTextTests {
  /// Blocks as Go 1.19 and 1.27 printed them, through the real text/tabwriter.
  static let blocks = [
    """
    #\t0x532354\texample.com/acme/demo/shapes.(*Stack[...]).Push+0x54\texample.com/acme/demo/shapes/shapes.go:12
    #\t0x52f07d\tmain.allocate+0xfd\t\t\t\t\texample.com/acme/demo/main.go:125
    #\t0x53042b\tmain.main+0x14b\t\t\t\t\t\texample.com/acme/demo/main.go:316
    #\t0x4507a6\truntime.main+0x426\t\t\t\t\truntime/proc.go:302

    """,
    """
    #\t0x43db54\truntime.allocm+0xd4\t\t\t/usr/lib/go-1.19/src/runtime/proc.go:1761
    #\t0x43e66f\truntime.startTemplateThread+0x8f\t/usr/lib/go-1.19/src/runtime/proc.go:2186

    """,
  ]

  @Test(arguments: blocks)
  func `comment lines are aligned as Go aligns them`(block: String) throws {
    // Our offsets are all +0x0: a name as long as the original's cell leaves the alignment as it was.
    var builder = ProfileBuilder(sampleTypes: [("a", "b")])
    var stack: [LocationIndex] = []
    for line in block.split(separator: "\n") {
      let cells = line.split(separator: "\t")
      let place = try #require(cells.last?.split(separator: ":"))
      let address = try #require(UInt64(cells[1].dropFirst(2), radix: 16))
      stack.append(
        builder.location(
          function: cells[2].dropLast(4) + "", file: place[0] + "", line: try #require(Int64(place[1])),
          address: address))
    }
    builder.add(stack: stack, values: [1])
    let frames = FrameText(try builder.finish())
    var text: [UInt8] = []
    frames.appendComments(of: StackIndex(0), to: &text)
    let wanted = block.split(separator: "\n").map { line -> String in
      var cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      cells[2] = cells[2].dropLast(4) + "+0x0"
      return cells.joined(separator: "\t")
    }
    #expect(String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init) == wanted)
  }

  @Test func `width is counted in runes and a bare pc ends the columns`() throws {
    var builder = ProfileBuilder(sampleTypes: [("a", "b")])
    let wide = builder.location(function: "Ж日本語の関数のなま", file: "a.go", line: 1, address: 0x10)  // 10 runes, with +0x0 14
    let narrow = builder.location(function: "f", file: "a.go", line: 2, address: 0x2000)
    let bare = builder.location(Location(address: 0x30), lines: [])
    builder.add(stack: [wide, narrow, bare, narrow], values: [1])
    let frames = FrameText(try builder.finish())
    var text: [UInt8] = []
    frames.appendPCs(of: StackIndex(0), to: &text)
    text.append(UInt8(ascii: "\n"))
    frames.appendComments(of: StackIndex(0), to: &text)
    #expect(
      String(decoding: text, as: UTF8.self) == """
         0x11 0x2001 0x31 0x2001
        #\t0x10\tЖ日本語の関数のなま+0x0\ta.go:1
        #\t0x2000\tf+0x0\t\ta.go:2
        #\t0x30
        #\t0x2000\tf+0x0\ta.go:2

        """)
  }

  @Test func `a location without an address of its own gets a pc that no other has`() throws {
    var builder = ProfileBuilder(sampleTypes: [("a", "b")])
    let none = builder.location(function: "none", file: "", line: 1)
    let alsoNone = builder.location(function: "alsoNone", file: "", line: 1)
    let sixteen = builder.location(function: "sixteen", file: "", line: 1, address: 16)
    let again = builder.location(function: "again", file: "", line: 1, address: 16)
    let last = builder.location(function: "last", file: "", line: 1, address: .max)
    builder.add(stack: [none, sixteen, again, last, alsoNone], values: [1])
    let frames = FrameText(try builder.finish())
    // By address and then by name, whatever their order: so what was sorted by it is in order when it is read.
    #expect(frames.pcs == [49, 33, 65, 17, 0])
    #expect(frames.inventedPCs == 3)
    #expect(frames.appearance == [none, sixteen, again, last, alsoNone])
  }

  @Test func `leading runtime frames can be hidden, but not all of them`() throws {
    var builder = ProfileBuilder(sampleTypes: [("a", "b")])
    let names = ["runtime.a", "runtime.b", "main.f", "runtime.c"]
    let f = names.map { name in
      let name = builder.string(name)
      return builder.function(Function(name: name, systemName: name))
    }
    let inlined = builder.location(
      Location(address: 1), lines: [Line(function: f[1], line: 2), Line(function: f[2], line: 3)])
    let leaf = builder.location(Location(address: 2), lines: [Line(function: f[0], line: 1)])
    let root = builder.location(Location(address: 3), lines: [Line(function: f[3], line: 4)])
    builder.add(stack: [leaf, inlined, root], values: [1])
    builder.add(stack: [leaf, root], values: [1])
    let frames = FrameText(try builder.finish())
    var text: [UInt8] = []
    frames.appendComments(of: StackIndex(0), hidingRuntime: true, to: &text)
    frames.appendComments(of: StackIndex(1), hidingRuntime: true, to: &text)
    let shown = String(decoding: text, as: UTF8.self).split(separator: "\n").map { $0.split(separator: "\t")[2] }
    #expect(shown == ["main.f+0x0", "runtime.c+0x0", "runtime.a+0x0", "runtime.c+0x0"])
  }
}
