import ProfileModel

/// Completes JSON of the schema that ends too early: closes what is open behind the last whole entry, and adds entries that
/// are named and gone.
struct JSONMender {
  private let text: [UInt8]
  private let end: Int

  init(_ input: [UInt8], _ damage: Damage) {
    text = input
    end = if case .from(let offset) = damage { min(offset, input.count) } else { input.count }
  }

  /// What is open: an object or an array, and the key that it stands under.
  private struct Open {
    var isObject: Bool
    var key: String
  }

  /// A place behind a whole entry of an array of the profile, or a whole member of it.
  private struct Safe {
    var at = 0
    /// The array that is open there.
    var array: String?
  }

  private var open: [Open] = []
  /// Whether the damage stands behind a whole document.
  private var isWhole = false
  private var key = ""
  private var safe = Safe()
  /// How many entries an array has, and the largest position that is named.
  private var counts: [String: Int] = [:]
  private var safeCounts: [String: Int] = [:]
  private var largest: [String: Int] = [:]
  private var safeLargest: [String: Int] = [:]

  mutating func mended() -> Mended {
    scan()
    var mended = Mended(Array(text[..<safe.at]), kept: safe.at)
    if safe.at == 0 || isWhole { return mended }
    for (array, words, entry) in [
      ("locations", "locations", { (_: Int) in "{}" }),
      ("functions", "functions", { "{\"name\": \"lost function \($0)\"}" }),
      ("mappings", "mappings", { _ in "{}" }),
    ] as [(String, String, (Int) -> String)] {
      let have = safeCounts[array] ?? 0
      let lost = max(0, (safeLargest[array] ?? -1) + 1 - have)
      let isOpen = safe.array == array
      if lost == 0, !isOpen { continue }
      var entries = (have..<have + lost).map(entry).joined(separator: ", ")
      if isOpen {
        if have > 0, lost > 0 { entries = ", " + entries }
        mended.bytes.append(contentsOf: (entries + "]").utf8)
        safe.array = nil
      } else if counts[array] == nil || safeCounts[array] == nil {
        closeArray(&mended)
        mended.bytes.append(contentsOf: ", \"\(array)\": [\(entries)]".utf8)
      }
      if lost > 0 { mended.notes.append("\(lost) \(words) are lost: empty ones stand for them") }
    }
    closeArray(&mended)
    mended.bytes.append(contentsOf: "}\n".utf8)
    return mended
  }

  private mutating func closeArray(_ mended: inout Mended) {
    if safe.array != nil { mended.bytes.append(UInt8(ascii: "]")) }
    safe.array = nil
  }

  private mutating func scan() {
    var at = 0
    while at < end {
      let byte = text[at]
      switch byte {
      case UInt8(ascii: "\""):
        let start = at + 1
        at += 1
        while at < end, text[at] != UInt8(ascii: "\"") { at += text[at] == UInt8(ascii: "\\") ? 2 : 1 }
        if at >= end { return }
        if isBeforeColon(at + 1) {
          key = String(decoding: text[start..<at], as: UTF8.self)
        } else {
          value(endingAt: at + 1)
        }
        at += 1
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        open.append(Open(isObject: byte == UInt8(ascii: "{"), key: key))
        if open.count == 2, byte == UInt8(ascii: "[") {
          counts[key] = 0
          mark(at + 1, array: key)
        }
        at += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard let last = open.popLast() else { return }
        key = last.key
        if open.isEmpty { return markWhole(at + 1) }
        value(endingAt: at + 1)
        at += 1
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"):
        let start = at
        while at < end, !Array(" \t\n,]}".utf8).contains(text[at]) { at += 1 }
        // A number that the end cuts may have gone on.
        if at == end { return }
        note(TextBytes.decimal(text.span, start..<at))
        value(endingAt: at)
      default: at += 1
      }
    }
  }

  private func isBeforeColon(_ position: Int) -> Bool {
    guard open.last?.isObject == true else { return false }
    var at = position
    while at < end, text[at] <= 0x20 { at += 1 }
    return at < end && text[at] == UInt8(ascii: ":")
  }

  /// A value ended: of the profile itself, or an entry of one of its arrays.
  private mutating func value(endingAt position: Int) {
    if open.count == 2, open[1].isObject == false {
      counts[open[1].key, default: 0] += 1
      mark(position, array: open[1].key)
    } else if open.count == 1 {
      mark(position, array: nil)
    }
  }

  private mutating func mark(_ at: Int, array: String?) {
    safe = Safe(at: at, array: array)
    safeCounts = counts
    safeLargest = largest
  }

  private mutating func markWhole(_ at: Int) {
    isWhole = true
    safe.at = at < end && text[at] == UInt8(ascii: "\n") ? at + 1 : at
  }

  /// Positions that entries name.
  private mutating func note(_ number: Int64?) {
    guard let number, number >= 0, number < Int64(text.count), let last = open.last else { return }
    let table: String? =
      switch (last.isObject, last.isObject ? key : last.key) {
      case (false, "stack"): "locations"
      case (true, "mapping"): "mappings"
      case (true, "function"): "functions"
      default: nil
      }
    if let table { largest[table] = max(largest[table] ?? -1, Int(number)) }
  }
}
