public import ProfileModel

#if RE2
  internal import CRE2
#endif

/// A regular expression as Go and RE2 have it (https://github.com/google/re2/wiki/Syntax), asked whether it matches somewhere
/// in a name. Linear in the length of the name, whatever the pattern: `^(a+)+$b` too.
///
/// It is RE2 itself, so that a pattern means here what it means to `go tool pprof`. Built without the package trait `re2`,
/// every pattern is refused with an error that says so.
@safe public final class RegularExpression: Sendable {
  /// What it was made of.
  public let pattern: String

  #if RE2
    // RE2's own matching takes no locks of ours: its documentation promises that it may be shared among threads.
    private nonisolated(unsafe) let compiled: OpaquePointer
  #endif

  /// Whether this build has RE2.
  public static var isAvailable: Bool {
    #if RE2
      true
    #else
      false
    #endif
  }

  /// - Parameter name: what the pattern is called in the error: `focus`.
  /// - Throws: ``ProfileError`` with code `option`, RE2's words, and the place in the pattern; or that this build has no RE2.
  public convenience init(_ pattern: String, name: String) throws(ProfileError) {
    try self.init(bytes: Array(pattern.utf8), name: name)
  }

  /// From bytes, since patterns in files need not be UTF-8 (and are refused then, as by Go).
  public init(bytes: [UInt8], name: String) throws(ProfileError) {
    pattern = String(decoding: bytes, as: UTF8.self)
    #if RE2
      let (adapted, anyByte) = GoSyntax.adapted(bytes)
      // Swift's String repairs what is not UTF-8; the pattern must be judged as it came.
      let compiled = unsafe adapted.withUnsafeBytes { bytes in
        unsafe pprofconv_regex_new(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
      }
      guard let compiled = unsafe compiled else {
        throw ProfileError(.option, "\(name): no memory for the regular expression")
      }
      unsafe self.compiled = compiled
      if let anyByte {
        throw ProfileError(
          .option, "\(name): not a regular expression: invalid escape sequence: \\C",
          at: .text(pattern, column: anyByte + 1), hint: "as for go tool pprof; . is any character but a newline")
      }
      if let reason = problem { throw Self.error(reason.text, about: reason.part, in: pattern, name: name) }
    #else
      throw ProfileError(
        .option, "\(name): this build has no regular expressions",
        hint: "it was built without RE2: build it with the package trait re2, which is on by default")
    #endif
  }

  #if RE2
    deinit { unsafe pprofconv_regex_free(compiled) }

    private var problem: (text: String, part: String)? {
      var length = 0
      guard let text = unsafe pprofconv_regex_error(compiled, &length), length > 0 else { return nil }
      let reason = unsafe String(decoding: UnsafeRawBufferPointer(start: text, count: length), as: UTF8.self)
      guard let part = unsafe pprofconv_regex_error_part(compiled, &length) else { return (reason, "") }
      return (reason, unsafe String(decoding: UnsafeRawBufferPointer(start: part, count: length), as: UTF8.self))
    }

    private static func error(_ reason: String, about part: String, in pattern: String, name: String) -> ProfileError {
      // RE2 says which part it is about, not where that stands. What is missing is missing at the end.
      let isWhole = part.isEmpty || part.utf8.count == pattern.utf8.count
      let start = pattern.utf8.firstRange(of: part.utf8)?.lowerBound ?? pattern.endIndex
      let before = isWhole ? pattern.utf8.count : pattern.utf8.distance(from: pattern.startIndex, to: start)
      return ProfileError(
        .option, "\(name): not a regular expression: \(reason)", at: .text(pattern, column: before + 1),
        hint: "RE2's syntax counts, as for go tool pprof; \\ before a character takes away its meaning")
    }
  #endif

  /// Whether the pattern matches somewhere in `name`. A byte that is not UTF-8 counts as U+FFFD, as in Go.
  public func matches(_ name: Span<UInt8>) -> Bool {
    #if RE2
      var at = 0
      while at < name.count {
        let length = name[at] < 0x80 ? 1 : UTF8Runes.length(name, at: at)
        if length == 0 { return matchesUnchecked(Self.repaired(name).span) }
        at += length
      }
      return matchesUnchecked(name)
    #else
      return false
    #endif
  }

  #if RE2
    private func matchesUnchecked(_ name: Span<UInt8>) -> Bool {
      unsafe name.withUnsafeBytes { bytes in
        unsafe pprofconv_regex_matches(compiled, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
      }
    }

    /// RE2's `.` matches no byte that is not UTF-8; Go's does, since it reads U+FFFD there.
    private static func repaired(_ name: Span<UInt8>) -> [UInt8] {
      var bytes: [UInt8] = []
      var at = 0
      while at < name.count {
        let length = UTF8Runes.length(name, at: at)
        if length == 0 { bytes += [0xef, 0xbf, 0xbd] }
        for i in at..<at + length { bytes.append(name[i]) }
        at += max(1, length)
      }
      return bytes
    }
  #endif
}
