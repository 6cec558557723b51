import Foundation
import TestSupport
import Testing

/// What must not happen, whatever does: half a file, a lost one, a tree that no rerun completes.
@Suite struct BatchSafetyTests {
  private func start(_ tree: BatchTree, _ arguments: String...) throws -> Process {
    let process = Process()
    process.executableURL = Command.binary
    process.arguments = ["batch"] + arguments
    process.currentDirectoryURL = tree.url
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  @Test func killedAtAnyMomentEveryOutputIsWholeAndARerunCompletesTheTree() throws {
    let tree = try BatchTree(300)
    let arguments = ["-r", "in", "--to", "text", "--to", "pb.gz", "-q"]
    let clock = ContinuousClock()
    let start = clock.now
    #expect(try Command.run(["batch", "--output-dir", "whole"] + arguments, in: tree.url).status == 0)
    let whole = clock.now - start
    let hash = try tree.hash("whole")
    var killed = 0
    for round in 0..<8 {
      let process = Process()
      process.executableURL = Command.binary
      process.arguments = ["batch", "--output-dir", "out", "-j", "2"] + arguments
      process.currentDirectoryURL = tree.url
      try process.run()
      usleep(UInt32.random(in: 0...UInt32(whole / .microseconds(1))))
      kill(process.processIdentifier, 9)
      process.waitUntilExit()
      if process.terminationReason == .uncaughtSignal { killed += 1 }
      let damaged = """
        [ -d out ] || exit 0; cd out; find . -type f ! -name '.pprofconv-*' | while read -r f; do cmp "$f" ../whole/"$f"; done
        """
      let compared = try tree.shell(damaged)
      #expect(compared.text == "" && compared.errors == "", "round \(round)")
      let rerun = try Command.run(
        ["batch", "--output-dir", "out", round % 2 == 0 ? "-n" : "-u"] + arguments, in: tree.url)
      #expect(rerun.status == 0, "\(rerun.errors)")
      // Whatever the killed run left behind is gone, too.
      #expect(try tree.hash("out") == hash)
      _ = try tree.shell("rm -rf out")
    }
    #expect(killed > 2)
  }

  @Test(arguments: [(2, 130), (15, 143), (1, 129)] as [(Int32, Int32)])
  func aSignalRemovesEverythingThatHasNoPlaceYet(_ signal: Int32, _ status: Int32) throws {
    let tree = try BatchTree(20)
    _ = try tree.shell("mkfifo pipe")
    // Nobody writes to the pipe, and what stands behind it waits for it.
    let process = try start(tree, "pipe", "-r", "in", "--to", "pb.gz", "--output-dir", "out", "-j", "2")
    let deadline = Date(timeIntervalSinceNow: 30)
    while try tree.files().filter({ $0.hasSuffix(".tmp") }).count < 20, Date() < deadline { usleep(5000) }
    #expect(try tree.files().filter { $0.hasSuffix(".tmp") }.count == 20)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationStatus == status)
    #expect(try tree.files() == [])
  }

  @Test func theFilesOfARunThatGoesOnAreLetBe() throws {
    let tree = try BatchTree(20)
    _ = try tree.shell("mkfifo pipe")
    let process = try start(tree, "pipe", "-r", "in/1", "--to", "pb.gz", "--output-dir", "out", "-j", "2")
    let deadline = Date(timeIntervalSinceNow: 30)
    while try tree.files().count < 4, Date() < deadline { usleep(5000) }
    let waiting = try tree.files()
    #expect(waiting.count == 4)
    #expect(try tree.batch("-r", "in/2", "--to", "pb.gz", "--output-dir", "out").status == 0)
    #expect(try Set(tree.files()).isSuperset(of: waiting))
    _ = try tree.shell("cat in/0/heap-0.pb > pipe")
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try tree.files().allSatisfy { !$0.hasPrefix(".") })
  }

  @Test func anySizeOfJobsGivesTheSameTreeAndTheSameWords() throws {
    let tree = try BatchTree(150)
    for i in [3, 77, 149] { try tree.write("<html>", to: "in/5/bad-\(i).pb") }
    func run(_ out: String, _ jobs: String, _ more: String...) throws -> String {
      let result = try Command.run(
        ["batch", "-r", "in", "--to", "text", "--to", "pb.gz", "--output-dir", out, "-v", "-j", jobs] + more,
        in: tree.url)
      return try "\(result.status)\n" + BatchTree.words(result).replacing(out + "/", with: "") + tree.hash(out)
    }
    let one = try run("a", "1", "-k")
    #expect(one.hasPrefix("4\n"))
    #expect(try run("b", "2", "-k") == one)
    #expect(try run("c", "7", "-k") == one)
    // Stopped at the first, nothing behind it has its place, whoever was faster.
    let stopped = try run("d", "1")
    #expect(stopped.contains("\nin/5/bad-149.pb: error: this is an HTML page"))
    #expect(stopped.hasPrefix("3\n"))
    #expect(try run("e", "2") == stopped)
    #expect(try run("f", "7") == stopped)
  }

  @Test func ofDamagedFilesEachIsNamedLastAndTheOthersAreConverted() throws {
    let tree = try BatchTree(200)
    _ = try tree.shell("for i in 50 150; do f=$(ls in/*/*-$i.pb); head -c 300 $f > x && mv x $f; done")
    let result = try tree.batch("-r", "in", "--to", "pb.gz", "--output-dir", "out", "-k")
    #expect(result.status == 4)
    #expect(result.errors.contains("pprofconv: 200 files: 198 converted, 2 failed, in "))
    let last = result.errors.split(separator: "\n").suffix(3)
    #expect(last.first == "pprofconv: failed:")
    #expect(last.dropFirst().allSatisfy { $0.contains(/^pprofconv:   in\/\d\/[a-z]+-1?50\.pb: \S.*/) })
    #expect(try tree.files().count == 198)
  }

  /// File systems as small as we want them, or read-only, are to be had where tests may mount. `.ci/run` is root in its
  /// container; elsewhere these tests are shown as skipped, and `ulimit -f` stands for the full disk.
  static let mayMount: Bool = {
    let script = "d=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs $d && umount $d && rmdir $d"
    return (try? Command.shell(script, in: URL(filePath: "/tmp")).status == 0) ?? false
  }()

  private func mountSmall(_ tree: BatchTree, _ size: String) throws {
    let result = try tree.shell("mkdir disk && mount -t tmpfs -o size=\(size) tmpfs disk")
    try #require(result.status == 0, "\(result.errors)")
  }

  @Test(.enabled(if: mayMount, "no file system can be mounted here"))
  func aFullDiskLeavesWholeFilesAndARerunCompletesThem() throws {
    let tree = try BatchTree(100)
    #expect(try tree.batch("-r", "in", "--to", "text", "--output-dir", "whole", "-q").status == 0)
    try mountSmall(tree, "300k")
    defer { _ = try? tree.shell("umount disk") }
    let full = try tree.batch("-r", "in", "--to", "text", "--output-dir", "disk/out", "-k")
    #expect(full.status == 4)
    #expect(full.errors.contains(/disk\/out\/\d\/\S+: error: cannot write: no space left on device\n/))
    let files = try tree.files("disk/out")
    #expect(files.count > 5 && files.count < 100)
    #expect(!files.contains { $0.contains(".pprofconv-") })
    let compare = "cd disk/out && find . -type f | while read -r f; do cmp \"$f\" ../../whole/\"$f\"; done"
    #expect(try tree.shell(compare).text == "")
    let stopped = try tree.batch("-r", "in", "--to", "text", "--output-dir", "disk/out", "-n", "-q")
    #expect(stopped.status == 5)
    _ = try tree.shell("mount -o remount,size=20m disk")
    #expect(try tree.batch("-r", "in", "--to", "text", "--output-dir", "disk/out", "-n", "-q").status == 0)
    #expect(try tree.hash("disk/out") == tree.hash("whole"))
  }

  /// What `ulimit -f` allows, for who may not mount.
  @Test func aFileThatMayNotGrowIsAnErrorAndNoHalfFile() throws {
    let tree = try BatchTree(10)
    let result = try tree.shell("ulimit -f 4; $P batch -r in --to pb.gz --output-dir out -k")
    #expect(result.status == 4)
    #expect(result.errors.contains("error: cannot write: file too large\n"))
    let files = try tree.files()
    #expect(files.count > 0 && files.count < 10)
    #expect(!files.contains { $0.contains(".pprofconv-") })
  }

  /// Those of reports stand beside theirs.
  @Test func theNextRunRemovesWhatAKilledOneLeftWhereverItIs() throws {
    let tree = try BatchTree(3)
    let rest = "-r in --to pb --output-dir out --report junit=ci/r.xml --report json=r.json --manifest m/m.jsonl -q"
    let left = try tree.shell(
      """
      mkdir ci m; mkfifo pipe; $P batch pipe \(rest) & run=$!
      until [ "$(ls -A ci . | grep -c tmp)" = 2 ] && [ -e out ]; do kill -0 $run || exit 9; sleep 0.02; done
      kill -9 $run; wait $run; ls -A . ci | grep -c tmp; touch ci/.pprofconv-mine-1.tmp
      $P batch \(rest) && ls -A ci m
      """)
    #expect(left.text == "2\nci:\n.pprofconv-mine-1.tmp\nr.xml\n\nm:\nm.jsonl\n", "\(left.errors)")
    #expect(try tree.files(".").filter { $0.contains("tmp") } == ["ci/.pprofconv-mine-1.tmp"])
  }

  @Test func aRunThatPutsNothingIntoItLeavesNoDirectory() throws {
    let tree = try BatchTree()
    try tree.write("<html>", to: "in/bad.pb")
    #expect(try tree.batch("-r", "in", "--to", "pb", "--output-dir", "out", "-k").status == 4)
    #expect(try !tree.files(".").contains { $0.hasPrefix("out") } && tree.shell("ls").text == "in\n")
    _ = try tree.shell("mkdir out")
    #expect(try tree.batch("-r", "in", "--to", "pb", "--output-dir", "out", "-k").status == 4)
    #expect(try tree.shell("ls").text == "in\nout\n")
  }

  @Test func aReadOnlyDirectoryIsNamedAndNothingIsLost() throws {
    let tree = try BatchTree(20)
    let sys = try tree.batch("-r", "in", "--to", "pb.gz", "--output-dir", "/sys/pprofconv")
    #expect(sys.status == 5)
    #expect(sys.errors.hasPrefix("/sys/pprofconv: error: cannot write into the output directory: "))
    // A file in a folder's place is as good as a folder that takes no files.
    _ = try tree.shell("mkdir out; echo mine > out/3")
    let part = try tree.batch("-r", "in", "--to", "pb.gz", "--output-dir", "out", "-k")
    #expect(part.status == 4)
    #expect(part.errors.contains(/out\/3\/\S+: error: cannot write/))
    #expect(try tree.shell("cat out/3").text == "mine\n")
    #expect(try tree.files().count == 18)
  }

  @Test(.enabled(if: mayMount, "no file system can be mounted here"))
  func aReadOnlyFileSystemIsNamed() throws {
    let tree = try BatchTree(1)
    try mountSmall(tree, "1m")
    defer { _ = try? tree.shell("umount disk") }
    _ = try tree.shell("mkdir disk/out && mount -o remount,ro disk")
    let readOnly = try tree.batch("-r", "in", "--to", "pb.gz", "--output-dir", "disk/out")
    #expect(readOnly.status == 5)
    #expect(readOnly.errors == "disk/out: error: cannot write into the output directory: read-only file system\n")
  }

  @Test func anInputThatVanishesOrIsReplacedMeanwhileIsToldOrReadAnew() throws {
    let tree = try BatchTree(5)
    // The batch has found them all when it waits for the pipe.
    let script = """
      mkfifo pipe; $P batch pipe in/1/cpu-1.pb in/2/goroutine-2.pb in/3/mutex-3.pb --to pb --output-dir out -k -j 1 2> errors & p=$!
      exec 3> pipe; rm in/1/cpu-1.pb; cp in/0/heap-0.pb x; mv x in/2/goroutine-2.pb; cat in/0/heap-0.pb >&3; exec 3>&-
      wait $p; echo $?; cat errors; cmp out/pipe.pb out/goroutine-2.pb
      """
    let result = try tree.shell(script)
    #expect(result.text.hasPrefix("4\nin/1/cpu-1.pb: error: cannot read: no such file or directory\n"))
    #expect(result.text.hasSuffix("pprofconv:   in/1/cpu-1.pb: cannot read: no such file or directory\n"))
    #expect(try tree.files() == ["goroutine-2.pb", "mutex-3.pb", "pipe.pb"])
  }

  /// Somebody puts a file into a place that was free when the run began: it waits for a pipe, the other output already for
  /// its place.
  @Test(arguments: [("-n", 0, "kept", true), ("", 5, "failed", true), ("-u", 0, "current", true), ("-f", 0, "", false)])
  func whatComesToAPlaceMeanwhileStays(_ flag: String, _ status: Int, _ word: String, _ stays: Bool) throws {
    let tree = try BatchTree(1)
    let script = """
      mkfifo pipe; mv in/0/heap-0.pb b.pb; mkdir out
      $P batch pipe b.pb --to text --to pb --output-dir out -k -j 2 \(flag) > log 2>&1 & run=$!
      until [ "$(ls -A out | grep -c tmp)" = 2 ]; do kill -0 $run || exit 9; sleep 0.02; done
      echo mine > out/b.txt; cat b.pb > pipe; wait $run; echo $?; cat out/b.txt
      """
    let result = try tree.shell(script)
    #expect(result.text.hasPrefix("\(status == 5 ? 4 : status)\n"))
    #expect(result.text.hasSuffix("\nmine\n") == stays)
    #expect(try tree.files() == ["b.pb", "b.txt", "pipe.pb", "pipe.txt"].filter { status == 0 || $0 != "b.pb" })
    let log = try tree.shell("cat log").text
    #expect(log.contains("b.pb: it exists already") == (status == 5), "\(log)")
    #expect(log.contains("out/b.txt: error: it exists already") == (status == 5), "\(log)")
  }

  @Test func anInputThatGrowsWhileItIsReadIsRefusedByName() throws {
    let tree = try BatchTree(3)
    // Some seconds' work, while a line comes every few milliseconds.
    let script = """
      awk 'BEGIN { for (i = 0; i < 60000; i++) print "main;work;step" i " " i + 1 }' > in/0/growing.folded
      ( while [ ! -e stop ]; do echo "main;more 1" >> in/0/growing.folded; sleep 0.005; done ) & w=$!
      $P batch -r in --to pb --output-dir out -k; echo $?; touch stop; wait $w
      $P batch -r in --to pb --output-dir out -n -q && $P in/0/growing.folded --to pb | cmp - out/0/growing.pb
      """
    let result = try tree.shell(script)
    #expect(result.text == "4\n")
    #expect(result.errors.contains("in/0/growing.folded: error: it changes while it is read\n"))
    #expect(try tree.files().count == 4)
  }

  @Test func inputsAreNeverTouched() throws {
    let tree = try BatchTree(30)
    try tree.write("<html>", to: "in/1/bad.pb")
    let before = try tree.hash("in")
    _ = try tree.batch("-r", "in", "--to", "text", "--output-dir", "in/out", "-k")
    _ = try tree.shell("rm -r in/out")
    #expect(try tree.hash("in") == before)
  }

  @Test func aFileThatNeedsMoreThanAllMayHaveIsRefusedByName() throws {
    let tree = try BatchTree(3)
    // Zeros behind a profile are no profile, and inflate to half a gigabyte.
    _ = try tree.shell("{ cat in/0/heap-0.pb; head -c 500M /dev/zero; } | gzip -1 > in/0/large.pb.gz")
    let result = try tree.batch("-r", "in", "--to", "pb", "--output-dir", "out", "-k", "--max-memory", "256M")
    #expect(result.status == 4)
    #expect(
      result.errors.contains(
        /in\/0\/large\.pb\.gz: error: it needs about \S+ .iB of memory; of 256 MiB the process itself leaves 236 MiB\n  hint: --max-memory SIZE allows more\n/
      ))
    #expect(try tree.files().count == 3)
  }
}
