internal import ProfileModel

/// What tells that two files were joined into one: pprof passes over whatever stands behind the records of a text, and with
/// it over a whole profile.
enum SecondProfile {
  private static let headers: [StaticString] = [
    "heap profile:", "heapz profile:", "heap_v2/", "--- heapz ", "--- growthz ", "--- contentionz ", "--- contention:",
    "--- mutex:", "--- threadz ", "goroutine profile: total ", "threadcreate profile: total ",
  ]

  private static let firstBytes = Array("h-gt".utf8)

  /// Whether a line is the first of a profile. A line of a memory map never is.
  static func begins(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
    let text = TextBytes.trimmed(bytes, line)
    if beginsText(bytes, text) { return true }
    // `goroutine 1 [running]:`, `goroutine 1 gp=0xc0000061c0 m=0 …`
    let number = text.lowerBound + 10
    let end = TextBytes.digits(bytes, from: min(number, text.upperBound), to: text.upperBound)
    return end > number && TextBytes.has("goroutine ", bytes, at: text.lowerBound)
      && (TextBytes.has(" [", bytes, at: end) || TextBytes.has(" gp=0x", bytes, at: end))
  }

  /// Whether a line is the first of a profile that is no dump of goroutines.
  static func beginsText(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
    guard let first = line.first, firstBytes.contains(bytes[first]) else { return false }
    return headers.contains { TextBytes.has($0, bytes, at: first) }
  }

  static func error(at place: ProfileError.Place) -> ProfileError {
    ProfileError(
      .malformed, "a second profile begins here: two files were joined into one", at: place,
      hint: "convert them one by one, or make one of the files with `pprofconv merge`")
  }
}
