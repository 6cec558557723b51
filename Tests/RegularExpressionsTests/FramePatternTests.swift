import Foundation
import TestSupport
import Testing

@testable import RegularExpressions

/// Held against Python's `re`, which for this part of the syntax means the same; what Go refuses is from its documentation.
@Suite struct FramePatternTests {
  private func pattern(_ text: String) throws(FramePattern.Problem) -> FramePattern {
    let bytes = Array(text.utf8)
    return try FramePattern(wholeOf: bytes.span)
  }

  private func matches(_ pattern: FramePattern, _ name: String) -> Bool {
    let bytes = Array(name.utf8)
    return pattern.matches(bytes.span)
  }

  @Test(
    "matches whole names",
    arguments: [
      ("malloc|free", ["malloc": true, "free": true, "xfree": false, "mallocs": false]),
      (#"runtime\..*"#, ["runtime.main": true, "runtime.": true, "runtimeXmain": false, "runtime.a\nb": false]),
      (#"operator new(\[\])?"#, ["operator new": true, "operator new[]": true, "operator new[": false]),
      (#"runtime\.call[0-9]*"#, ["runtime.call": true, "runtime.call32": true, "runtime.callx": false]),
      ("(Mutex::)?~MutexLock.*", ["~MutexLock": true, "Mutex::~MutexLock()": true, "x~MutexLock": false]),
      ("", ["": true, "a": false]),
      // Put together first, as pprof does it: `^(a)|(b)$`.
      ("a)|(b", ["ax": true, "xb": true, "xa": false, "x": false]),
      ("[^a-c]é+", ["déé": true, "aé": false, "d": false]),
      ("(a*)*b", ["aaab": true, "b": true, "aaa": false]),
    ] as [(String, [String: Bool])])
  func whole(text: String, names: [String: Bool]) throws {
    let compiled = try pattern(text)
    for (name, expected) in names { #expect(matches(compiled, name) == expected, "\(name)") }
  }

  @Test("refuses what Go refuses", arguments: ["(", "a)", "*a", "a**", "[", "[b-a]", "a\\", "a|*", "+"])
  func refused(text: String) {
    #expect(throws: FramePattern.Problem.refused) { try pattern(text) }
  }

  @Test(
    "does not guess at what it does not know",
    arguments: ["(?i)a", #"\bfoo"#, "a{2}", #"\pL"#, "[[:alpha:]]", #"\Qa\E"#])
  func unsupported(text: String) {
    #expect(throws: FramePattern.Problem.unsupported) { try pattern(text) }
  }

  @Test("a pattern of five thousand alternatives and a long name take no time")
  func large() throws {
    let compiled = try pattern((0..<5_000).map { "name\($0)" }.joined(separator: "|"))
    #expect(matches(compiled, "name4999") && !matches(compiled, "name5000"))
    let nested = try pattern(String(repeating: "(a*)*", count: 50) + "b")
    #expect(!matches(nested, String(repeating: "a", count: 5000)))
  }

  @Test("random patterns match what Python's match")
  func random() throws {
    var random = SystemSeed(7)
    var cases: [(String, String)] = []
    for _ in 0..<3000 { cases.append((random.pattern(depth: 3), random.name())) }
    let script = """
      import re, sys
      for line in sys.stdin.read().split("\\n")[:-1]:
          pattern, name = line.split("\\t")
          print(int(re.search("^(" + pattern + r")\\Z", name) is not None))
      """
    let input = cases.map { "\($0.0)\t\($0.1)\n" }.joined()
    let result = try Subprocess.run(
      URL(filePath: "/usr/bin/env"), ["python3", "-c", script], input: Data(input.utf8))
    #expect(result.status == 0, "\(result.errors)")
    let answers = result.text.split(separator: "\n")
    #expect(answers.count == cases.count)
    for (i, (text, name)) in cases.enumerated() where i < answers.count {
      #expect(matches(try pattern(text), name) == (answers[i] == "1"), "\(text) \(name)")
    }
    #expect(answers.contains("1") && answers.contains("0"))
  }
}

private struct SystemSeed {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }

  private mutating func below(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(count))
  }

  mutating func name() -> String { (0..<below(7)).map { _ in ["a", "b", "c", "."][below(4)] }.joined() }

  mutating func pattern(depth: Int) -> String {
    switch depth == 0 ? below(4) : below(9) {
    case 0: return ["a", "b", "c"][below(3)]
    case 1: return "."
    case 2: return ["\\.", "[ab]", "[^a]", "[a-c.]"][below(4)]
    case 3: return "a"
    case 4: return pattern(depth: depth - 1) + "|" + pattern(depth: depth - 1)
    case 5: return "(" + pattern(depth: depth - 1) + ")" + ["*", "+", "?", "*?", ""][below(5)]
    default: return "(?:" + pattern(depth: depth - 1) + ")" + pattern(depth: depth - 1)
    }
  }
}
