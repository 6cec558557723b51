public import ProfileModel
import ProtobufWire

/// A profile as a tree with strings in place of indices: what two codecs must agree on. Made of protobuf-c's messages in
/// `PlainProfile+ProtobufC.swift`, of ours here.
public struct PlainProfile: Equatable {
  public typealias Text = [UInt8]

  /// A field without a name: number, wire type and content, the length of a length-delimited one included.
  public struct Unknown: Equatable {
    public var number: UInt64
    public var type: UInt8
    public var content: [UInt8]
  }

  public struct ValueType: Equatable {
    public var type: Text = []
    public var unit: Text = []
    public var unknown: [Unknown] = []
  }

  public struct Label: Equatable {
    public var key: Text = []
    public var str: Text = []
    public var num: Int64 = 0
    public var unit: Text = []
    public var unknown: [Unknown] = []
  }

  public struct Sample: Equatable {
    public var locations: [UInt64] = []
    public var values: [Int64] = []
    public var labels: [Label] = []
    public var unknown: [Unknown] = []
  }

  public struct Mapping: Equatable {
    public var id: UInt64 = 0
    public var start: UInt64 = 0
    public var limit: UInt64 = 0
    public var offset: UInt64 = 0
    public var file: Text = []
    public var buildID: Text = []
    public var has: [Bool] = []
    public var unknown: [Unknown] = []
  }

  public struct Line: Equatable {
    public var function: UInt64 = 0
    public var line: Int64 = 0
    public var column: Int64 = 0
    public var unknown: [Unknown] = []
  }

  public struct Location: Equatable {
    public var id: UInt64 = 0
    public var mapping: UInt64 = 0
    public var address: UInt64 = 0
    public var isFolded = false
    public var lines: [Line] = []
    public var unknown: [Unknown] = []
  }

  public struct Function: Equatable {
    public var id: UInt64 = 0
    public var name: Text = []
    public var systemName: Text = []
    public var file: Text = []
    public var startLine: Int64 = 0
    public var unknown: [Unknown] = []
  }

  public var sampleTypes: [ValueType] = []
  public var samples: [Sample] = []
  public var mappings: [Mapping] = []
  public var locations: [Location] = []
  public var functions: [Function] = []
  public var dropFrames: Text = []
  public var keepFrames: Text = []
  public var timeNanos: Int64 = 0
  public var durationNanos: Int64 = 0
  public var periodType = ValueType()
  public var period: Int64 = 0
  public var comments: [Text] = []
  public var defaultSampleType: Text = []
  public var docURL: Text = []
  public var unknown: [Unknown] = []

  public init() {}
}

extension PlainProfile {
  public init(_ profile: Profile) throws {
    let c = profile.columns
    func text(_ index: StringIndex) -> Text { Array(c.strings.bytes[c.strings.range(index)]) }
    func unknown(_ owner: UnknownFields.Owner) throws -> [Unknown] { try Unknown.all(c.unknownFields[owner] ?? []) }
    sampleTypes = try c.sampleTypes.enumerated().map {
      ValueType(type: text($1.type), unit: text($1.unit), unknown: try unknown(.sampleType($0)))
    }
    samples = try (0..<c.sampleCount).map { i in
      Sample(
        locations: c.stackLocations[c.stackRange(c.sampleStacks[i])].map { c.id(of: $0) },
        values: Array(c.values[c.valueRange(i)]),
        labels: try c.labelRange(c.sampleLabels[i]).map { at in
          let label = c.labels[at]
          return Label(
            key: text(label.key), str: text(label.str), num: label.num, unit: text(label.unit),
            unknown: try unknown(.label(at)))
        }, unknown: try unknown(.sample(i)))
    }
    mappings = try c.mappings.enumerated().map {
      Mapping(
        id: c.id(of: MappingIndex($0)), start: $1.start, limit: $1.limit, offset: $1.offset, file: text($1.file),
        buildID: text($1.buildID),
        has: [$1.hasFunctions, $1.hasFilenames, $1.hasLineNumbers, $1.hasInlineFrames],
        unknown: try unknown(.mapping($0)))
    }
    locations = try c.locations.enumerated().map { i, location in
      Location(
        id: c.id(of: LocationIndex(i)), mapping: location.mapping == .none ? 0 : c.id(of: location.mapping),
        address: location.address, isFolded: location.isFolded,
        lines: try c.lineRange(LocationIndex(i)).map { at in
          Line(
            function: c.id(of: c.lines[at].function), line: c.lines[at].line, column: c.lines[at].column,
            unknown: try unknown(.line(at)))
        }, unknown: try unknown(.location(i)))
    }
    functions = try c.functions.enumerated().map {
      Function(
        id: c.id(of: FunctionIndex($0)), name: text($1.name), systemName: text($1.systemName), file: text($1.file),
        startLine: $1.startLine, unknown: try unknown(.function($0)))
    }
    dropFrames = text(c.dropFrames)
    keepFrames = text(c.keepFrames)
    timeNanos = c.timeNanos
    durationNanos = c.durationNanos
    periodType = ValueType(
      type: text(c.periodType.type), unit: text(c.periodType.unit), unknown: try unknown(.periodType))
    period = c.period
    comments = c.comments.map(text)
    defaultSampleType = text(c.defaultSampleType)
    docURL = text(c.docURL)
    self.unknown = try unknown(.profile)
  }
}

extension PlainProfile.Unknown {
  /// The fields that `bytes` hold.
  static func all(_ bytes: [UInt8]) throws(WireError) -> [Self] {
    var fields: [Self] = []
    var reader = WireReader(bytes.span)
    while !reader.isAtEnd {
      let tag = try reader.tag()
      let start = reader.offset
      try reader.skip(tag.type)
      fields.append(Self(number: tag.number, type: tag.type.rawValue, content: Array(bytes[start..<reader.offset])))
    }
    return fields
  }
}
