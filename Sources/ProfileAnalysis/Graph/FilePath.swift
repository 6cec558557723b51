/// Names of files as Go's path/filepath and pprof's reports treat them on Unix.
package enum FilePath {
  private static let slash = UInt8(ascii: "/")
  private static let dot = UInt8(ascii: ".")

  /// The last element, without slashes at its end; `.` of nothing and `/` of nothing but slashes.
  package static func base(_ path: some BidirectionalCollection<UInt8>) -> [UInt8] {
    if path.isEmpty { return [dot] }
    var bytes = Array(path)
    while bytes.count > 0, bytes.last == slash { bytes.removeLast() }
    if bytes.isEmpty { return [slash] }
    if let last = bytes.lastIndex(of: slash) { bytes.removeSubrange(...last) }
    return bytes
  }

  /// The shortest name of the same file by its letters alone: no `//`, no `.`, `..` taken off where something stands before.
  package static func clean(_ path: [UInt8]) -> [UInt8] {
    if path.isEmpty { return [dot] }
    let isRooted = path.first == slash
    var parts: [ArraySlice<UInt8>] = []
    for part in path.split(separator: slash) {
      if part.elementsEqual([dot]) { continue }
      if part.elementsEqual([dot, dot]) {
        if let last = parts.last, !last.elementsEqual([dot, dot]) {
          parts.removeLast()
          continue
        }
        if isRooted { continue }
      }
      parts.append(part)
    }
    if parts.isEmpty { return [isRooted ? slash : dot] }
    return (isRooted ? [slash] : []) + Array(parts.joined(separator: [slash]))
  }

  /// The name without what builds put before it: everything up to a folder of `searchPath` (where no `trimPath` is told), a
  /// folder of `trimPath`, and `/proc/self/cwd`.
  package static func trimmed(_ path: [UInt8], trimPath: String, searchPath: String) -> [UInt8] {
    if trimPath.isEmpty {
      for folder in list(searchPath) {
        let wanted = [slash] + base(folder) + [slash]
        if let found = position(of: wanted, in: path) { return Array(path[(found + wanted.count)...]) }
      }
    }
    for prefix in list(trimPath) + [Array("/proc/self/cwd/./".utf8), Array("/proc/self/cwd/".utf8)] {
      let prefix = prefix.last == slash ? prefix : prefix + [slash]
      if path.starts(with: prefix) { return Array(path[prefix.count...]) }
    }
    return path
  }

  /// The folders of a list with colons between.
  package static func list(_ paths: String) -> [[UInt8]] {
    if paths.isEmpty { return [] }
    return paths.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { Array($0) }
  }

  private static func position(of wanted: [UInt8], in path: [UInt8]) -> Int? {
    if wanted.count > path.count { return nil }
    return (0...path.count - wanted.count).first { path[$0...].starts(with: wanted) }
  }
}
