import ProfileModel
import TestSupport
import Testing

@testable import ProfileFormats

/// Heap texts that a download cut off, or that somebody joined.
@Suite struct CutHeapTextTests {
  private static let text = """
    heap profile: 3: 48 [5: 80] @ heap/2
    1: 16 [2: 32] @ 0x401000 0x402000

    2: 32 [3: 48] @ 0x403000


    """

  private func read(_ text: String) throws -> (Profile, Diagnostics) {
    var source = ByteSource(Array(text.utf8))
    var diagnostics = Diagnostics()
    let profile = try Debug1Reader().read(&source, options: ReadOptions(), diagnostics: &diagnostics)
    return (profile, diagnostics)
  }

  @Test func aTextWhoseRecordsAreAllThereIsReadWithoutAWord() throws {
    let (profile, diagnostics) = try read(Self.text)
    #expect(profile.sampleCount == 2)
    #expect(diagnostics.count(of: "records-missing") == 0)
  }

  @Test func recordsThatTheFirstLinePromisesAreMissed() throws {
    let (profile, diagnostics) = try read(String(Self.text.prefix(72)))
    #expect(profile.sampleCount == 1)
    #expect(diagnostics.count(of: "records-missing") == 1)
  }

  @Test func aSecondProfileBehindTheFirstIsAnErrorAtItsLine() throws {
    let error = #expect(throws: ProfileError.self) { try read(Self.text + Self.text) }
    guard case .line(let line, _, _)? = error?.place else {
      Issue.record("no line: \(String(describing: error))")
      return
    }
    #expect(line == 6)
    #expect(error?.message.contains("second profile") == true)
  }
}
