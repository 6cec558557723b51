public import ProfileModel

/// Which inputs a ``Batch`` has found, in order, and where their outputs go.
public struct BatchPlan: Sendable {
  public struct Item: Sendable {
    /// The input, as it is named in messages.
    public var path: String
    /// Its size in bytes, as it was found.
    public var size: Int
    /// Whether it was named, in ``Batch/inputs`` or in a list: then it must be a profile.
    public var isNamed: Bool
    /// Below ``Batch/outputDirectory``, without the name's ending: the directory, and the template filled in but for `{ext}`,
    /// `{format}` and `{kind}`.
    var place: String
    /// Why it cannot be read, where that is known already.
    var problem: ProfileError?
  }

  public internal(set) var items: [Item]
  /// The sizes of all inputs.
  public var bytes: Int { items.reduce(0) { $0 + $1.size } }
}
