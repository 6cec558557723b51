/// A position in one of a profile's tables, 32 bits wide. The table is part of the type, so that a function's index
/// cannot be used to look up a location.
///
/// `@frozen` and `@inlinable`, because every reader and writer handles tens of millions of them and a call across a
/// target costs more than the work.
@frozen public struct TableIndex<Table>: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var rawValue: UInt32

  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The index of `position`, which must fit in 32 bits: readers check the size of a table before they fill it.
  @inlinable public init(_ position: Int) { rawValue = UInt32(truncatingIfNeeded: position) }

  @inlinable public var position: Int { Int(rawValue) }

  /// Stands for "no entry" where an index is optional; never a valid position.
  @inlinable public static var none: Self { Self(rawValue: .max) }

  @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

public enum StringTag: Sendable {}
public enum StackTag: Sendable {}
public enum LabelSetTag: Sendable {}
public enum MappingTag: Sendable {}
public enum LocationTag: Sendable {}
public enum FunctionTag: Sendable {}

/// Index 0 is always the empty string.
public typealias StringIndex = TableIndex<StringTag>
public typealias StackIndex = TableIndex<StackTag>
/// Index 0 is always the set without labels.
public typealias LabelSetIndex = TableIndex<LabelSetTag>
public typealias MappingIndex = TableIndex<MappingTag>
public typealias LocationIndex = TableIndex<LocationTag>
public typealias FunctionIndex = TableIndex<FunctionTag>

extension TableIndex where Table == StringTag {
  @inlinable public static var empty: Self { Self(rawValue: 0) }
}

extension TableIndex where Table == LabelSetTag {
  @inlinable public static var empty: Self { Self(rawValue: 0) }
}
