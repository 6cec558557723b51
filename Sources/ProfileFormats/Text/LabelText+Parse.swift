import ProfileModel

extension LabelText {
  /// What stands behind `# labels: {`: `"k":"v", "n":64, "m":3 "unit"}`. nil where it is something else.
  static func parse(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout ProfileBuilder) -> [Label]? {
    var cursor = QuotedCursor(bytes, range)
    var found: [Label] = []
    while !cursor.take(UInt8(ascii: "}")) {
      if !found.isEmpty {
        guard cursor.take(UInt8(ascii: ",")) else { return nil }
        cursor.skipBlanks()
      }
      guard let key = cursor.quoted(), cursor.take(UInt8(ascii: ":")) else { return nil }
      var label = Label(key: builder.string(key.span))
      if let text = cursor.quoted() {
        label.str = builder.string(text.span)
      } else {
        guard let number = cursor.integer() else { return nil }
        label.num = number
        if cursor.take(0x20) {
          guard let unit = cursor.quoted() else { return nil }
          label.unit = builder.string(unit.span)
        }
      }
      found.append(label)
    }
    return cursor.isAtEnd ? found : nil
  }
}
