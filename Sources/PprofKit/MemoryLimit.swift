/// How much memory there is to take.
enum MemoryLimit {
  /// Nine tenths of what the machine or the tightest control group around the process has, in bytes, or half of the address
  /// space that it may have (`ulimit -v`), which holds what is only reserved, too. Some file reads.
  static func ofProcess() -> Int {
    let limit = min(System.physicalMemory, controlGroup() ?? .max)
    return min(limit / 10 * 9, System.addressSpace / 2)
  }

  /// The limit of the process's control group and of the ones above it, version 1 or 2; nil where there is none.
  static func controlGroup(
    root: String = "/sys/fs/cgroup", membership: String = "/proc/self/cgroup"
  ) -> Int? {
    guard let lines = text(of: membership) else { return nil }
    var limits: [Int] = []
    for line in lines.utf8.split(separator: UInt8(ascii: "\n")) {
      // "0::/user.slice/x" of version 2, "9:memory:/docker/x" of version 1.
      let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
        .map { String(Substring($0)) }
      guard parts.count == 3 else { continue }
      if parts[0] == "0", parts[1].isEmpty {
        limits += each(of: parts[2]) { root + $0 + "/memory.max" }
      } else if parts[1].utf8.split(separator: UInt8(ascii: ",")).contains(where: { $0.elementsEqual("memory".utf8) }) {
        limits += each(of: parts[2]) { root + "/memory" + $0 + "/memory.limit_in_bytes" }
      }
    }
    return limits.min()
  }

  /// The numbers in the files of a group and its parents. In a container the group's own path may not be there, only the
  /// root.
  private static func each(of group: String, file: (String) -> String) -> [Int] {
    var path = group == "/" ? "" : group
    var found: [Int] = []
    while true {
      if let limit = text(of: file(path)).flatMap({
        Int(String(Substring($0.utf8.prefix { $0 != UInt8(ascii: "\n") })))
      }) {
        found.append(limit)
      }
      guard let above = PathParts.folder(path) else { return found }
      path = above
    }
  }

  private static func text(of path: String) -> String? {
    do throws(SystemError) {
      return String(decoding: try OpenFile.reading(path).readFully(64 << 10), as: UTF8.self)
    } catch {
      // Not there: no such version of control groups, or none at all.
      return nil
    }
  }
}
