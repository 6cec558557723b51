import ProfileModel

/// The section of mappings behind the records, in the brief form, the only one that keeps build ids:
///
///     --- Memory map: ---
///     400000-5c8000: r-xp /opt/demo/bin/demo (@0) f9b3c1…
enum MemoryMapText {
  static func append(_ columns: ProfileColumns, to buffer: inout [UInt8]) {
    if columns.mappings.isEmpty { return }
    buffer.append("--- Memory map: ---\n")
    for mapping in columns.mappings {
      buffer.appendHex(mapping.start)
      buffer.append(UInt8(ascii: "-"))
      buffer.appendHex(mapping.limit)
      // Without permissions a name such as `x` would be taken for them.
      buffer.append(": r-xp")
      if printsFile(mapping, columns.strings) {
        buffer.append(UInt8(ascii: " "))
        buffer.append(columns.strings[mapping.file])
        // Without a file before it, this would be one.
        buffer.append(" (@")
        buffer.appendHex(mapping.offset)
        buffer.append(UInt8(ascii: ")"))
        if isHexadecimal(columns.strings[mapping.buildID]) {
          buffer.append(UInt8(ascii: " "))
          buffer.append(columns.strings[mapping.buildID])
        }
      }
      buffer.append(UInt8(ascii: "\n"))
    }
  }

  // Whether a reader gets back what was printed.

  static func tellsFile(_ mapping: Mapping, _ strings: StringTable) -> Bool {
    strings.isEmpty(mapping.file) || printsFile(mapping, strings)
  }

  static func tellsOffset(_ mapping: Mapping, _ strings: StringTable) -> Bool {
    mapping.offset == 0 || printsFile(mapping, strings)
  }

  static func tellsBuildID(_ mapping: Mapping, _ strings: StringTable) -> Bool {
    strings.isEmpty(mapping.buildID)
      || (printsFile(mapping, strings) && isHexadecimal(strings[mapping.buildID]))
  }

  /// A file without blanks, where readers stop, and which nothing else in the line could be taken for: neither a variable,
  /// nor an offset, nor the prefix of a log line.
  private static func printsFile(_ mapping: Mapping, _ strings: StringTable) -> Bool {
    let file = strings[mapping.file]
    if file.isEmpty || file.count > FrameText.maxName || file[0] == UInt8(ascii: "(") { return false }
    var isBracketOpen = false
    for i in file.indices {
      if file[i] <= 0x20 || file[i] == 0x7f || file[i] == UInt8(ascii: "$") { return false }
      if file[i] == UInt8(ascii: "[") { isBracketOpen = true }
      if file[i] == UInt8(ascii: "]"), !isBracketOpen { return false }
    }
    return true
  }

  /// Readers take hexadecimal digits only.
  private static func isHexadecimal(_ id: Span<UInt8>) -> Bool {
    if id.isEmpty || id.count > 1000 { return false }
    for i in id.indices {
      let isHex = id[i] &- 0x30 < 10 || (id[i] | 0x20) &- UInt8(ascii: "a") < 6
      if !isHex { return false }
    }
    return true
  }
}
