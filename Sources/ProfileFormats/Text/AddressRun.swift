import ProfileModel

/// The addresses at the end of a record, as pprof finds them: any run of `0x` and hexadecimal digits, up to the first
/// character that is none of ` x0-9a-f`. A digit in upper case so cuts the address that it is in; nobody prints any.
struct AddressRun {
  /// Where it stopped.
  private(set) var end: Int
  static let upperCase = "an address in upper case is cut off there, and those behind it are ignored, as by pprof"

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
    tell(bytes, range, &diagnostics) { lines.place(at: $0) }
  }

  func tell(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ diagnostics: inout Diagnostics, place: (Int) -> ProfileError.Place
  ) {
    if TextBytes.trimmed(bytes, end..<range.upperBound).isEmpty { return }
    if Self.cuts(bytes[end]) {
      diagnostics.addLoss(kind: "upper-case-address", Self.upperCase, at: place(end))
    } else {
      diagnostics.addLoss(kind: "text-after-record", "text after the addresses is ignored", at: place(end))
    }
  }

  /// Whether a byte that ends the addresses is a digit, or the `X`, of one.
  static func cuts(_ byte: UInt8) -> Bool { (byte >= 0x41 && byte <= 0x46) || byte == UInt8(ascii: "X") }

  struct TooLong: Error {
    var at: Int

    func error(_ lines: borrowing TextLines) -> ProfileError {
      ProfileError(.malformed, "an address takes more than 64 bits", at: lines.place(at: at))
    }
  }

  /// The digits of an address that begins at `at`; nil where none does.
  private static func digits(_ bytes: Span<UInt8>, at: Int, to end: Int) -> Range<Int>? {
    guard at + 2 < end, bytes[at] == 0x30, bytes[at + 1] == 0x78 else { return nil }
    var last = at + 2
    while last < end, TextBytes.lowerHex(bytes[last]) < 16 { last += 1 }
    return last > at + 2 ? at + 2..<last : nil
  }
}
