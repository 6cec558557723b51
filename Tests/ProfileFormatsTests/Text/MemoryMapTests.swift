import ProfileModel
import Testing

@testable import ProfileFormats

@Suite struct MemoryMapTests {
  private static func profile(_ map: String) throws -> Profile {
    try HeapTextTests.profile("1: 1 [1: 1] @ 0x400011\n\nMAPPED_LIBRARIES:\n" + map)
  }

  @Test func `variables are replaced, those of variables too`() throws {
    let profile = try Self.profile("root=/opt\nbin=$root/bin\n400000-500000 r-xp 00000000 00:00 0 $bin/app\n")
    let mapping = try #require(profile.columns.mappings.first)
    #expect(profile.columns.strings.string(mapping.file) == "/opt/bin/app")
  }

  @Test func `a program's name is what stands without the words that it is deleted, which are not searched again`()
    throws
  {
    for (file, first) in [
      ("[v](deleted)", "/bin/app"), ("(del(deleted)eted)", "(del(deleted)eted)"), (" (deleted)(deleted)", "/bin/app"),
      ("/b" + String(repeating: "(deleted)", count: 10_000), "/b"),
      (String(repeating: "(deleted)", count: 10_000) + "x.so", "/bin/app"),
    ] {
      let profile = try Self.profile(
        "200000-300000 r-xp 00000000 00:00 0 \(file)\n400000-500000 r-xp 00000000 00:00 0 /bin/app\n")
      let mapping = try #require(profile.columns.mappings.first)
      #expect(profile.columns.strings.string(mapping.file).hasPrefix(first))
    }
  }

  @Test(arguments: [
    // Each line is twice the one before.
    "a=xxxxxxxx\n"
      + zip("abcdefghijklmnopqrstuvwxy", "bcdefghijklmnopqrstuvwxyz").map { "\($1)=$\($0)$\($0)\n" }.joined(),
    (0..<1001).map { "v\($0)=1\n" }.joined(),
    (0..<20).map { "v\($0)=" + String(repeating: "x", count: 60_000) + "\n" }.joined(),
    // Each `$` is held against every name to its end.
    (0..<100).map { String(repeating: "$", count: 1_000) + "\($0)=\n" }.joined()
      + String(repeating: "$", count: 50_000),
    (0..<200).map { "$$$$$$$\($0)=\n" }.joined() + String(repeating: "$", count: 50_000),
  ])
  func `variables beyond all use are refused with their place`(_ map: String) {
    let error = #expect(throws: ProfileError.self) { try Self.profile(map) }
    #expect(error?.code == .limit)
    guard case .line(let line, _, _) = error?.place else {
      Issue.record("no line: \(String(describing: error))")
      return
    }
    #expect(line > 4)
  }
}
