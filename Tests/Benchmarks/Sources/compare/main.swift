import Glibc
import Support

// Times whole processes, pprofconv's against those of the real pprof, in turn: pprof, then each of our variants, and over
// again. A ratio is the median of the ratios of the rounds, so that a noisy minute of the machine falls on both.
//
//     compare PPROFCONV PPROF DATA [--quick] [--only TEXT] [--pairs N]
//
// --quick leaves out the set l. Exit 1 if a program fails.

struct Options {
  var ours = ""
  var pprof = ""
  var data = ""
  var quick = false
  var only: String?
  var pairs: Int?

  init?(_ arguments: [String]) {
    var words: [String] = []
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "--quick": quick = true
      case "--only": only = rest.popFirst()
      case "--pairs": pairs = rest.popFirst().flatMap { Int($0) }
      default: words.append(word)
      }
    }
    guard words.count == 3 else { return nil }
    (ours, pprof, data) = (words[0], words[1], words[2])
  }
}

guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
  say("usage: compare PPROFCONV PPROF DATA [--quick] [--only TEXT] [--pairs N]")
  exit(2)
}
// Both write to memory, so that no disk is measured.
let folder = "\(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : options.data)/pprofconv-bench-\(getpid())"
mkdir(folder, 0o700)
// pprof looks for the profiled program, and would keep copies of what it fetches.
let environment = [
  "PATH=/usr/bin:/bin", "HOME=/nonexistent", "PPROF_BINARY_PATH=/nonexistent", "PPROF_TMPDIR=\(folder)", "TZ=UTC",
]

/// The paths that share an input and a peer share the peer's runs.
func measure(_ paths: [Path], _ set: DataSet) -> [Comparison] {
  var results = paths.map { Comparison(path: $0, set: set) }
  let input = "\(options.data)/\(set.name).\(paths[0].input)"
  let theirOutput = "\(folder)/theirs"
  let ourOutput = "\(folder)/ours"
  let pprof = [options.pprof, "-symbolize=none", paths[0].peer, "-output=\(theirOutput)", input]
  let commands = paths.map { path in
    [options.ours] + path.ours.map { $0 == "OUT" || $0.hasSuffix(":OUT") ? $0.dropLast(3) + ourOutput : $0 } + [input]
  }
  func attempt(_ index: Int) -> Cost? {
    guard results[index].failure == nil else { return nil }
    unlink(ourOutput)
    do throws(any Error) {
      let cost = try run(commands[index], environment: environment)
      guard let size = fileSize(ourOutput), size > 0 else { throw Failure("no output") }
      results[index].outputSize = size
      return cost
    } catch {
      results[index].failure = "\(error)"
      return nil
    }
  }
  // Once unmeasured: the input comes into the page cache.
  for index in commands.indices { _ = attempt(index) }
  if results.allSatisfy({ $0.failure != nil }) { return results }
  for _ in 0..<(options.pairs ?? set.pairs) {
    unlink(theirOutput)
    let theirs: Cost
    do { theirs = try run(pprof, environment: environment) } catch {
      for index in results.indices { results[index].failure = "\(error)" }
      return results
    }
    for index in commands.indices {
      guard let ours = attempt(index) else { continue }
      results[index].ours.append(ours)
      results[index].theirs.append(theirs)
    }
  }
  return results
}

var all: [Comparison] = []
let chosen = Targets.paths.filter { path in options.only.map { "\(path.input) \(path.peer)".contains($0) } ?? true }
for line in Comparison.header { say(line) }
var groups: [[Path]] = []
for path in chosen {
  if let last = groups.last?.last, last.input == path.input, last.peer == path.peer {
    groups[groups.count - 1].append(path)
  } else {
    groups.append([path])
  }
}
for group in groups {
  for set in options.quick ? [DataSet.s, .m] : [.s, .m, .l] {
    let results = measure(group, set)
    for result in results { say(result.row) }
    all += results
  }
}
say()
say("Ratios are medians of paired runs of whole processes; * is the one that the gate is about.")
say("The runner's own peak, \(fixed(ownPeak(), 1)) MiB, is a floor under the peaks.")
say()
say("Growth: microseconds of wall time a sample (the start of the process included)")
for path in chosen {
  let row = all.filter { $0.path.name == path.name && $0.path.input == path.input && $0.failure == nil }
  if row.isEmpty { continue }
  say("  " + path.name.left(24) + row.map { $0.set.name + fixed($0.perSample, 3).right(9) }.joined(separator: "   "))
}
for name in ["ours", "theirs"] { unlink("\(folder)/\(name)") }
rmdir(folder)
let missed = all.filter(\.isMissed).count
say()
say(missed == 0 ? "All gates are met." : "\(missed) of \(all.count) rows miss their gate.")
// A gate may be missed by a noisy machine: that is told, and no error.
exit(all.contains { $0.failure != nil } ? 1 : 0)
