import ProfileModel

/// The addresses at the end of a record, as pprof finds them: any run of `0x` and hexadecimal digits, up to the first
/// character that is none of ` x0-9a-f`. It so cuts an address at its first digit in upper case; those we read whole.
struct AddressRun {
  /// Where it stopped.
  private(set) var end: Int
  /// The first address that has a digit in upper case.
  private(set) var upperCase: Int?

  /// - Parameters:
  ///   - addresses: gets the addresses, leaf first.
  ///   - skipsText: whether other characters are passed over instead.
  /// - Throws: the place of an address of more than 64 bits.
  init(
    _ bytes: Span<UInt8>, _ range: Range<Int>, into addresses: inout [UInt64], skipsText: Bool = false
  ) throws(TooLong) {
    end = range.lowerBound
    while end < range.upperBound {
      if let digits = Self.digits(bytes, at: end, to: range.upperBound) {
        if upperCase == nil, Self.hasUpperCase(bytes, end..<digits.upperBound) { upperCase = end }
        guard let address = TextBytes.hexadecimal(bytes, digits) else { throw TooLong(at: end) }
        addresses.append(address)
        end = digits.upperBound
        continue
      }
      let byte = bytes[end]
      if !skipsText, byte != 0x20, byte != 0x78, TextBytes.lowerHex(byte) >= 16 { return }
      end += 1
    }
  }

  /// Says what of a record's line is odd. `range` is the line, trimmed.
  func tell(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ lines: borrowing TextLines, _ diagnostics: inout Diagnostics
  ) {
    if let upperCase {
      diagnostics.add(
        kind: "upper-case-address", "an address is in upper case: pprof reads another one",
        at: lines.place(at: upperCase))
    }
    if !TextBytes.trimmed(bytes, end..<range.upperBound).isEmpty {
      diagnostics.add(kind: "text-after-record", "text after the addresses is ignored", at: lines.place(at: end))
    }
  }

  struct TooLong: Error {
    var at: Int

    func error(_ lines: borrowing TextLines) -> ProfileError {
      ProfileError(.malformed, "an address takes more than 64 bits", at: lines.place(at: at))
    }
  }

  /// The digits of an address that begins at `at`; nil where none does.
  private static func digits(_ bytes: Span<UInt8>, at: Int, to end: Int) -> Range<Int>? {
    guard at + 2 < end, bytes[at] == 0x30, bytes[at + 1] | 0x20 == 0x78 else { return nil }
    let last = TextBytes.hexDigits(bytes, from: at + 2, to: end)
    return last > at + 2 ? at + 2..<last : nil
  }

  private static func hasUpperCase(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for at in range where bytes[at] < 0x61 && bytes[at] >= 0x41 { return true }
    return false
  }
}
