// One row of each table. Fixed size and free of references: a table is one array, whatever its length.

/// What a value counts and in what unit: `inuse_space` in `bytes`.
@frozen public struct ValueType: Hashable, Sendable {
  public var type: StringIndex
  public var unit: StringIndex

  @inlinable public init(type: StringIndex = .empty, unit: StringIndex = .empty) {
    self.type = type
    self.unit = unit
  }

  @inlinable public var isEmpty: Bool { type == .empty && unit == .empty }
}

/// A key with a string (`str` is not empty), or with a number and perhaps a unit. A key with neither is kept as it is:
/// Go's runtime writes one for an empty string and for a plain 0.
@frozen public struct Label: Hashable, Sendable {
  public var key: StringIndex
  public var str: StringIndex
  public var num: Int64
  public var unit: StringIndex

  @inlinable public init(key: StringIndex, str: StringIndex = .empty, num: Int64 = 0, unit: StringIndex = .empty) {
    self.key = key
    self.str = str
    self.num = num
    self.unit = unit
  }
}

/// An executable or library as it was mapped into memory. Addresses in bytes; `limit` is one past the last.
@frozen public struct Mapping: Hashable, Sendable {
  public var start: UInt64
  public var limit: UInt64
  public var offset: UInt64
  public var file: StringIndex
  public var buildID: StringIndex
  public var hasFunctions: Bool
  public var hasFilenames: Bool
  public var hasLineNumbers: Bool
  public var hasInlineFrames: Bool

  @inlinable public init(
    start: UInt64 = 0, limit: UInt64 = 0, offset: UInt64 = 0, file: StringIndex = .empty, buildID: StringIndex = .empty,
    hasFunctions: Bool = false, hasFilenames: Bool = false, hasLineNumbers: Bool = false, hasInlineFrames: Bool = false
  ) {
    self.start = start
    self.limit = limit
    self.offset = offset
    self.file = file
    self.buildID = buildID
    self.hasFunctions = hasFunctions
    self.hasFilenames = hasFilenames
    self.hasLineNumbers = hasLineNumbers
    self.hasInlineFrames = hasInlineFrames
  }
}

/// One program counter: an address and, in ``ProfileColumns/lines``, the functions that it stands in.
@frozen public struct Location: Hashable, Sendable {
  /// The address of the call (for Go and most others: the return address − 1). 0: there is none.
  public var address: UInt64
  /// ``TableIndex/none`` where the location belongs to no mapping.
  public var mapping: MappingIndex
  public var isFolded: Bool

  @inlinable public init(address: UInt64 = 0, mapping: MappingIndex = .none, isFolded: Bool = false) {
    self.address = address
    self.mapping = mapping
    self.isFolded = isFolded
  }
}

/// A function and a line in it. The first line of a location is the innermost inlined callee.
@frozen public struct Line: Hashable, Sendable {
  public var function: FunctionIndex
  public var line: Int64
  public var column: Int64

  @inlinable public init(function: FunctionIndex, line: Int64 = 0, column: Int64 = 0) {
    self.function = function
    self.line = line
    self.column = column
  }
}

@frozen public struct Function: Hashable, Sendable {
  /// For people.
  public var name: StringIndex
  /// As the linker knows it (mangled); equal to `name` where there is only one.
  public var systemName: StringIndex
  public var file: StringIndex
  public var startLine: Int64

  @inlinable public init(
    name: StringIndex, systemName: StringIndex = .empty, file: StringIndex = .empty, startLine: Int64 = 0
  ) {
    self.name = name
    self.systemName = systemName
    self.file = file
    self.startLine = startLine
  }
}
