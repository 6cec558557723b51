import Testing

@testable import PprofKit

/// U+0301 makes one `Character` of itself and a slash before it; to the system that is still a slash.
@Suite struct PathPartsTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func aSlashBeforeACombiningCharacterSeparates() {
    #expect(PathParts.names("../\u{301}x//y").map(bytes) == ["..", "\u{301}x", "y"].map(bytes))
    #expect(bytes(PathParts.name("a/\u{301}x")) == bytes("\u{301}x"))
    #expect(PathParts.folder("a/\u{301}x").map(bytes) == bytes("a"))
    #expect(PathParts.isAbsolute("/\u{301}x"))
    #expect(PathParts.dropping("out/", from: "out/\u{301}x").map(bytes) == bytes("\u{301}x"))
    #expect(PathParts.dropping("e\u{301}/", from: "\u{e9}/x") == nil)
    #expect(bytes(Finder.cleaned("../\u{301}x.folded")) == bytes("\u{301}x.folded"))
    #expect(bytes(Finder.cleaned("a/../../\u{301}x/./b")) == bytes("\u{301}x/b"))
  }

  @Test func onlyNamesThatStayBelowDo() {
    for path in ["a", "a/b", "...", ".a/..b", "a/\u{301}"] { #expect(PathParts.staysBelow(path)) }
    for path in ["", "/a", "a/", "a//b", ".", "..", "a/../b", "../\u{301}", "./a"] {
      #expect(!PathParts.staysBelow(path))
    }
  }
}
