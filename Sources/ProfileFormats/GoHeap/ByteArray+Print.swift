import ProtobufWire

// Numbers and spans at the end of a byte array, without a String between.
extension [UInt8] {
  /// Lower-case hex without prefix or leading zeros.
  mutating func appendHex(_ value: UInt64) {
    var shift = Swift.max(0, 60 - (value.leadingZeroBitCount & ~3))
    while true {
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 15
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
      if shift == 0 { return }
      shift -= 4
    }
  }

  mutating func appendDecimal(_ value: UInt64) {
    if value < 10 {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value))
      return
    }
    var digits = 1
    var power: UInt64 = 1
    while value / power >= 10 {
      power *= 10
      digits += 1
    }
    var rest = value
    for _ in 0..<digits {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / power))
      rest %= power
      power /= 10
    }
  }

  mutating func appendDecimal(_ value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    appendDecimal(value.magnitude)
  }

  mutating func append(_ span: Span<UInt8>) {
    let start = count
    append(contentsOf: repeatElement(0, count: span.count))
    var target = mutableSpan
    var at = 0
    while span.count &- at >= 8 {
      storeWord(loadWord(span, at: at), in: &target, at: start &+ at)
      at &+= 8
    }
    while at < span.count {
      target[start &+ at] = span[at]
      at &+= 1
    }
  }

  mutating func append(_ text: StaticString) {
    // A StaticString's bytes are only reached by a pointer; its description is as good where nothing is hot.
    append(contentsOf: text.description.utf8)
  }
}
