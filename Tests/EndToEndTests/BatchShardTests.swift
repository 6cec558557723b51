import Foundation
import TestSupport
import Testing

@Suite struct BatchShardTests {
  private let tree: RecordedTree

  init() throws {
    tree = try RecordedTree(damaged: false)
    try tree.shell("for i in $(seq 20); do cp in/cpu.pb.gz in/b/cpu$i.pb.gz; done; rm in/b/notes.md")
  }

  private func outputs(_ folder: String) throws -> [String] {
    try tree.shell("[ ! -d \(folder) ] || (cd \(folder); find . -type f | sort)").split(separator: "\n").map(
      String.init)
  }

  @Test func partsTogetherAreTheWhole() throws {
    #expect(try tree.batch("--to", "text", "--output-dir", "whole").status == 0)
    var counts: [Int] = []
    for k in 1...3 {
      // Into one place, as machines that share a disk do, and alone.
      #expect(try tree.batch("--to", "text", "--output-dir", "parts", "--shard", "\(k)/3").status == 0)
      #expect(try tree.batch("--to", "text", "--output-dir", "part\(k)", "--shard", "\(k)/3").status == 0)
      counts.append(try outputs("part\(k)").count)
    }
    try tree.shell("diff -r whole parts")
    #expect(try counts.reduce(0, +) == outputs("whole").count && !counts.contains(0))
  }

  @Test func orderAndMountPointDoNotMatter() throws {
    _ = try tree.batch("--to", "text", "--output-dir", "part", "--shard", "1/2")
    let expected = try outputs("part")
    try tree.shell("mkdir -p elsewhere && cp -r in elsewhere/profiles")
    let moved = try Command.run(
      "batch", "-r", tree.folder.file("elsewhere/profiles").path + "/", "--to", "text", "--output-dir", "moved",
      "--shard", "1/2", in: tree.url)
    #expect(moved.status == 0)
    #expect(try outputs("moved") == expected)
    try tree.shell(
      "cd in && find . -type f | sort -r | $P batch --files-from - --to text --output-dir ../list --shard 1/2 -q")
    #expect(try outputs("list") == expected)
  }

  @Test func theVariablesOfTheJobSystemAreTheDefaultAndSaid() throws {
    let variables = ["CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "2"]
    _ = try tree.batch("--to", "text", "--output-dir", "asked", "--shard", "2/2")
    let result = try tree.batch("--to", "text", "--output-dir", "part", "-q", environment: variables)
    #expect(result.status == 0)
    #expect(try outputs("part") == outputs("asked"))
    let count = try outputs("part").count
    #expect(
      result.errors
        == "pprofconv: part 2/2 (CI_NODE_INDEX, CI_NODE_TOTAL): \(count) of 24 files; --shard all takes all of them\n")
    let all = try tree.batch("--to", "text", "--output-dir", "all", "-q", "--shard", "all", environment: variables)
    #expect(all.status == 0 && all.errors.isEmpty)
    #expect(try outputs("all").count == 24)
  }

  @Test func aPartThatIsNoneIsAnErrorOfUsage() throws {
    let wrong = try tree.batch("--to", "text", "--output-dir", "out", "--shard", "3/2")
    #expect(wrong.status == 2 && wrong.errors.contains("--shard: error: “3/2” is no part"))
    let variable = try tree.batch("--to", "text", "--output-dir", "out", environment: ["CI_NODE_INDEX": "x"])
    #expect(variable.status == 2 && variable.errors.contains("CI_NODE_INDEX is “x”, which is no number"))
    #expect(!tree.exists("out"))
  }

  /// More parts than files: most have nothing to do, and that is no error.
  @Test func aPartMayBeEmpty() throws {
    try tree.shell("mkdir one && cp in/cpu.pb.gz one")
    var found = 0
    for k in 1...6 {
      let result = try Command.run(
        "batch", "-r", "one", "--to", "text", "--output-dir", "out", "--shard", "\(k)/6", "--manifest", "m\(k)",
        in: tree.url)
      #expect(result.status == 0, "\(result.errors)")
      found += try tree.text("m\(k)").split(separator: "\n").count - 1
    }
    #expect(found == 1)
  }

  /// Each machine says so of what none of them could take.
  @Test func aClashOfNamesIsFoundInEveryPart() throws {
    try tree.shell("cp in/cpu.pb.gz in/cpu.pprof")
    for k in 1...3 {
      let result = try tree.batch("--to", "text", "--output-dir", "out", "--shard", "\(k)/3")
      #expect(result.status == 2 && result.errors.contains("would have this one place"))
    }
  }

  /// Machines that have the tree elsewhere agree who tells of what cannot be read in it.
  @Test func whatIsMissingInATreeIsSoInOnePartWhereverItIsMounted() throws {
    var statuses: [Int32] = []
    try tree.shell("ln -s nothing in/b/broken.pb.gz; mkdir -p x/y z; cp -r in x/y/p; cp -r in z/q; cp -r in w")
    for (k, root) in [(1, "in"), (2, "x/y/p"), (3, "z/q/"), (4, "w"), (5, tree.folder.file("z/../w").path)] {
      statuses.append(
        try Command.run(
          "batch", "-r", root, "--to", "text", "--output-dir", "o\(k)", "--shard", "\(k)/5", in: tree.url
        ).status)
    }
    #expect(statuses.sorted() == [0, 0, 0, 0, 3])
  }

  @Test func aMissingInputIsMissingInOnePart() throws {
    let statuses = try (1...3).map {
      try Command.run(
        "batch", "in/cpu.pb.gz", "gone", "--to", "text", "--output-dir", "o\($0)", "--shard", "\($0)/3", in: tree.url
      )
      .status
    }
    #expect(statuses.sorted() == [0, 0, 3])
  }
}
