import ProfileModel
import Testing

@testable import RegularExpressions

@Suite struct RegularExpressionTests {
  #if RE2
    private func matches(_ pattern: String, _ name: [UInt8]) throws -> Bool {
      try RegularExpression(pattern, name: "focus").matches(name.span)
    }

    @Test(
      "matches somewhere in a name, as Go does",
      arguments: [
        ("main", "main.main", true), ("^main$", "main.main", false), ("", "", true), ("^$", "", true),
        ("^$", "a", false),
        (#"\pL+"#, "1é2", true), (#"^\pL$"#, "é", true), (#"\pL"#, "12", false), ("(?i)MAIN", "main", true),
        ("(?i)straße", "STRAßE", true), ("a.c", "a\nc", false), ("(?s)a.c", "a\nc", true), ("^b", "a\nb", false),
        ("(?m)^b", "a\nb", true), ("a$", "a\n", false), (#"\bfoo\b"#, "a foo b", true), (#"\Qa.b\E"#, "axb", false),
        ("[[:alpha:]]{2}", "1ab", true), ("a{2,3}b", "ab", false), ("(?P<n>a)b", "ab", true), (#"\x{e9}"#, "é", true),
        (#"\(\*T\)\.m"#, "main.(*T).m", true), ("a|b", "xb", true), ("[^a]", "a", false),
        (#"\d\s\w\D\S\W"#, "1 a-b ", true),
        // Go's own, which RE2 before 2023 does not know; and what only looks like it.
        ("(?<n>a)(?<m>b)", "ab", true), ("[(?<]P", "<P", true), (#"\(?<n>"#, "<n>", true),
        (#"\Q(?<\E"#, "(?<", true), ("[[:alpha:](?<]{3}P", "(?<P", true), ("[](?<]P", "<P", true),
        (#"\Q\C"#, #"\C"#, true),
      ] as [(String, String, Bool)])
    func somewhere(pattern: String, name: String, expected: Bool) throws {
      #expect(try matches(pattern, Array(name.utf8)) == expected)
    }

    @Test("a byte that is not UTF-8 counts as U+FFFD, each on its own, as in Go")
    func notUTF8() throws {
      #expect(try matches("^a.b$", [0x61, 0xff, 0x62]))
      #expect(try matches("^a..b$", [0x61, 0xe2, 0x82, 0x62]))
      #expect(try !matches("^a.b$", [0x61, 0xe2, 0x82, 0x62]))
      #expect(try matches(#"\x{fffd}"#, [0xc0]))
      #expect(try matches("é", [0xff, 0xc3, 0xa9]))
      #expect(try !matches("é", [0xe9]))
    }

    @Test("takes no longer for patterns that blow up others")
    func linear() throws {
      let name = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
      #expect(try !matches("^(a+)+$b", name))
      #expect(try !matches("(a*)*b", name))
      #expect(try !matches("(a|aa)+$b", name))
      #expect(try matches("(.*)(.*)(.*)(.*)(.*)a$", name))
    }

    @Test(
      "says in RE2's words what is wrong, and where",
      arguments: [
        ("a[bc", "missing ]: [bc", 2), ("x**", "bad repetition operator: **", 2), ("a(b", "missing ): a(b", 4),
        ("é\\8", #"invalid escape sequence: \8"#, 3), ("*a", "no argument for repetition operator: *", 1),
        (#"é\C"#, #"invalid escape sequence: \C"#, 3), ("a{1001}", "invalid repetition size: {1001}", 2),
        ("[b-a]", "invalid character class range: b-a", 2),
      ])
    func refused(pattern: String, reason: String, column: Int) throws {
      let error = #expect(throws: ProfileError.self) { try RegularExpression(pattern, name: "focus") }
      #expect(error?.code == .option)
      #expect(error?.message == "focus: not a regular expression: " + reason)
      #expect(error?.place == .text(pattern, column: column))
    }

    @Test("takes no pattern that is not UTF-8, nor one beyond all measure")
    func unusable() throws {
      #expect(throws: ProfileError.self) { try RegularExpression(bytes: [0x61, 0xff], name: "focus") }
      #expect(throws: ProfileError.self) { try RegularExpression("((((a{100}){100}){100}){100})", name: "focus") }
      #expect(throws: ProfileError.self) {
        try RegularExpression(String(repeating: "(", count: 100_000), name: "focus")
      }
    }

    @Test("ten thousand alternatives are one pattern")
    func large() throws {
      let pattern = (0..<10_000).map { "name\($0)x" }.joined(separator: "|")
      #expect(try matches(pattern, Array("name9999x".utf8)))
      #expect(try !matches(pattern, Array("name10000x".utf8)))
    }
  #else
    @Test("without RE2 every pattern is refused, with the reason")
    func unavailable() {
      #expect(!RegularExpression.isAvailable)
      let error = #expect(throws: ProfileError.self) { try RegularExpression("main", name: "focus") }
      #expect(error?.code == .option && error?.message == "focus: this build has no regular expressions")
    }
  #endif
}
