import Foundation
import TestSupport
import Testing

@testable import PprofKit

@Suite struct MemoryLimitTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, to path: String) throws {
    let file = folder.file(path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  private var limit: Int? {
    MemoryLimit.controlGroup(root: folder.url.path, membership: folder.file("membership").path)
  }

  @Test func ofVersion2TheTightestGroupAboveCounts() throws {
    try write("0::/user/app\n", to: "membership")
    try write("max\n", to: "user/app/memory.max")
    try write("500000000\n", to: "user/memory.max")
    try write("900000000\n", to: "memory.max")
    #expect(limit == 500_000_000)
  }

  @Test func inAContainerTheRootHasTheLimit() throws {
    try write("0::/\n", to: "membership")
    try write("268435456\n", to: "memory.max")
    #expect(limit == 268_435_456)
  }

  @Test func ofVersion1TheMemoryControllerCounts() throws {
    try write("12:cpu,cpuacct:/docker/x\n9:memory:/docker/x\n0::/\n", to: "membership")
    try write("100000000\n", to: "memory/memory.limit_in_bytes")
    try write("7\n", to: "docker/x/memory.max")
    #expect(limit == 100_000_000)
  }

  @Test(arguments: ["0::/\n", "nonsense\n", ""]) func withoutALimitThereIsNone(_ membership: String) throws {
    try write(membership, to: "membership")
    try write("max\n", to: "memory.max")
    #expect(limit == nil)
  }

  @Test func theProcessHasSomeMemory() { #expect(MemoryLimit.ofProcess() > 1 << 20) }
}
