import ProfileModel

/// A profile with something in every field that profile.proto has, for each set of sample types that formats know.
enum EverythingProfile {
  enum Kind: CaseIterable {
    case heap, goroutine, contention, cpu

    var types: [(type: String, unit: String)] {
      switch self {
      case .heap:
        [("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes")]
      case .goroutine: [("goroutine", "count")]
      case .contention: [("contentions", "count"), ("delay", "nanoseconds")]
      case .cpu: [("samples", "count"), ("cpu", "nanoseconds")]
      }
    }
  }

  static func make(_ kind: Kind) throws -> Profile {
    var builder = ProfileBuilder(sampleTypes: kind.types)
    let app = builder.mapping(
      Mapping(
        start: 0x400000, limit: 0x500000, offset: 0x1000, file: builder.string("/opt/my app"),
        buildID: builder.string("deadbeef"), hasFunctions: true, hasFilenames: true, hasLineNumbers: true,
        hasInlineFrames: true))
    let library = builder.mapping(
      Mapping(start: 0x7f00_0000_0000, limit: 0x7f00_0010_0000, file: builder.string("/lib/libc.so.6")))
    func line(
      _ name: String, system: String? = nil, start: Int64 = 0, at: Int64, column: Int64 = 0,
      _ builder: inout ProfileBuilder
    ) -> Line {
      let index = builder.string(name)
      let function = Function(
        name: index, systemName: system.flatMap { builder.string($0) } ?? index, file: builder.string("/src/a b.go"),
        startLine: start)
      return Line(function: builder.function(function), line: at, column: column)
    }
    let inlined = line("main.(*T[go.shape.struct { K string; V int }]).f", start: 3, at: 7, column: 2, &builder)
    let caller = line("acme::g(int)", system: "_ZN4acme1gEi", start: 5, at: 9, &builder)
    let main = builder.location(Location(address: 0x401234, mapping: app, isFolded: true), lines: [inlined, caller])
    let bare = builder.location(Location(address: 0x7f00_0000_1234, mapping: library), lines: EmptyCollection())
    // A name that a spreadsheet would run, without an address.
    let free = builder.location(function: "-[View draw]", file: "x.go", line: -3)
    _ = builder.location(function: "nowhere", file: "unused.go", line: 1)
    let user = builder.string("user")
    let labels = [
      Label(key: user, str: builder.string("a \"b\"\n")), Label(key: user, str: builder.string("second")),
      Label(key: builder.string("size"), num: 64, unit: builder.string("kilobytes")),
      Label(key: builder.string("only")),
      Label(key: builder.string("both"), str: builder.string("s"), num: 1),
    ]
    let count = kind.types.count
    builder.add(stack: [main, bare, free], values: (0..<count).map { Int64($0 % 2 == 0 ? 2 : 4096) }, labels: labels)
    builder.add(stack: [main, main], values: [Int64](repeating: 1, count: count))
    builder.add(stack: [], values: [Int64](repeating: 0, count: count))
    builder.columns.timeNanos = 1_600_000_000_123_456_789
    builder.columns.durationNanos = 2_500_000_000
    builder.columns.periodType = ValueType(type: builder.string("space"), unit: builder.string("bytes"))
    builder.columns.period = 524_288
    builder.columns.comments = [builder.string("for people"), builder.string("# for programs")]
    builder.columns.defaultSampleType = builder.string(kind.types[0].type)
    builder.columns.dropFrames = builder.string("runtime\\..*")
    builder.columns.keepFrames = builder.string("runtime\\.panic")
    builder.columns.docURL = builder.string("https://example.com/a")
    builder.columns.mappingIDs = [7, 3]
    builder.columns.locationIDs = builder.columns.locations.indices.map { UInt64($0) * 5 + 2 }
    builder.columns.functionIDs = builder.columns.functions.indices.map { UInt64.max - UInt64($0) }
    // Field 100, a varint.
    builder.columns.unknownFields.append([0xa0, 0x06, 0x07], to: .profile)
    return try builder.finish()
  }
}
