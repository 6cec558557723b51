/// A set of generated files.
struct DataSet {
  var name: String
  var samples: Int
  /// Records in the text form.
  var records: Int
  /// Runs of each program.
  var pairs: Int

  static let s = DataSet(name: "s", samples: 1907, records: 1907, pairs: 25)
  static let m = DataSet(name: "m", samples: 47_810, records: 47_810, pairs: 9)
  static let l = DataSet(name: "l", samples: 1_003_462, records: 200_000, pairs: 3)
}

/// What a ratio must stay under, and what it should.
struct Target {
  var gate: Double
  var stretch: Double
}

/// One way for a profile to go through, and how pprof does the same.
struct Path {
  var name: String
  /// The input's ending behind the name of the set.
  var input: String
  var ours: [String]
  /// The ending of our output, which has no say in its format.
  var peer: String
  /// Of wall time (grouped text: of CPU time, as the targets have it), by set.
  var time: [String: Target]
  var peak: [String: Target]
  var judgedByCPU = false
}

/// The targets: wall and CPU time of the whole process and its peak memory, against the pprof binary.
enum Targets {
  static let smallTime = Target(gate: 0.40, stretch: 0.20)
  static let smallPeak = Target(gate: 0.90, stretch: 0.75)

  static func times(_ gate: Double, _ stretch: Double) -> [String: Target] {
    ["s": smallTime, "m": Target(gate: gate, stretch: stretch), "l": Target(gate: gate, stretch: stretch)]
  }

  static let protoPeak = [
    "s": smallPeak, "m": Target(gate: 0.35, stretch: 0.35), "l": Target(gate: 0.20, stretch: 0.10),
  ]

  /// A report or picture against pprof's table of functions. The gates are of a million samples.
  private static func report(_ name: String, _ input: String, _ ours: [String], _ gate: Double) -> Path {
    Path(
      name: name, input: input, ours: ours, peer: "-top",
      time: ["s": smallTime, "m": Target(gate: 0.20, stretch: 0.10), "l": Target(gate: gate, stretch: gate / 2)],
      peak: ["s": smallPeak, "m": Target(gate: 0.35, stretch: 0.25), "l": Target(gate: gate, stretch: gate / 2)])
  }

  private static let reports = ["heap.pb.gz", "cpu.pb.gz"].flatMap { input -> [Path] in
    let kind = input == "cpu.pb.gz" ? "CPU profile" : "heap"
    return [
      report("\(kind): top", input, ["top", "-o", "OUT"], 0.10),
      report("  flame graph, SVG", input, ["flamegraph", "--to", "svg", "-o", "OUT"], 0.10),
      report("  flame graph, HTML", input, ["flamegraph", "--to", "html", "-o", "OUT"], 0.10),
      report("  speedscope", input, ["-o", "speedscope:OUT"], 0.20),
      report("  Firefox", input, ["-o", "firefox:OUT"], 0.20),
    ]
  }

  static let paths = conversions + reports

  private static let conversions = [
    Path(
      name: "pb.gz -> pb.gz", input: "heap.pb.gz", ours: ["-o", "pb.gz:OUT"], peer: "-proto",
      time: times(0.25, 0.18), peak: protoPeak),
    Path(
      name: "  --level 6", input: "heap.pb.gz", ours: ["--level", "6", "-o", "pb.gz:OUT"], peer: "-proto",
      time: times(0.38, 0.30), peak: protoPeak),
    Path(
      name: "  --members --jobs 2", input: "heap.pb.gz", ours: ["--members", "--jobs", "2", "-o", "pb.gz:OUT"],
      peer: "-proto", time: times(0.25, 0.13), peak: protoPeak),
    Path(
      name: "  the same, --level 6", input: "heap.pb.gz",
      ours: ["--members", "--jobs", "2", "--level", "6", "-o", "pb.gz:OUT"], peer: "-proto",
      time: times(0.38, 0.19), peak: protoPeak),
    Path(
      name: "CPU profile", input: "cpu.pb.gz", ours: ["-o", "pb.gz:OUT"], peer: "-proto",
      time: times(0.25, 0.18), peak: protoPeak),
    Path(
      name: "text -> pb.gz", input: "heap.txt", ours: ["-o", "pb.gz:OUT"], peer: "-proto", time: times(0.15, 0.10),
      peak: ["s": smallPeak, "m": Target(gate: 0.10, stretch: 0.10), "l": Target(gate: 0.10, stretch: 0.04)]),
    Path(
      name: "pb.gz -> grouped text", input: "heap.pb.gz", ours: ["-o", "text:OUT"], peer: "-raw",
      time: times(0.18, 0.10),
      peak: ["s": smallPeak, "m": Target(gate: 0.25, stretch: 0.25), "l": Target(gate: 0.12, stretch: 0.07)],
      judgedByCPU: true),
  ]
}
