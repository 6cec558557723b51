internal import ProfileModel

/// `32kb`, `:64kb`, `4mb:` or `12kb:64mb`: numbers with a unit, both ends included (pprof's parseTagFilterRange).
struct NumberRange: Hashable, Sendable {
  private var low: Double?
  private var high: Double?
  private var unit: String

  private struct Number {
    var value: Int64
    var unit: String
    var text: Substring.UTF8View
  }

  /// nil where `text` is no range, and is a pattern then.
  ///
  /// - Throws: ``ProfileError`` with code `option` for a number that does not fit in 64 bits. (pprof panics.)
  init?(_ text: String, name: String) throws(ProfileError) {
    // As pprof reads it: the first two numbers, wherever they stand, and then whether there is anything else.
    var rest = Substring(text).utf8
    guard let first = try Self.number(in: &rest, of: text, name) else { return nil }
    let second = try Self.number(in: &rest, of: text, name)
    let (value, unit) = Units.scale(first.value, from: first.unit, to: first.unit)
    self.unit = unit
    let colon = [UInt8(ascii: ":")]
    guard let second else {
      if text.utf8.elementsEqual(first.text) {
        (low, high) = (value, value)
      } else if text.utf8.elementsEqual(Array(first.text) + colon) {
        low = value
      } else if text.utf8.elementsEqual(colon + Array(first.text)) {
        high = value
      } else {
        return nil
      }
      return
    }
    if !text.utf8.elementsEqual(Array(first.text) + colon + Array(second.text)) { return nil }
    let (other, otherUnit) = Units.scale(second.value, from: second.unit, to: unit)
    if otherUnit != unit { return nil }
    (low, high) = (value, other)
  }

  func contains(_ number: Int64, unit own: String) -> Bool {
    let (value, shown) = Units.scale(number, from: own, to: unit)
    if shown != unit { return false }
    if let low, value < low { return false }
    if let high, value > high { return false }
    return true
  }

  /// The next `[+-]?[0-9]+[A-Za-z]*`.
  private static func number(in rest: inout Substring.UTF8View, of text: String, _ name: String) throws(ProfileError)
    -> Number?
  {
    func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
    guard let digit = rest.firstIndex(where: isDigit) else { return nil }
    var start = digit
    if digit > rest.startIndex {
      let before = rest.index(before: digit)
      if rest[before] == UInt8(ascii: "+") || rest[before] == UInt8(ascii: "-") { start = before }
    }
    let behind = rest[digit...].firstIndex { !isDigit($0) } ?? rest.endIndex
    let end =
      rest[behind...].firstIndex { !(UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20) } ?? rest.endIndex
    let digits = String(Substring(rest[start..<behind]))
    guard let value = Int64(digits) else {
      throw ProfileError(
        .option, "\(name): \(digits) does not fit in 64 bits",
        at: .text(text, column: text.utf8.distance(from: text.startIndex, to: start) + 1))
    }
    let number = Number(value: value, unit: String(Substring(rest[behind..<end])), text: rest[start..<end])
    rest = rest[end...]
    return number
  }
}
