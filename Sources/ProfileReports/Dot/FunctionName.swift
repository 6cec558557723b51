/// Function names as graphs show them: without packages, versions and arguments. pprof's ShortenFunctionName, whose regular
/// expressions stand in the comments.
enum FunctionName {
  static func shortened(_ name: [UInt8]) -> [UInt8] {
    var name = name
    let anonymous = Array("(anonymous namespace)::".utf8)
    if name.starts(with: anonymous) { name.removeFirst(anonymous.count) }
    name = withoutVersion(name)
    return goName(name) ?? javaName(name) ?? cppName(name) ?? name
  }

  /// `^(.*?)/v(?:[2-9]|[1-9][0-9]+)([./].*)$`: a major version of a Go module.
  private static func withoutVersion(_ name: [UInt8]) -> [UInt8] {
    if name.contains(newline) { return name }
    for at in name.indices where name[at...].starts(with: [slash, UInt8(ascii: "v")]) {
      let digits = name[(at + 2)...].prefix { isDigit($0) }
      guard let first = digits.first, first != UInt8(ascii: "0"), digits.count > 1 || first != UInt8(ascii: "1"),
        digits.endIndex < name.count, name[digits.endIndex] == slash || name[digits.endIndex] == dot
      else { continue }
      return Array(name[..<at] + name[digits.endIndex...])
    }
    return name
  }

  /// `^(?:[\w\-\.]+\/)+([^.]+\..+)`: what stands behind the folders of a package path. O(n), however many folders there are.
  private static func goName(_ name: [UInt8]) -> [UInt8]? {
    // Where what is taken begins, and the dot in it.
    var best: (start: Int, point: Int)?
    var start = 0
    // The first dot behind `start`: it serves all folders before it.
    var point = -1
    while true {
      let end = name[start...].prefix { isWord($0) || $0 == UInt8(ascii: "-") || $0 == dot }.endIndex
      if end == start || end == name.count || name[end] != slash { break }
      start = end + 1
      if point < start { point = name[start...].firstIndex(of: dot) ?? name.count }
      if point > start, point + 1 < name.count, name[point + 1] != newline { best = (start, point) }
    }
    guard let (from, dot) = best else { return nil }
    return Array(name[from..<(name[(dot + 1)...].firstIndex(of: newline) ?? name.count)])
  }

  /// `^(?:[a-z]\w*\.)*([A-Z][\w\$]*\.(?:<init>|[a-z][\w\$]*(?:\$\d+)?))(?:(?:\()|$)`: class and method.
  private static func javaName(_ name: [UInt8]) -> [UInt8]? {
    var start = 0
    while start < name.count, isLower(name[start]) {
      let end = name[start...].prefix { isWord($0) }.endIndex
      if end == name.count || name[end] != dot { return nil }
      start = end + 1
    }
    guard start < name.count, isUpper(name[start]) else { return nil }
    let point = name[start...].prefix { isWord($0) || $0 == dollar }.endIndex
    if point == name.count || name[point] != dot { return nil }
    var end = point + 1
    let constructor = Array("<init>".utf8)
    if name[end...].starts(with: constructor) {
      end += constructor.count
    } else if end < name.count, isLower(name[end]) {
      end = name[end...].prefix { isWord($0) || $0 == dollar }.endIndex
    } else {
      return nil
    }
    return end == name.count || name[end] == UInt8(ascii: "(") ? Array(name[start..<end]) : nil
  }

  /// `^(?:[_a-zA-Z]\w*::)+(_*[A-Z]\w*::~?[_a-zA-Z]\w*(?:<.*>)?)`: class and method, template arguments kept.
  private static func cppName(_ name: [UInt8]) -> [UInt8]? {
    var starts: [Int] = []
    var start = 0
    while let end = identifier(name, from: start), name[end...].starts(with: colons) {
      start = end + 2
      starts.append(start)
    }
    for start in starts.reversed() {
      let upper = start + name[start...].prefix { $0 == UInt8(ascii: "_") }.count
      guard upper < name.count, isUpper(name[upper]), let classEnd = identifier(name, from: start),
        name[classEnd...].starts(with: colons)
      else { continue }
      var method = classEnd + 2
      if method < name.count, name[method] == UInt8(ascii: "~") { method += 1 }
      guard var end = identifier(name, from: method) else { continue }
      if end < name.count, name[end] == UInt8(ascii: "<") {
        let line = name[end...].prefix { $0 != newline }
        if let close = line.lastIndex(of: UInt8(ascii: ">")) { end = close + 1 }
      }
      return Array(name[start..<end])
    }
    return nil
  }

  /// Where an identifier that begins at `start` ends.
  private static func identifier(_ name: [UInt8], from start: Int) -> Int? {
    guard start < name.count, isWord(name[start]), !isDigit(name[start]) else { return nil }
    return name[start...].prefix { isWord($0) }.endIndex
  }

  private static let slash = UInt8(ascii: "/")
  private static let dot = UInt8(ascii: ".")
  private static let dollar = UInt8(ascii: "$")
  private static let newline = UInt8(ascii: "\n")
  private static let colons = Array("::".utf8)

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
  private static func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
  private static func isUpper(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }
  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLower(byte) || isUpper(byte) || byte == UInt8(ascii: "_")
  }
}
