extension String {
  /// The text with a word in place of another, byte by byte.
  ///
  /// The standard library's `replacing` compares Characters, and to it a quote with a combining mark behind it is no quote, nor
  /// the end of CR LF a line end. Graphviz and spreadsheets go by bytes.
  func replacingBytes(_ word: String, with other: String) -> String {
    let (word, other) = (Array(word.utf8), Array(other.utf8))
    guard let first = word.first else { return self }
    let bytes = Array(utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var at = 0
    while at < bytes.count {
      if bytes[at] == first, bytes[at...].starts(with: word) {
        result += other
        at += word.count
      } else {
        result.append(bytes[at])
        at += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
