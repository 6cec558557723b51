import Glibc

/// What a profiler saw of a program: stacks, and the records of a heap profiler on them.
struct Workload {
  struct Record {
    var stack: Int
    /// The size of an object, bytes.
    var size: Int64
    /// What the sampler counted.
    var allocated: Int64
    var inUse: Int64
  }

  let program: Program
  /// Call sites, leaf first.
  var stacks: [[Int32]] = []
  var records: [Record] = []
  /// MemProfileRate, as Go has it by default.
  let rate: Int64 = 524_288

  /// - Parameters:
  ///   - stackCount: how many different stacks.
  ///   - recordCount: how many records; one stack has one for each size allocated there.
  init(_ program: Program, stacks stackCount: Int, records recordCount: Int, random: inout Random) {
    self.program = program
    makeStacks(stackCount, random: &random)
    makeRecords(recordCount, random: &random)
  }

  /// Mean depth 22, at most 60: the sum of four dice has a tail, as real depths have.
  private static func depth(_ random: inout Random) -> Int {
    var depth = 3
    for _ in 0..<3 { depth += random.below(11) }
    if random.chance(10) { depth += random.in_(8...36) } else { depth += random.below(5) }
    return min(60, depth)
  }

  private mutating func makeStacks(_ count: Int, random: inout Random) {
    var seen: Set<[Int32]> = []
    var unused = program.sitesOf
    var path: [Int32] = []
    // The ways in that most stacks share: a server's loop, its middleware, its handlers.
    var anchors: [[Int32]] = []
    while stacks.count < count {
      // Root first here.
      let depth = Self.depth(&random)
      if !anchors.isEmpty, random.chance(80) { path = random.pick(anchors) } else { path = [] }
      path.removeLast(max(0, path.count - depth + 1))
      while path.count < depth {
        var function = random.below(8)
        if let caller = path.last { function = random.pick(program.sites[Int(caller)].callees) }
        let sites = program.sitesOf[function]
        if let fresh = unused[function].popLast() {
          path.append(Int32(fresh))
        } else {
          path.append(Int32(sites[random.skewed(sites.count)]))
        }
      }
      guard seen.insert(path).inserted else { continue }
      stacks.append(path.reversed())
      if anchors.count < 200 { anchors.append(Array(path.prefix(random.in_(4...16)))) }
    }
  }

  private mutating func makeRecords(_ count: Int, random: inout Random) {
    let classes: [Int64] = [
      8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 160, 192, 256, 320, 384, 512, 640, 768, 1024, 1280, 1536, 2048, 3072,
      4096,
      6144, 8192, 12288, 16384, 32768, 65536, 139_264, 270_336, 540_672, 1_048_576,
    ]
    var sizes: [Set<Int64>] = Array(repeating: [], count: stacks.count)
    records.reserveCapacity(count)
    while records.count < count {
      let stack = records.count < stacks.count ? records.count : random.skewed(stacks.count)
      let size = classes[random.skewed(classes.count)]
      guard sizes[stack].insert(size).inserted || random.chance(2) else { continue }
      var allocated = Int64(1 + random.skewed(random.chance(5) ? 2000 : 12))
      // A product that ends within the last bits of a whole number would depend on whose exp it was.
      while Self.isDoubtful(allocated, size, rate) { allocated += 1 }
      var inUse = random.chance(55) ? 0 : Int64(random.in_(1...Int(allocated)))
      while inUse != 0, Self.isDoubtful(inUse, size, rate) { inUse -= 1 }
      records.append(Record(stack: stack, size: size, allocated: allocated, inUse: inUse))
    }
    for i in stride(from: records.count - 1, to: 0, by: -1) { records.swapAt(i, random.below(i + 1)) }
  }

  /// Undoes the sampling of `count` objects as Go's runtime does before it writes profile.proto: an object of `size` bytes
  /// is sampled with probability 1 − e^(−size/rate).
  static func scaled(_ count: Int64, _ size: Int64, _ rate: Int64) -> (count: Int64, bytes: Int64) {
    if count == 0 { return (0, 0) }
    let scale = 1 / (1 - exp(-Double(size) / Double(rate)))
    return (Int64(Double(count) * scale), Int64(Double(count * size) * scale))
  }

  private static func isDoubtful(_ count: Int64, _ size: Int64, _ rate: Int64) -> Bool {
    let scale = 1 / (1 - exp(-Double(size) / Double(rate)))
    return [Double(count) * scale, Double(count * size) * scale].contains { value in
      let fraction = value - value.rounded(.down)
      return value > 1 && (fraction < 1e-6 || fraction > 1 - 1e-6)
    }
  }
}
