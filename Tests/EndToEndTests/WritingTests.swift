import Foundation
import TestSupport
import Testing

@Suite struct WritingTests {
  let heap: Heap
  init() throws { heap = try Heap() }

  private func noTemporaryIsLeft() throws -> Bool { try !heap.names.contains { $0.hasPrefix(".pprofconv-") } }

  @Test func anExistingFileKeepsItsMode() throws {
    let script = "echo old > a.pb; chmod 640 a.pb; $P heap.pb.gz -o a.pb && stat -c %a a.pb"
    #expect(try Command.shell(script, in: heap.url).text == "640\n")
    #expect(try heap.bytes("a.pb") == heap.bytes("heap.pb"))
    #expect(try noTemporaryIsLeft())
  }

  @Test func aNewFileHasWhatTheUmaskLeaves() throws {
    let script =
      "umask 027; $P heap.pb.gz -o a.pb && stat -c %a a.pb; umask 0; $P heap.pb.gz -o b.pb && stat -c %a b.pb"
    #expect(try Command.shell(script, in: heap.url).text == "640\n666\n")
  }

  @Test func aLinkStaysALinkAndItsTargetIsReplaced() throws {
    let script = """
      mkdir real; echo old > real/a.pb; ln -s real/a.pb link.pb; ln -s link.pb second.pb
      $P heap.pb.gz -o second.pb && readlink link.pb second.pb && cmp real/a.pb heap.pb
      """
    let result = try Command.shell(script, in: heap.url)
    #expect(result.status == 0)
    #expect(result.text == "real/a.pb\nlink.pb\n")
  }

  @Test func aLinkToNothingGetsItsTarget() throws {
    let script =
      "mkdir real; ln -s real/new.pb link.pb; $P heap.pb.gz -o link.pb && test -L link.pb && cmp real/new.pb heap.pb"
    #expect(try Command.shell(script, in: heap.url).status == 0)
  }

  @Test func aPipeIsWrittenStraightAndStaysOne() throws {
    let script = "mkfifo pipe; cat pipe > out & $P heap.pb.gz -o pb:pipe; wait; test -p pipe && cmp out heap.pb"
    #expect(try Command.shell(script, in: heap.url).status == 0)
  }

  @Test func standardOutputByItsNameIsAppendedToWhereTheShellAppends() throws {
    let script = """
      echo before > out; $P heap.pb.gz -o pb:/dev/stdout >> out; { echo before; cat heap.pb; } | cmp - out || exit 1
      $P heap.pb.gz -o pb:/dev/fd/3 3> three && cmp three heap.pb
      """
    #expect(try Command.shell(script, in: heap.url).status == 0)
  }

  @Test func aFullDiskIsAnErrorOfTheOutput() throws {
    let result = try Command.run("heap.pb.gz", "-o", "pb:/dev/full", in: heap.url)
    #expect(result.status == 5)
    #expect(result.errors == "/dev/full: error: cannot write: no space left on device\n")
    let redirected = try Command.shell("$P heap.pb.gz --to pb > /dev/full; echo $?", in: heap.url)
    #expect(redirected.text == "5\n")
    #expect(redirected.errors == "<stdout>: error: cannot write: no space left on device\n")
  }

  /// A file that is opened gets the lowest number that is free: of what is closed here, no word may end up in it.
  @Test(arguments: ["<&-", ">&-", "2>&-", "<&- >&-", ">&- 2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
  func closedDescriptorsAreNotTakenByFiles(_ closed: String) throws {
    let heap = try Heap()
    let result = try Command.shell(
      """
      mkdir in; for i in 1 2 3 4; do cp heap.pb.gz in/$i.pb.gz; head -c 300 heap.pb.gz > in/bad$i.pb.gz; done
      $P batch -r in --to text --output-dir good -k -q
      $P batch -r in --to text --output-dir out -k -v --manifest m.jsonl \(closed); echo $? > status
      $P heap.pb.gz -v -o one.txt \(closed); echo $? >> status
      diff -r good out && cmp good/1.txt one.txt && ! grep -v '^{' m.jsonl && cat status
      """, in: heap.url)
    #expect(result.text == "4\n0\n", "\(result.text) \(result.errors)")
  }

  @Test func aFolderThatTakesNoFilesIsNamed() throws {
    let result = try Command.run("heap.pb.gz", "-o", "pb:/sys/pprofconv.pb", in: heap.url)
    #expect(result.status == 5)
    #expect(result.errors.hasPrefix("/sys/pprofconv.pb: error: cannot write: its folder /sys/ "))
    let missing = try Command.run("heap.pb.gz", "-o", "no/such/a.pb", in: heap.url)
    #expect(missing.status == 5)
    #expect(missing.errors == "no/such/a.pb: error: cannot write: there is no folder no/such/\n")
    let folder = try Command.run("heap.pb.gz", "-o", "pb:.", in: heap.url)
    #expect(folder.status == 5)
    #expect(folder.errors == ".: error: cannot write: is a directory\n  hint: name a file in it\n")
  }

  @Test func nothingIsReplacedWhenALaterOutputFails() throws {
    try heap.write("old", to: "a.pb")
    let result = try Command.run("heap.pb.gz", "-o", "a.pb", "-o", "no/b.pb", in: heap.url)
    #expect(result.status == 5)
    #expect(try heap.bytes("a.pb") == Data("old".utf8))
    #expect(try noTemporaryIsLeft())
  }

  @Test func aDamagedInputLeavesTheOldFile() throws {
    try heap.write("old", to: "a.pb")
    try Data(heap.bytes("heap.pb.gz").dropLast(9)).write(to: heap.folder.file("cut.pb.gz"))
    let result = try Command.run("cut.pb.gz", "-o", "a.pb", "-o", "b.pb", in: heap.url)
    #expect(result.status == 3)
    #expect(try heap.bytes("a.pb") == Data("old".utf8))
    #expect(try !heap.names.contains("b.pb"))
    #expect(try noTemporaryIsLeft())
  }

  /// The second output is a pipe that nobody reads, so that the first one waits beside its place.
  @Test(arguments: [(2, 130), (15, 143), (1, 129)] as [(Int32, Int32)])
  func aSignalRemovesTheTemporaryFiles(_ signal: Int32, _ status: Int32) throws {
    try heap.write("old", to: "a.pb")
    _ = try Command.shell("mkfifo pipe", in: heap.url)
    let process = Process()
    process.executableURL = Command.binary
    process.arguments = ["heap.pb.gz", "-o", "a.pb", "-o", "pb:pipe"]
    process.currentDirectoryURL = heap.url
    process.standardError = FileHandle.nullDevice
    try process.run()
    let deadline = Date(timeIntervalSinceNow: 20)
    while try noTemporaryIsLeft(), Date() < deadline { usleep(2000) }
    #expect(try !noTemporaryIsLeft())
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == status)
    #expect(try noTemporaryIsLeft())
    #expect(try heap.bytes("a.pb") == Data("old".utf8))
  }

  @Test func aSignalThatWasIgnoredStaysIgnored() throws {
    let script =
      "trap '' HUP; { sleep 0.3; cat heap.pb.gz; } | $P - -o a.pb & sleep 0.1; kill -HUP $!; wait $!; cmp a.pb heap.pb"
    #expect(try Command.shell(script, in: heap.url).status == 0)
  }

  @Test func aClosedPipeEndsQuietly() throws {
    let script = "{ sleep 0.3; $P heap.pb.gz -q --group none; echo $? > status; } | true; sleep 0.6; cat status"
    let result = try Command.shell(script, in: heap.url)
    #expect(result.text == "141\n")
    #expect(result.errors == "")
  }

  @Test func checkTellsWhatIsNotCurrentAndWritesNothing() throws {
    let before = try heap.names
    let missing = try Command.run("heap.pb.gz", "--check", "-o", "a.pb", in: heap.url)
    #expect(missing.status == 1)
    #expect(missing.errors == "a.pb: is missing\n")
    #expect(try heap.names == before)
    // pprof compressed it otherwise, and it is current all the same.
    #expect(try Command.run("heap.pb.gz", "--check", "-o", "heap.pb.gz", "-o", "heap.pb", in: heap.url).status == 0)
    try Data(heap.bytes("heap.pb") + [0]).write(to: heap.folder.file("long.pb"))
    #expect(
      try Command.run("heap.pb.gz", "--check", "-o", "heap.pb", "-o", "long.pb", in: heap.url).errors
        == "long.pb: is not what would be written\n")
    #expect(try Command.run("heap.pb.gz", "--check", in: heap.url).status == 2)
  }
}
