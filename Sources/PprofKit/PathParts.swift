/// Paths, taken apart by their bytes. A slash with a combining character behind it is one `Character` and no slash to Swift,
/// and the end of a name to the system.
package enum PathParts {
  private static let slash = UInt8(ascii: "/")

  /// The names between slashes, without empty ones.
  package static func names(_ path: String) -> [String] {
    path.utf8.split(separator: slash).map { String(Substring($0)) }
  }

  /// The last name; the whole path where it has no slash, and nothing where it ends in one.
  package static func name(_ path: String) -> String {
    path.utf8.lastIndex(of: slash).map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }

  /// What stands before the last slash; nil where there is none.
  package static func folder(_ path: String) -> String? {
    path.utf8.lastIndex(of: slash).map { String(path[..<$0]) }
  }

  package static func isAbsolute(_ path: String) -> Bool { path.utf8.first == slash }

  /// What stands behind a prefix; nil where the path does not begin with it.
  package static func dropping(_ prefix: String, from path: String) -> String? {
    guard path.utf8.starts(with: prefix.utf8) else { return nil }
    return String(path[path.utf8.index(path.startIndex, offsetBy: prefix.utf8.count)...])
  }

  /// Whether a name ends in a dot and `ending`.
  package static func hasEnding(_ name: String, _ ending: String) -> Bool {
    let (name, ending) = (name.utf8, ("." + ending).utf8)
    return name.count >= ending.count && name.suffix(ending.count).elementsEqual(ending)
  }

  /// What stands behind the last dot of a path's last name, in lower case; nil where that has none.
  package static func ending(_ path: String) -> String? {
    let name = names(path).last ?? ""
    return name.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(name[name.utf8.index(after: $0)...]).lowercased() }
  }

  /// Whether it can be put below a directory without leading out of it or naming nothing.
  package static func staysBelow(_ path: String) -> Bool {
    path.utf8.split(separator: slash, omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
    }
  }
}
