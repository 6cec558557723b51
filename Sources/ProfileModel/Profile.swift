/// A valid profile: columns in which every index is in range and every offset monotone, so that nobody checks again.
///
/// Immutable. To change one, change a copy of its ``columns`` and make a new one of them:
///
///     var columns = profile.columns
///     columns.timeNanos = 0
///     let untimed = try Profile(columns)
public struct Profile: Sendable {
  public let columns: ProfileColumns

  /// A profile of nothing.
  public init() { columns = ProfileColumns() }

  /// Makes a profile of `columns` if it holds what google/pprof's CheckValid asks for: a value for each sample type, no
  /// index without its entry, no id 0, no id twice. O(size of the columns).
  ///
  /// - Throws: ``ProfileError`` with code `invalid` and the path of the first field that is wrong.
  public init(_ columns: ProfileColumns) throws(ProfileError) {
    try columns.validate()
    self.columns = columns
  }
}

// Spans of one row, for code that walks everything.
extension Profile {
  public var sampleCount: Int { columns.sampleCount }

  /// The locations of a stack, leaf first.
  @_lifetime(borrow self)
  public func locations(of stack: StackIndex) -> Span<LocationIndex> {
    columns.stackLocations.span.extracting(columns.stackRange(stack))
  }

  /// A value for each sample type.
  @_lifetime(borrow self)
  public func values(of sample: Int) -> Span<Int64> {
    columns.values.span.extracting(columns.valueRange(sample))
  }

  @_lifetime(borrow self)
  public func labels(of set: LabelSetIndex) -> Span<Label> {
    columns.labels.span.extracting(columns.labelRange(set))
  }

  /// The lines of a location, innermost first.
  @_lifetime(borrow self)
  public func lines(of location: LocationIndex) -> Span<Line> {
    columns.lines.span.extracting(columns.lineRange(location))
  }

  /// A string for display; see ``StringTable/string(_:)``.
  public func string(_ index: StringIndex) -> String { columns.strings.string(index) }
}
