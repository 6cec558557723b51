internal import Synchronization

/// Secret numbers for hashes to begin with. Ids, addresses and names are a file's choice: with a seed of its own for each
/// table nobody can choose them so that they fall on one slot, and a table takes quadratic time.
package enum HashSeed {
  /// Drawn from the system once. Each draw is a system call, and the tables for one small profile wanted nine.
  private static let secret = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
  /// How many seeds were given. It tells one from the next, and nothing that is written depends on it.
  private static let given = Atomic<UInt64>(0)

  /// A number that no other table of the process has, and that tells nothing of the others.
  package static func next() -> UInt64 {
    let number = given.wrappingAdd(1, ordering: .relaxed).newValue
    return HashIndex.mix(HashIndex.mix(secret.0 ^ number) ^ secret.1)
  }
}
