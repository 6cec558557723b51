import Foundation
import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

/// Reading and writing tracebacks in tests, and a second, naive opinion of what a dump says.
enum TracebackSamples {
  static let all = (try? Fixture.all("debug2/valid")) ?? []
  /// Printed by Go's runtime itself.
  static let real = all.filter { $0.name.hasPrefix("go") }
  static let synthetic = all.filter { $0.name.hasPrefix("synthetic") }
  static let pairs = ["go1.19-cgo", "go1.19-default", "go1.27-cgo", "go1.27-default"]

  static func read(_ bytes: [UInt8], chunk: Int? = nil) throws -> (profile: Profile, diagnostics: Diagnostics) {
    var diagnostics = Diagnostics()
    var source = ByteSource(bytes)
    if let chunk {
      var at = 0
      source = ByteSource { () throws(ProfileError) -> [UInt8] in
        let end = min(bytes.count, at + chunk)
        defer { at = end }
        return Array(bytes[at..<end])
      }
    }
    let profile = try TracebackReader().read(&source, options: ReadOptions(), diagnostics: &diagnostics)
    return (profile, diagnostics)
  }

  static func read(_ text: String) throws -> Profile { try read(Array(text.utf8)).profile }

  static func write(_ profile: Profile) throws -> (text: String, losses: LossReport) {
    var sink = ByteSink()
    let losses = try TracebackWriter().write(profile, to: &sink, options: WriteOptions())
    return (String(decoding: sink.buffer, as: UTF8.self), losses)
  }

  /// The lines of a dump without what a profile has no place for: arguments, offsets, pointers.
  static func said(_ text: String) -> [String] {
    var lines = text.components(separatedBy: "\n").map { line -> String in
      if line.hasPrefix("\t") {
        return line.replacing(#/ \+0x[0-9a-f]+/#, with: "").replacing(#/ (fp|sp|pc)=0x[0-9a-f]+/#, with: "")
      }
      guard line.hasSuffix(")"), !line.hasPrefix("panic:") else { return line }
      var depth = 0
      for at in line.indices.reversed() {
        if line[at] == ")" { depth += 1 }
        if line[at] == "(" { depth -= 1 }
        if depth == 0 { return String(line[..<at]) }
      }
      return line
    }
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  /// The labels of a sample as `key=value`, numbers with their unit.
  static func labels(_ profile: Profile, _ sample: Int) -> [String] {
    let columns = profile.columns
    return columns.labels[columns.labelRange(columns.sampleLabels[sample])].map { label in
      let unit = profile.string(label.unit)
      let value = label.str == .empty && !unit.isEmpty ? "\(label.num) \(unit)" : profile.string(label.str)
      return "\(profile.string(label.key))=\(value)"
    }
  }

  /// The stack of a sample, leaf first: `function file:line`, inlined ones joined by ` < `, an address in front if there is
  /// one.
  static func stack(_ profile: Profile, _ sample: Int) -> [String] {
    let columns = profile.columns
    return columns.stackLocations[columns.stackRange(columns.sampleStacks[sample])].map { location in
      let address = columns.locations[location.position].address
      let lines = columns.lines[columns.lineRange(location)].map { line in
        let function = columns.functions[line.function.position]
        return "\(profile.string(function.name)) \(profile.string(function.file)):\(line.line)"
      }
      return (address == 0 ? "" : "0x\(String(address, radix: 16)) ") + lines.joined(separator: " < ")
    }
  }
}
