import Foundation
import ProfileModel
import TestSupport
import Testing

@testable import PprofKit

@Suite struct ShardTests {
  private let names = (0..<6000).map { "host\($0 % 7)/2026-11-\($0 % 28)/heap.\($0).pb.gz" }

  @Test(arguments: [1, 2, 3, 7, 16, 100]) func partsAreDisjointAndTogetherEverything(_ count: Int) throws {
    let shards = try (1...count).map { try #require(Shard($0, of: count)) }
    for name in names { #expect(shards.count { $0.contains(name) } == 1) }
  }

  /// Six standard deviations of a fair throw: a split that leans to one side fails, chance does not.
  @Test(arguments: [2, 3, 8, 64]) func partsAreOfAboutOneSize(_ count: Int) throws {
    let mean = Double(names.count) / Double(count)
    for index in 1...count {
      let size = names.count(where: try #require(Shard(index, of: count)).contains)
      #expect(abs(Double(size) - mean) < 6 * mean.squareRoot(), "\(index)/\(count): \(size)")
    }
  }

  /// Machines of any kind agree if they agree with sha256sum(1).
  @Test(arguments: ["heap.pb.gz", "a/b/cpu.pb", "Ж日本.pb", "with blank"]) func thePartIsWhatSha256sumSays(
    _ name: String
  ) throws {
    let sum = try Subprocess.run(URL(filePath: "/usr/bin/env"), ["sha256sum"], input: Data(name.utf8)).text
    let number = try #require(UInt64(sum.prefix(16), radix: 16))
    for count in [2, 5, 1000] {
      #expect(try #require(Shard(Int(number % UInt64(count)) + 1, of: count)).contains(name))
    }
  }

  @Test func noPartOutsideOfTheWhole() {
    #expect(Shard(0, of: 3) == nil && Shard(4, of: 3) == nil && Shard(1, of: 0) == nil && Shard(-1, of: 3) == nil)
  }

  private func assigned(_ text: String?, _ variables: [String: String]) throws(ProfileError) -> String? {
    try Shard.assigned(text) { variables[$0] }?.shard.description
  }

  @Test(arguments: ["0/3", "4/3", "1", "/3", "1/", "a/b", "1/2/3", "-1/3", "", "auto/0", "auto/x"])
  func whatNamesNoPartIsAnError(_ text: String) {
    #expect { try assigned(text, ["CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "2"]) } throws: {
      ($0 as? ProfileError)?.code == .option && ($0 as? ProfileError)?.message == "“\(text)” is no part"
    }
  }

  private static let systems: [(variables: [String: String], part: String?)] = [
    (["CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "5"], "2/5"),
    // Every job of GitLab has it.
    (["CI_NODE_TOTAL": "1"], nil), (["CI_NODE_INDEX": "", "CI_NODE_TOTAL": ""], nil),
    (["CI_NODE_INDEX": "", "CI_NODE_TOTAL": "5"], nil),
    (["BUILDKITE_PARALLEL_JOB": "0", "BUILDKITE_PARALLEL_JOB_COUNT": "4"], "1/4"),
    (["CIRCLE_NODE_INDEX": "3", "CIRCLE_NODE_TOTAL": "4"], "4/4"),
    // Every job of CircleCI has these.
    (["CIRCLE_NODE_INDEX": "0", "CIRCLE_NODE_TOTAL": "1"], nil),
    (
      [
        "SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_MIN": "1",
        "SLURM_ARRAY_TASK_STEP": "2",
      ], "4/4"
    ),
    (["SLURM_ARRAY_TASK_ID": "0", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "0"], "1/3"),
    // Not how many there are.
    (["JOB_COMPLETION_INDEX": "2"], nil),
    ([:], nil),
  ]

  @Test func everySystemsVariablesAreUnderstood() throws {
    for (variables, part) in Self.systems {
      #expect(try assigned(nil, variables) == part, "\(variables)")
    }
    #expect(try assigned("auto/8", ["JOB_COMPLETION_INDEX": "2"]) == "3/8")
    // What is said outright wins.
    #expect(try assigned("1/2", ["CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "5"]) == "1/2")
    #expect(try assigned("all", ["CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "5"]) == nil)
  }

  @Test(arguments: [
    ["CI_NODE_INDEX": "0", "CI_NODE_TOTAL": "5"], ["CI_NODE_INDEX": "6", "CI_NODE_TOTAL": "5"],
    ["CI_NODE_INDEX": "two", "CI_NODE_TOTAL": "5"], ["CI_NODE_INDEX": "2"],
    ["CI_NODE_INDEX": " ", "CI_NODE_TOTAL": "5"],
    ["CI_NODE_INDEX": "99999999999999999999", "CI_NODE_TOTAL": "5"],
    ["BUILDKITE_PARALLEL_JOB": "4", "BUILDKITE_PARALLEL_JOB_COUNT": "4"],
    // 1, 3, 7 of an array that is no range.
    ["SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "1"],
    ["SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "3"],
    // Two systems that say otherwise.
    ["CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "2", "BUILDKITE_PARALLEL_JOB": "1", "BUILDKITE_PARALLEL_JOB_COUNT": "2"],
  ]) func variablesThatMakeNoSenseAreAnError(_ variables: [String: String]) {
    #expect { try assigned(nil, variables) } throws: { ($0 as? ProfileError)?.code == .option }
  }

  @Test func autoWithoutAnyVariableIsAnErrorThatSaysWhatToDo() {
    #expect { try assigned("auto", [:]) } throws: {
      ($0 as? ProfileError)?.hint == "name it: 2/3 is the second of three"
    }
    #expect { try assigned("auto", ["JOB_COMPLETION_INDEX": "2"]) } throws: {
      ($0 as? ProfileError)?.hint?.contains("auto/3") == true
    }
  }
}
