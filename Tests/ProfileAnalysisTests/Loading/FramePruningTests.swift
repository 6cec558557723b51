import Testing

@testable import ProfileAnalysis

@Suite struct FramePruningTests {
  @Test(
    "simplifies names as pprof does",
    arguments: [
      ("malloc(unsigned long)", "malloc"), (".f", "f"), ("(anonymous namespace)::f(int)", "(anonymous namespace)::f"),
      ("A::operator()(int)", "A::operator()"), ("main.(*T).m", "main."), ("f", "f"), ("", ""),
    ])
  func simplified(name: String, simple: String) {
    #expect(String(decoding: FramePruning.simplified(Array(name.utf8)), as: UTF8.self) == simple)
  }

  @Test(
    "knows an absolute URL",
    arguments: [
      ("http://host/x", true), ("C:\\a\\b.exe", true), ("c:/x", true), ("/bin/app", false), ("[vdso]", false),
      ("a b:c", false), (":x", false), ("x:%zz", true), ("x:/%zz", false), ("http://ho st/", false), ("", false),
      ("mailto:me", true), ("1a:b", false), ("http://h:port/", false), ("http://h:80/", true),
    ])
  func urls(name: String, isAbsolute: Bool) {
    #expect(AbsoluteURL.isOne(Array(name.utf8)) == isAbsolute)
  }
}
