import Foundation
import TestSupport
import Testing

@Suite struct BatchFindingTests {
  let tree: BatchTree
  init() throws {
    tree = try BatchTree()
    for name in ["in/heap.pb.gz", "in/b/heap.pb.gz", "in/a/cpu.prof", "in/a/.hidden.pb.gz", "in/.git/x.pb.gz"] {
      try tree.put(name)
    }
    try tree.put("in/a/go.txt", "debug1/valid/go1.27-default-heap.in")
    try tree.write("hello\n", to: "in/a/readme.txt")
  }

  private func converted(_ arguments: String...) throws -> [String] {
    let result = try Command.run(["batch"] + arguments + ["--to", "pb", "--output-dir", "out"], in: tree.url)
    #expect(result.status == 0, "\(result.errors)")
    return try tree.files()
  }

  @Test func directoriesAreWalkedAndTheTypeIsTakenFromTheContent() throws {
    let result = try tree.batch("-r", "in", "--to", "folded", "--output-dir", "out", "-v")
    #expect(result.status == 0)
    #expect(try tree.files() == ["a/cpu.folded", "a/go.folded", "b/heap.folded", "heap.folded"])
    #expect(
      result.errors.contains(
        "pprofconv: skipped in/a/readme.txt: this is a text that begins “hello”, not a profile\n"))
    #expect(result.errors.contains("pprofconv: 5 files: 4 converted, 1 skipped (no profiles), in "))
  }

  @Test func whatIsHiddenIsFoundWhenAskedFor() throws {
    #expect(
      try converted("-r", "in", "--hidden") == [
        ".git/x.pb", "a/.hidden.pb", "a/cpu.pb", "a/go.pb", "b/heap.pb", "heap.pb",
      ])
  }

  @Test func aNamedFileStandsByItsName() throws {
    #expect(try converted("in/a/cpu.prof", "in/b/heap.pb.gz") == ["cpu.pb", "heap.pb"])
  }

  @Test func severalDirectoriesAreReadInTheirOrder() throws {
    #expect(try converted("-r", "in/b", "in/a") == ["cpu.pb", "go.pb", "heap.pb"])
  }

  @Test func patternsInQuotesAreOurs() throws {
    #expect(try converted("in/**/*.pb.gz") == ["b/heap.pb", "heap.pb"])
    #expect(try converted("in/[a-c]/{cpu,heap}.*", "-f") == ["a/cpu.pb", "b/heap.pb", "heap.pb"])
  }

  @Test func aPatternThatMatchesNothingIsAMissingInput() throws {
    let result = try tree.batch("in/*.nothing", "in/*.gz", "--to", "pb", "--output-dir", "out", "-k")
    #expect(result.status == 4)
    #expect(result.errors.hasPrefix("in/*.nothing: error: no file matches this pattern\n"))
    #expect(try tree.files() == ["heap.pb"])
  }

  @Test func aNameThatLooksLikeAPatternIsTakenAsItIs() throws {
    try tree.put("in/[1] x*.pb.gz")
    #expect(try converted("in/[1] x*.pb.gz") == ["[1] x*.pb"])
  }

  @Test func includeAndExcludeChooseOfWhatIsFound() throws {
    #expect(try converted("-r", "in", "--include", "*.pb.gz", "--exclude", "b") == ["heap.pb"])
    #expect(try converted("-r", "in", "--include", "a/*.{txt,prof}", "-f") == ["a/cpu.pb", "a/go.pb", "heap.pb"])
    #expect(try converted("in/a/cpu.prof", "--exclude", "*.prof", "-f").contains("cpu.pb"))
  }

  @Test func listsNameTheirInputsByLineOrByZero() throws {
    try tree.put("in/new\nline.pb.gz")
    let lines =
      "find in -name 'heap*' | $P batch --files-from - --to pb --output-dir out && cd out && find . -type f | sort"
    #expect(try tree.shell(lines).text == "./in/b/heap.pb\n./in/heap.pb\n")
    let zeros = """
      find in -name 'new*' -print0 > list; $P batch --files-from list -0 --to pb --output-dir zero && cat zero/in/new*.pb | cmp - out/in/heap.pb
      """
    #expect(try tree.shell(zeros).status == 0)
  }

  @Test func `lists of Windows end their lines with CR and LF, and names may end with CR`() throws {
    try tree.put("in/odd.pb.gz\r")
    let script = #"""
      printf '\357\273\277in/heap.pb.gz\r\n\r\nin/b/heap.pb.gz\r\nin/odd.pb.gz\r' > list
      $P batch --files-from list --to pb --name '{name}' --output-dir out && find out -type f | sort | od -c | grep -c '\r'
      printf 'in/no.pb.gz\r\r\n' | $P batch --files-from - --to pb --output-dir none
      """#
    let result = try tree.shell(script)
    #expect(result.text == "1\n")
    #expect(try tree.files().count == 3)
    #expect(result.errors.contains("\nin/no.pb.gz\\r: error: cannot read: no such file or directory\n"))
  }

  @Test func `what is named more than once is taken once, and told`() throws {
    let twice = try tree.batch(
      "in/heap.pb.gz", "./in/heap.pb.gz", "in/heap.pb.gz", "in/b/../heap.pb.gz", "--to", "pb", "--output-dir", "out")
    #expect(
      BatchTree.words(twice) == """
        ./in/heap.pb.gz: warning: it is named more than once, and taken once (and so in 2 more)
        pprofconv: 1 file: 1 converted

        """)
    let trees = try tree.batch("-r", "in/b", "in/b/", "--to", "pb", "--output-dir", "trees")
    #expect(trees.errors.hasPrefix("in/b/heap.pb.gz: warning: it is named more than once, and taken once\n"))
    // By another name it has another output, and what is missing is missing once.
    _ = try tree.shell("ln -s heap.pb.gz in/latest.pb.gz")
    #expect(try converted("in/heap.pb.gz", "in/latest.pb.gz", "-f") == ["heap.pb", "latest.pb"])
    let missing = try tree.batch("in/no.pb.gz", "in/no.pb.gz", "--to", "pb", "--output-dir", "out", "-k", "-q")
    #expect(missing.errors == "in/no.pb.gz: error: cannot read: no such file or directory\n")
  }

  @Test func `a name of two lines is shown on one`() throws {
    try tree.write("x", to: "in/new\npprofconv: 1 file: 1 converted.pb")
    let result = try tree.batch("-r", "in", "--to", "pb", "--output-dir", "out", "-k")
    #expect(result.errors.hasPrefix("in/new\\npprofconv: 1 file: 1 converted.pb:"))
    #expect(!result.errors.contains("\npprofconv: 1 file: "))
  }

  @Test func noInputAtAllIsAnError() throws {
    #expect(try tree.batch("--to", "pb", "--output-dir", "out").status == 2)
    let empty = try tree.batch("--files-from", "/dev/null", "--to", "pb", "--output-dir", "out")
    #expect(empty.status == 3)
    #expect(empty.errors == "pprofconv: error: there is no input\n  hint: the list is empty\n")
    let allowed = try tree.batch("--files-from", "/dev/null", "--allow-empty", "--to", "pb", "--output-dir", "out")
    #expect(allowed.status == 0 && allowed.errors == "pprofconv: there was nothing to convert\n")
    #expect(try tree.batch("-r", "in", "--include", "*.none", "--to", "pb", "--output-dir", "out").status == 3)
    try FileManager.default.createDirectory(at: tree.folder.file("none"), withIntermediateDirectories: true)
    try tree.write("no profile", to: "none/x.txt")
    let none = try tree.batch("-r", "none", "--to", "pb", "--output-dir", "out")
    #expect(none.status == 3)
    #expect(none.errors.contains("none of the 1 files is a profile"))
  }

  @Test func aMissingFileAndADirectoryWithoutTheFlagAreErrors() throws {
    let missing = try tree.batch("in/heap.pb.gz", "in/no.pb.gz", "in", "--to", "pb", "--output-dir", "out", "-k")
    #expect(missing.status == 4)
    #expect(
      BatchTree.words(missing) == """
        in/no.pb.gz: error: cannot read: no such file or directory
        in: error: it is a directory
          hint: --recursive takes the files in it
        pprofconv: 3 files: 1 converted, 2 failed
        pprofconv: failed:
        pprofconv:   in/no.pb.gz: cannot read: no such file or directory
        pprofconv:   in: it is a directory

        """)
  }

  @Test func aLinkThatLeadsBackEndsNothing() throws {
    _ = try tree.shell("ln -s .. in/a/up; ln -s . in/self; ln -s ../b in/a/linked; ln -s self in/twice; ln -s me in/me")
    let plain = try tree.batch("-r", "in", "--to", "pb", "--output-dir", "out", "-k")
    // A link to itself is nothing that can be read, and nothing that may be left out in silence.
    #expect(plain.status == 4)
    #expect(plain.errors.contains("pprofconv:   in/me: cannot read: too many levels of symbolic links\n"))
    #expect(try tree.files() == ["a/cpu.pb", "a/go.pb", "b/heap.pb", "heap.pb"])
    let followed = try tree.batch("-r", "in", "--follow", "--exclude", "me", "--to", "pb", "--output-dir", "all")
    #expect(followed.status == 0)
    #expect(try tree.files("all") == ["a/cpu.pb", "a/go.pb", "a/linked/heap.pb", "heap.pb"])
  }

  @Test func aLinkToAFileIsThatFileAndOneToNothingIsMissing() throws {
    _ = try tree.shell("ln -s heap.pb.gz in/latest.pb.gz; ln -s gone in/dangling.pb.gz")
    let result = try tree.batch("-r", "in", "--to", "pb", "--output-dir", "out", "-k")
    #expect(result.status == 4)
    #expect(
      result.errors.contains(
        "in/dangling.pb.gz: error: cannot read: it is a link to “gone”, which does not exist\n  hint: --exclude PATTERN leaves it out\n"
      ))
    #expect(try tree.files().contains("latest.pb"))
    #expect(try converted("-r", "in", "--exclude", "dangling.*", "-f").contains("latest.pb"))
  }

  @Test func namesThatAreNotUTF8AreBytesAllTheWay() throws {
    let script = #"""
      n=$(printf 'odd\377\376.pb.gz'); cp in/heap.pb.gz "in/b/$n"; cp in/heap.pb.gz "in/b/$(printf 'caf\303\251.pb.gz')"
      cp in/heap.pb.gz "in/b/$(printf 'cafe\314\201.pb.gz')"; cp in/heap.pb.gz "in/b/$(printf 'x\364\217\277\277.pb.gz')"
      $P batch -r in/b --to pb --output-dir out && test -s out/"$(printf 'odd\377\376.pb')" && ls out | wc -l
      $P batch "in/b/$n" --to pb --output-dir "$(printf 'dir\200')" && ls dir* | od -c | head -1
      find in/b -name 'odd*' -print0 | $P batch --files-from - -0 --to pb --output-dir list && ls list/in/b | od -c | head -1
      $P "in/b/$n" -o pb:- | cmp - out/heap.pb
      $P info "in/b/no$n"
      """#
    let result = try tree.shell(script)
    #expect(
      result.text == """
        5
        0000000   o   d   d 377 376   .   p   b  \\n
        0000000   o   d   d 377 376   .   p   b  \\n

        """)
    #expect(result.errors.hasSuffix("in/b/noodd\\xff\\xfe.pb.gz: error: cannot read: no such file or directory\n"))
  }

  @Test func whatIsNoRegularFileIsReadOnlyWhenItIsNamed() throws {
    let script = """
      mkfifo in/pipe; $P batch -r in --to pb --output-dir out -q || exit 1
      cat in/heap.pb.gz > in/pipe & $P batch in/pipe --to pb --output-dir named && cmp named/pipe.pb out/heap.pb
      """
    #expect(try tree.shell(script).status == 0)
  }

  /// What a name promises must be kept; of other names nobody promised anything.
  @Test func aFoundFileThatIsCalledAProfileMustBeOne() throws {
    try tree.write("<html>502 Bad Gateway</html>", to: "in/page.pb.gz")
    try tree.write("", to: "in/empty.prof")
    try tree.write("", to: "in/empty.txt")
    let result = try tree.batch("-r", "in", "--to", "pb", "--output-dir", "out", "-k")
    #expect(result.status == 4)
    #expect(result.errors.contains("pprofconv: 8 files: 4 converted, 2 skipped (no profiles), 2 failed, in "))
    #expect(result.errors.contains("pprofconv:   in/empty.prof: there is nothing in it\n"))
    #expect(result.errors.contains("pprofconv:   in/page.pb.gz: this is an HTML page, not a profile\n"))
  }
}
