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
      let hasFile = tellsFile(mapping, columns.strings)
      if hasFile {
        buffer.append(UInt8(ascii: " "))
        buffer.append(columns.strings[mapping.file])
      }
      buffer.append(" (@")
      buffer.appendHex(mapping.offset)
      buffer.append(UInt8(ascii: ")"))
      if hasFile, tellsBuildID(mapping, columns.strings) {
        buffer.append(UInt8(ascii: " "))
        buffer.append(columns.strings[mapping.buildID])
      }
      buffer.append(UInt8(ascii: "\n"))
    }
  }

  /// A file without blanks (readers stop there), and which nothing else in the line could be taken for.
  static func tellsFile(_ mapping: Mapping, _ strings: StringTable) -> Bool {
    let file = strings[mapping.file]
    if file.isEmpty || file.count > FrameText.maxName { return false }
    for i in file.indices where file[i] <= 0x20 || file[i] == 0x7f || file[i] == UInt8(ascii: "$") { return false }
    return file[0] != UInt8(ascii: "(")
  }

  /// Readers take hexadecimal digits only, and none for no build id.
  static func tellsBuildID(_ mapping: Mapping, _ strings: StringTable) -> Bool {
    let id = strings[mapping.buildID]
    if id.isEmpty || id.count > 1000 { return false }
    for i in id.indices {
      let isHex = id[i] &- 0x30 < 10 || (id[i] | 0x20) &- UInt8(ascii: "a") < 6
      if !isHex { return false }
    }
    return true
  }
}
