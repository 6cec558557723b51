internal import ProfileFormats
public import ProfileModel

/// Which inputs a ``Batch`` has found, in order, and where their outputs go.
public struct BatchPlan: Sendable {
  public struct Item: Sendable {
    /// The input, as it is named in messages.
    public let path: String
    /// Where it stands below the directory in which it was found.
    let below: String
    /// What it was when it was found; nil where it could not be looked at.
    var status: FileStatus?
    /// Whether it was named, in ``Batch/inputs`` or in a list: then it must be a profile.
    public let isNamed: Bool
    /// Why it cannot be read, where that is known already.
    public internal(set) var problem: ProfileError?

    /// The name by which it belongs to a ``Shard``: where it stands below the directory that was given, be that mounted
    /// where it may, or, where it was named itself, its path as it was given, without what leads to where it begins.
    let shardName: String

    /// Its size in bytes, as it was found.
    public var size: Int { status?.size ?? 0 }
  }

  /// All of them, or a share that was chosen: the order must stay.
  public package(set) var items: [Item]
  /// The writers, in the order of ``Batch/formats``.
  let writers: [any ProfileWriter]
  let template: NameTemplate
  /// The files that must not be written over, where the names of outputs are not known before a profile is read.
  let inputs: Set<FileID>
  /// What earlier runs have noted, where there is a manifest.
  var manifest: Manifest?
  /// Reports and the manifest, by where they stand in the whole system.
  var records: [[UInt8]: String] = [:]
  /// Inputs that were named or found more than once, under whatever spelling, and stand in ``items`` once.
  public internal(set) var repeated: [String] = []
  /// How many inputs there are in all; ``items`` are those of ``Batch/shard``.
  public internal(set) var found = 0

  /// The sizes of all inputs.
  public var bytes: Int { items.reduce(0) { $0 + $1.size } }

  /// - Parameter place: where an output of the item stands in the whole system.
  func refuseRecord(_ place: [UInt8], _ item: Item) throws(ProfileError) {
    guard let record = records[place] else { return }
    throw ProfileError(
      .option, "the output of “\(item.path)” would have this one place, too", hint: "give it a name of its own",
      file: record)
  }
}
