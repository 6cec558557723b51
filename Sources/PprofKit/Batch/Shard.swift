internal import ContentHash
internal import ProfileModel

/// A part of a list that several machines share: each takes what is its own, without asking the others.
///
/// A file belongs to the part that the SHA-256 of its name says, its first eight bytes as a big-endian number, modulo
/// ``count``. The name is the path below the directory that was given, or the path in the list: the same on every machine,
/// wherever its copy of the tree is mounted and in whatever order it is listed, and for each file whatever becomes of the
/// others.
public struct Shard: Hashable, Sendable {
  /// Which part, from 1.
  public let index: Int
  /// How many parts there are.
  public let count: Int

  /// nil where there is no such part.
  public init?(_ index: Int, of count: Int) {
    guard index >= 1, index <= count else { return nil }
    self.index = index
    self.count = count
  }

  /// Whether a file of this name belongs to the part.
  public func contains(_ name: String) -> Bool {
    if count == 1 { return true }
    var hash = SHA256()
    hash.update(PathName.bytes(name).span)
    let start = hash.finish().prefix(16)
    return (UInt64(start, radix: 16) ?? 0) % UInt64(count) == UInt64(index - 1)
  }
}

extension Shard: CustomStringConvertible {
  /// `2/3`.
  public var description: String { "\(index)/\(count)" }
}

extension Shard {
  /// What the variables of a job system say of the part that is this process's.
  package struct Assignment: Sendable {
    package var shard: Shard
    /// The variables that said so.
    package var variables: [String]
  }

  /// The part that `--shard`'s value names: `2/3`; `auto`, what the job system's variables say; `auto/3`, where they say
  /// which part this is but not how many there are. nil: `all`, or `auto` outside of any job system.
  ///
  /// - Parameter text: nil: as `auto`, but a system that does not say how many parts there are is not asked.
  package static func assigned(
    _ text: String?, _ environment: @escaping (String) -> String? = System.environment
  ) throws(ProfileError) -> Assignment? {
    guard let text else { return try automatic(count: nil, environment) }
    if text == "all" { return nil }
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    if parts[0] == "auto" {
      var count: Int?
      if parts.count == 2 {
        count = Int(parts[1])
        if count ?? 0 < 1 { throw malformed(text) }
      }
      if let found = try automatic(count: count, environment) { return found }
      throw ProfileError(
        .option, "no variable says which part this is",
        hint: environment("JOB_COMPLETION_INDEX") == nil
          ? "name it: 2/3 is the second of three"
          : "JOB_COMPLETION_INDEX does not say how many there are: auto/3 does, for three")
    }
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]), let shard = Shard(index, of: count)
    else { throw malformed(text) }
    return Assignment(shard: shard, variables: [])
  }

  private static func malformed(_ text: String) -> ProfileError {
    ProfileError(
      .option, "“\(text)” is no part", hint: "2/3 is the second of three; auto, auto/3 and all are there, too")
  }

  private static func automatic(count stated: Int?, _ environment: @escaping (String) -> String?) throws(ProfileError)
    -> Assignment?
  {
    let variables = Variables(environment: environment)
    var found: [Assignment] = []
    for system in JobSystem.all {
      guard let (index, count) = try system.read(variables, stated) else { continue }
      let used = system.variables.filter { environment($0)?.isEmpty == false }
      guard let shard = Shard(index + 1, of: stated ?? count) else {
        throw ProfileError(
          .option, "\(used.map { "\($0)=\(environment($0) ?? "")" }.joined(separator: " ")) is no part",
          hint: "name it: 2/3 is the second of three")
      }
      // Many systems count a single job as well.
      if shard.count > 1 { found.append(Assignment(shard: shard, variables: used)) }
    }
    if let first = found.first, let other = found.first(where: { $0.shard != first.shard }) {
      throw ProfileError(
        .option,
        "\(first.variables[0]) says that this is part \(first.shard), and \(other.variables[0]) \(other.shard)",
        hint: "name the part that is meant")
    }
    return found.first
  }
}

/// Numbers in the environment.
private struct Variables {
  var environment: (String) -> String?

  func number(_ name: String) throws(ProfileError) -> Int? {
    // `CI_NODE_INDEX=` is how many a script unsets it.
    guard let text = environment(name), !text.isEmpty else { return nil }
    guard let number = Int(text), (0...1 << 31).contains(number) else {
      throw ProfileError(
        .option, "\(name) is “\(text)”, which is no number", hint: "name the part: 2/3 is the second of three")
    }
    return number
  }

  /// One that must be there, since another one is.
  func number(_ name: String, beside other: String, unless stated: Int? = nil) throws(ProfileError) -> Int {
    if let stated { return stated }
    if let number = try number(name) { return number }
    throw ProfileError(
      .option, "\(other) is set, but \(name) is not", hint: "name the part: 2/3 is the second of three")
  }
}

/// A system that starts one job many times over, and tells each which one it is.
private struct JobSystem: Sendable {
  var variables: [String]
  /// The part, from 0, and how many there are; nil where the system does not run this job.
  var read: @Sendable (Variables, _ stated: Int?) throws(ProfileError) -> (index: Int, count: Int)?

  /// One that gives two numbers, the first of which begins at `first`.
  private static func pair(_ index: String, _ count: String, from first: Int) -> JobSystem {
    JobSystem(variables: [index, count]) { (variables, stated) throws(ProfileError) in
      guard let number = try variables.number(index) else { return nil }
      return (number - first, try variables.number(count, beside: index, unless: stated))
    }
  }

  static let all = [
    // GitLab sets the total of every job, and the index where it has `parallel`.
    pair("CI_NODE_INDEX", "CI_NODE_TOTAL", from: 1),
    pair("BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", from: 0),
    pair("CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", from: 0),
    JobSystem(
      variables: [
        "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP",
      ]
    ) { (variables, stated) throws(ProfileError) in
      let name = "SLURM_ARRAY_TASK_ID"
      guard let id = try variables.number(name) else { return nil }
      let first = try variables.number("SLURM_ARRAY_TASK_MIN", beside: name)
      let step = try variables.number("SLURM_ARRAY_TASK_STEP") ?? 1
      let count = try variables.number("SLURM_ARRAY_TASK_COUNT", beside: name, unless: stated)
      if step < 1 || (id - first) % step != 0 { return (-1, count) }
      return ((id - first) / step, count)
    },
    JobSystem(variables: ["JOB_COMPLETION_INDEX"]) { (variables, stated) throws(ProfileError) in
      // Kubernetes tells nobody how many completions there are.
      guard let stated, let index = try variables.number("JOB_COMPLETION_INDEX") else { return nil }
      return (index, stated)
    },
  ]
}
