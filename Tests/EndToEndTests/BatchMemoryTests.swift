import Foundation
import TestSupport
import Testing

/// `--max-memory` is for all files of a batch at once.
@Suite struct BatchMemoryTests {
  /// A profile of about 6 MB, of which the batch expects that it takes 34 MiB.
  private func makeLarge(_ tree: BatchTree) throws {
    var data = try Heap.cached("pb/valid/go1.27-default-heap.in")
    // Strings that nothing uses: field 6, of 1000 bytes.
    for i in 0..<5900 { data += [0x32, 0xe8, 0x07] + Array("\(i) ".utf8) + Data(count: 999 - "\(i)".utf8.count) }
    try data.write(to: tree.folder.file("in/large.pb"))
  }

  /// Starts a batch whose first input is a pipe that nobody has written to yet.
  private func start(_ tree: BatchTree, _ out: String, _ limit: String) throws -> Process {
    let process = Process()
    process.executableURL = Command.binary
    process.arguments = [
      "batch", "pipe", "in/large.pb", "in/0/heap-0.pb", "--to", "pb", "--output-dir", out, "-j", "2", "--max-memory",
      limit,
    ]
    process.currentDirectoryURL = tree.url
    try process.run()
    return process
  }

  /// The pipe, opened for writing, when a worker has opened it for reading and no thread has anything to do: the main one,
  /// that for signals and the workers sleep. Who reads or writes a file does not.
  private func pipeWhenAllWait(_ process: Process, _ tree: BatchTree) throws -> FileHandle {
    var pipe: Int32 = -1
    while pipe < 0 {
      try #require(process.isRunning)
      // Fails as long as nobody reads.
      pipe = unsafe open(tree.folder.file("pipe").path, O_WRONLY | O_NONBLOCK)
      usleep(1000)
    }
    let handle = FileHandle(fileDescriptor: pipe, closeOnDealloc: true)
    let tasks = "/proc/\(process.processIdentifier)/task"
    var asleep = 0
    // Between two sleeps a thread may be seen in neither: several looks in a row.
    while asleep < 20 {
      try #require(process.isRunning)
      let states = try FileManager.default.contentsOfDirectory(atPath: tasks).map { task in
        // A thread may end meanwhile.
        let stat = try? String(contentsOfFile: "\(tasks)/\(task)/stat", encoding: .utf8)
        return stat?.split(separator: ") ").last?.first ?? "X"
      }
      asleep = states.allSatisfy { $0 == "S" } ? asleep + 1 : 0
      usleep(1000)
    }
    return handle
  }

  private func waiting(_ tree: BatchTree, _ out: String) throws -> Int {
    try tree.files(out).count { $0.hasSuffix(".tmp") }
  }

  @Test func `a file that does not fit beside the others waits for them, and those behind it wait, too`() throws {
    let tree = try BatchTree(1)
    try makeLarge(tree)
    _ = try tree.shell("mkfifo pipe")
    // With room both are converted while the pipe is waited for.
    let roomy = try start(tree, "roomy", "1G")
    let one = try pipeWhenAllWait(roomy, tree)
    #expect(try waiting(tree, "roomy") == 2)
    _ = try tree.shell("cat in/0/heap-0.pb > pipe")
    try one.close()
    roomy.waitUntilExit()
    #expect(roomy.terminationStatus == 0)
    // 64 MiB are 36 for files: too little for 34 beside the 4 of the pipe.
    let narrow = try start(tree, "narrow", "64M")
    let other = try pipeWhenAllWait(narrow, tree)
    #expect(try waiting(tree, "narrow") == 0)
    _ = try tree.shell("cat in/0/heap-0.pb > pipe")
    try other.close()
    narrow.waitUntilExit()
    #expect(narrow.terminationStatus == 0)
    #expect(try tree.hash("narrow") == tree.hash("roomy"))
  }

  @Test func `only what ran out of memory is read again, and never a pipe`() throws {
    let tree = try BatchTree(1)
    for jobs in ["1", "2"] {
      let result = try tree.shell(
        """
        mkfifo p\(jobs); { echo "main;$(head -c 100000 /dev/zero | tr '\\0' x) 1" > p\(jobs); } &
        timeout 60 $P batch p\(jobs) in/0/heap-0.pb --to pb --output-dir out\(jobs) -k -q -j \(jobs) --max-line 1k
        """)
      #expect(result.status == 4)
      #expect(result.errors.contains("a line is longer than 1024 bytes"), "\(result.errors)")
      #expect(try tree.files("out\(jobs)") == ["heap-0.pb"])
    }
  }

  /// Runs a batch, and says how much memory it had, in MiB.
  private func peak(_ tree: BatchTree, _ arguments: String) throws -> (mebibytes: Int, words: String) {
    let script = """
      import resource, subprocess, os, sys
      done = subprocess.run([os.environ["P"], "batch", *sys.argv[1:]], capture_output=True, text=True)
      print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
      print(done.returncode, done.stderr, end="")
      """
    try script.write(to: tree.folder.file("peak.py"), atomically: true, encoding: .utf8)
    let lines = try tree.shell("python3 peak.py \(arguments)").text.split(separator: "\n", maxSplits: 1)
    return (try #require(Int(lines[0])), String(lines[1]))
  }

  /// Texts that begin harmlessly, and then have a new stack in each line: about 60 MiB each, where 38 are expected.
  private func makeDense(_ tree: BatchTree, _ count: Int, lines: Int) throws {
    for i in 0..<count {
      _ = try tree.shell(
        """
        { head -c 70000 /dev/zero | tr '\\0' x; echo ' 1'; awk 'BEGIN { for (i = 0; i < \(lines); i++) print "a" i % 10007 ";b" i " " i % 9 + 1 }'; } > in/\(i).folded
        """)
    }
  }

  @Test func `texts that take more than expected beside others are read alone, and none is lost`() throws {
    let tree = try BatchTree()
    try makeDense(tree, 2, lines: 130_000)
    let (mebibytes, words) = try peak(tree, "-r in --to pb --output-dir out -j 2 -q --max-memory 136M")
    #expect(words.hasPrefix("0 "), "\(words)")
    #expect(mebibytes < 136)
    #expect(try tree.files() == ["0.pb", "1.pb"])
  }

  @Test func `a text that takes more than all may have is refused by name`() throws {
    let tree = try BatchTree(3)
    try makeDense(tree, 1, lines: 200_000)
    let (mebibytes, words) = try peak(tree, "-r in --to pb --output-dir out -k -q -j 2 --max-memory 80M")
    #expect(
      words.hasPrefix(
        "4 in/0.folded: error: it needs more memory than 80 MiB\n  hint: --max-memory SIZE allows more\n"),
      "\(words)")
    #expect(mebibytes < 80)
    #expect(try tree.files() == ["0/heap-0.pb", "1/cpu-1.pb", "2/goroutine-2.pb"])
  }

  @Test(arguments: ["1", "2", "5"]) func `what is refused does not depend on how many are converted at once`(
    _ jobs: String
  )
    throws
  {
    let tree = try BatchTree(1)
    try makeLarge(tree)
    func run(_ limit: String) throws -> Subprocess.Result {
      try tree.batch(
        "in/large.pb", "in/0/heap-0.pb", "--to", "pb", "--output-dir", "out" + limit, "-k", "-q", "-j", jobs,
        "--max-memory",
        limit)
    }
    // It is expected to take 33 MiB, and the process with one thread 20.
    let roomy = try run("56M")
    #expect(roomy.status == 0, "\(roomy.errors)")
    let narrow = try run("52M")
    #expect(narrow.status == 4)
    #expect(
      narrow.errors.hasPrefix(
        "in/large.pb: error: it needs about 33 MiB of memory; of 52 MiB the process itself leaves 32 MiB\n"),
      "\(narrow.errors)")
    // A stack in each line from the first on: expected to take all memory, and so read alone.
    for name in ["a", "b"] {
      _ = try tree.shell(
        "awk 'BEGIN { for (i = 0; i < 100000; i++) print \"a\" i % 10007 \";b\" i \" \" i % 9 + 1 }' > in/\(name).folded"
      )
    }
    let texts = try tree.batch(
      "in/a.folded", "in/b.folded", "--to", "pb", "--output-dir", "texts", "-k", "-q", "-j", jobs, "--max-memory",
      "100M")
    #expect(texts.status == 0, "\(texts.errors)")
  }
}
