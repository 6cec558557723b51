package import ProfileModel

/// What a node of a graph stands for, at the granularity that was asked for: pprof's NodeInfo. What is not told apart is
/// empty or 0. Strings are in the table of the ``GraphFrames``.
package struct FrameInfo: Hashable, Sendable {
  package var name = StringIndex.empty
  package var file = StringIndex.empty
  /// Only where binaries are told apart, or where nothing else names the frame.
  package var objectFile = StringIndex.empty
  package var address: UInt64 = 0
  package var line: Int64 = 0
  package var column: Int64 = 0
  package var startLine: Int64 = 0

  /// The function that the frame is in, as a frame of its own.
  package var function: FrameInfo {
    if address == 0, line == 0 { return self }
    var function = self
    function.address = 0
    function.line = 0
    function.column = 0
    return function
  }
}

extension StringTable {
  /// A frame's name as reports print it: address, function and place with blanks between, as far as they are there.
  package func printableName(_ info: FrameInfo) -> [UInt8] {
    var name: [UInt8] = []
    for (i, part) in components(info).enumerated() {
      if i > 0 { name.append(UInt8(ascii: " ")) }
      name += part
    }
    return name
  }

  /// The parts of a frame's name; `name` and `file` take the place of its own.
  package func components(_ info: FrameInfo, name: [UInt8]? = nil, file: [UInt8]? = nil) -> [[UInt8]] {
    let name = name ?? Array(bytes[range(info.name)])
    let file = file ?? Array(bytes[range(info.file)])
    var parts: [[UInt8]] = []
    if info.address != 0 {
      let digits = String(info.address, radix: 16)
      parts.append(Array((String(repeating: "0", count: 16 - digits.utf8.count) + digits).utf8))
    }
    if !name.isEmpty { parts.append(name) }
    if info.line != 0 {
      var place = file
      place.append(UInt8(ascii: ":"))
      Units.append(info.line, to: &place)
      if info.column != 0 {
        place.append(UInt8(ascii: ":"))
        Units.append(info.column, to: &place)
      }
      parts.append(place)
    } else if !file.isEmpty {
      parts.append(file)
    } else if !name.isEmpty {
      return parts
    } else if !isEmpty(info.objectFile) {
      parts.append(Array("[".utf8) + FilePath.base(bytes[range(info.objectFile)]) + Array("]".utf8))
    } else {
      parts.append(Array("<unknown>".utf8))
    }
    return parts
  }
}
