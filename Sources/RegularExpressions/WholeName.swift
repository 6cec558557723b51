internal import ProfileModel

/// `drop_frames` and `keep_frames`: an expression that a whole name must match. With RE2 any; without it those that
/// ``FramePattern`` reads, which are all that profilers are known to write.
package struct WholeName {
  package typealias Problem = FramePattern.Problem

  #if RE2
    private let expression: RegularExpression
  #else
    private let expression: FramePattern
  #endif

  package init(_ text: Span<UInt8>) throws(Problem) {
    #if RE2
      // Put together as pprof does it: first this, then compiled, so that `a)|(b` means what it means to pprof.
      var bytes = Array("^(".utf8)
      for i in text.indices { bytes.append(text[i]) }
      do throws(ProfileError) {
        expression = try RegularExpression(bytes: bytes + Array(")$".utf8), name: "frames")
      } catch { throw .refused }
    #else
      expression = try FramePattern(wholeOf: text)
    #endif
  }

  package func matches(_ name: Span<UInt8>) -> Bool { expression.matches(name) }
}
