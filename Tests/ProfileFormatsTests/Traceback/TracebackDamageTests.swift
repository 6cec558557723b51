import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

/// What `--recover` keeps of dumps that were cut, or have something behind them.
@Suite struct TracebackDamageTests {
  private func mended(_ text: String) -> String {
    String(decoding: TracebackReader().mend(Array(text.utf8), .cut).bytes, as: UTF8.self)
  }

  private static let main = "goroutine 1 [running]:\nmain.f(0x1)\n\t/x/a.go:1 +0x1\nmain.main()\n\t/x/a.go:2 +0x1\n"
  private static let created = """
    goroutine 7 [select]:
    main.g(0x1)
    \t/x/a.go:3 +0x1
    created by main.main in goroutine 1
    \t/x/a.go:4 +0x1

    """

  @Test(
    "What stands behind the last goroutine costs nothing of it",
    arguments: [
      "\0", "\u{1a}", "{\"a\": 1}", "<html>", "rax    0x", "rax    0x0\nrbx    0x0\nr", "exit status", "# x", "junk\n",
      "a=b",
      "PeriodType: cpu nanoseconds\n",
    ])
  func behind(_ rest: String) {
    for dump in [Self.created + "\n" + Self.main, Self.main + "\n" + Self.created] {
      let kept = mended(dump + rest)
      #expect(kept.hasPrefix(dump) && (dump + rest).hasPrefix(kept))
    }
  }

  @Test("A goroutine that its creator ends is whole, whatever follows", arguments: ["junk", "main.g(", "\tx", "runt"])
  func created(_ rest: String) {
    #expect(mended(Self.main + "\n" + Self.created + rest) == Self.main + "\n" + Self.created)
  }

  @Test(
    "A goroutine that was cut is left out",
    arguments: [
      "runt", "main.h(0x", "main.h(0x1)\n", "main.h(0x1)\n\t/x/a", "created by main.h in gor", "...62 frames el",
      "non-Go function at", "[originating from", "created by main.h\n\t/x/a",
    ])
  func cut(_ rest: String) {
    #expect(mended(Self.created + "\n" + Self.main + rest) == Self.created + "\n")
    let prefixed = ("a: " + (Self.created + "\n" + Self.main + rest).replacing("\n", with: "\na: "))
    let kept = ("a: " + (Self.created + "\n").replacing("\n", with: "\na: ")).dropLast(3)
    #expect(mended(prefixed.hasSuffix("\na: ") ? String(prefixed.dropLast(3)) : prefixed) == kept)
  }

  @Test func `The only one is kept as far as it goes`() {
    #expect(mended(Self.main + "main.h(0x") == Self.main)
  }

  @Test("At every cut no whole goroutine is lost", arguments: TracebackSamples.real)
  func everyCut(_ fixture: Fixture) throws {
    let bytes = try fixture.bytes
    let whole = try TracebackSamples.read(bytes).profile
    // Every goroutine that an empty line stands behind.
    var ends: [Int] = []
    for at in bytes.indices.dropFirst() where bytes[at] == 0x0a && bytes[at - 1] == 0x0a { ends.append(at + 1) }
    let step = max(1, bytes.count / 50)
    for cut in stride(from: ends.first ?? 0, to: bytes.count, by: step) {
      let mended = TracebackReader().mend(Array(bytes[..<cut]), .cut)
      guard let profile = try? TracebackSamples.read(mended.bytes).profile else { continue }
      #expect(mended.kept >= (ends.last { $0 <= cut } ?? 0))
      #expect(profile.sampleCount <= whole.sampleCount)
      for sample in max(0, profile.sampleCount - 2)..<profile.sampleCount where profile.sampleCount > 1 {
        #expect(TracebackSamples.stack(profile, sample) == TracebackSamples.stack(whole, sample), "cut at \(cut)")
      }
    }
  }
}
