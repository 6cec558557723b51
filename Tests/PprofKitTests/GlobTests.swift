import PprofKit
import Testing

@Suite struct GlobTests {
  @Test(arguments: [
    ("*.pb.gz", "heap.pb.gz", true), ("*.pb.gz", "a/heap.pb.gz", false), ("*", "", false), ("*", "a", true),
    ("a*b*c", "aXbXbc", true), ("a*b*c", "aXbXb", false), ("*a*", "bab", true), ("a?c", "aéc", true),
    ("a?c", "ac", false),
    ("[a-c]x", "bx", true), ("[a-c]x", "dx", false), ("[!a-c]x", "dx", true), ("[^a]", "a", false), ("[]a]", "]", true),
    ("[à-ü]", "é", true), ("[a-", "[a-", true), ("[-a]", "-", true), ("[z-a]", "b", false), (#"\*"#, "*", true),
    (#"\*"#, "x", false), ("**/x", "x", true), ("**/x", "a/b/x", true), ("a/**", "a/b/c", true), ("a/**", "a", true),
    ("a/**/b/**/c", "a/b/b/x/c", true), ("a/**/b", "a/c", false), ("a**b", "aXb", true), ("a**b", "a/b", false),
    ("{a,b}.x", "b.x", true), ("{a,b{c,d}}", "bd", true), ("{a,b/c}/x", "b/c/x", true), ("{a}", "{a}", true),
    ("{a,b", "{a,b", true), ("a{,b}", "a", true), (#"\{a,b}"#, "{a,b}", true), (".*", ".x", true),
  ])
  func patternsMatchAsShellsHaveThem(_ pattern: String, _ path: String, _ expected: Bool) throws {
    let glob = try #require(Glob(pattern))
    #expect(glob.matches(path) == expected)
  }

  @Test func wordsWithWildcardsArePatterns() {
    #expect(["*", "a?", "[x", "{a,b}"].allSatisfy { Glob.isPattern($0) })
    #expect(!Glob.isPattern("a-b.pb.gz"))
  }

  /// Each of these takes time without end where a matcher tries every way.
  @Test func hostilePatternsEnd() throws {
    let stars = try #require(Glob(String(repeating: "*a", count: 200) + "b"))
    #expect(!stars.matches(String(repeating: "a", count: 2000)))
    let folders = try #require(Glob(String(repeating: "**/", count: 100) + "b"))
    #expect(!folders.matches(String(repeating: "a/", count: 500) + "c"))
    #expect(Glob(String(repeating: "{a,b}", count: 30)) == nil)
    #expect(Glob(String(repeating: "{", count: 5000))?.matches("x") == false)
  }
}
