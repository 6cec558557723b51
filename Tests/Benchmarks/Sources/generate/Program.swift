/// A made-up Go program: functions with names, files and addresses, call sites in them, and who calls whom.
struct Program {
  struct Function {
    /// As profile.proto has it, type arguments in full.
    var name: [UInt8]
    /// As every text form has it, type arguments as `[...]`.
    var textName: [UInt8]
    var file: Int
    var startLine: Int
    /// Where its code begins. Functions that are always inlined have code too, unused.
    var entry: UInt64
  }

  struct Line {
    var function: Int
    var line: Int
    /// The address that stands for this frame in Go's text: each frame of an inline group has its own.
    var address: UInt64
  }

  /// A call site: the frames inlined there, innermost first; the last one is the function whose code it is.
  struct Site {
    var lines: [Line]
    var callees: [Int]
  }

  var functions: [Function] = []
  var files: [[UInt8]] = []
  var sites: [Site] = []
  /// The call sites in the code of a function.
  var sitesOf: [[Int]] = []
  let textStart: UInt64 = 0x40_0000
  private(set) var textEnd: UInt64 = 0

  /// - Parameters:
  ///   - functionCount: how many functions, the inlined ones included.
  ///   - siteCount: how many call sites, each a location of the profile.
  init(functions functionCount: Int, sites siteCount: Int, random: inout Random) {
    Names.make(functionCount, into: &self, random: &random)
    // One function in six is small, and only ever inlined.
    let inlined = functionCount / 6
    let physical = functionCount - inlined
    sitesOf = Array(repeating: [], count: physical)
    for site in 0..<siteCount {
      let owner = site < physical ? site : random.skewed(physical)
      sitesOf[owner].append(site)
    }
    sites = Array(repeating: Site(lines: [], callees: []), count: siteCount)
    var entry = textStart + 0x1000
    for owner in 0..<physical {
      functions[owner].entry = entry
      var address = entry + UInt64(random.in_(16...90))
      var line = functions[owner].startLine + random.in_(1...4)
      for site in sitesOf[owner] {
        var frames: [Line] = []
        var depth = random.chance(24) ? (random.chance(20) ? 2 : 1) : 0
        if inlined == 0 { depth = 0 }
        var used: Set<Int> = []
        for _ in 0..<depth {
          let callee = physical + random.skewed(inlined)
          guard used.insert(callee).inserted else { continue }
          frames.append(
            Line(function: callee, line: functions[callee].startLine + random.in_(0...6), address: address))
          address += UInt64(random.in_(1...3))
        }
        frames.append(Line(function: owner, line: line, address: address))
        // Some sites call through an interface; those have a few callees.
        let callees = random.chance(12) ? random.in_(2...6) : 1
        sites[site] = Site(lines: frames, callees: (0..<callees).map { _ in random.below(physical) })
        address += UInt64(random.in_(12...80))
        line += random.in_(1...9)
      }
      entry = (address + 64) & ~31
    }
    for small in physical..<functionCount {
      functions[small].entry = entry
      entry += 96
    }
    textEnd = (entry + 0xfff) & ~0xfff
  }
}

private enum Names {
  static let domains = ["example.com/acme", "example.com/platform", "code.example.org/tools", "example.net/vendor/lib"]
  static let words = [
    "account", "audit", "batch", "billing", "broker", "bucket", "buffer", "cache", "catalog", "channel", "checkout",
    "client", "cluster", "codec", "config", "cursor", "dispatch", "encoder", "endpoint", "event", "exporter", "fetch",
    "filter", "gateway", "handler", "history", "index", "ingest", "inventory", "journal", "ledger", "limiter", "lookup",
    "manifest", "message", "metrics", "notify", "order", "packet", "parser", "payment", "planner", "pricing", "query",
    "queue", "record", "registry", "replica", "request", "resolver", "response", "router", "scanner", "schedule",
    "schema", "segment", "server", "session", "shard", "snapshot", "storage", "stream", "template", "tenant", "token",
    "tracker", "transport", "validator", "vector", "worker",
  ]
  static let verbs = [
    "Add", "Append", "Apply", "Build", "Close", "Collect", "Commit", "Compact", "Decode", "Drain", "Encode", "Expand",
    "Flush", "Get", "Handle", "Insert", "Load", "Merge", "Next", "Open", "Parse", "Process", "Publish", "Push", "Read",
    "Refresh", "Reserve", "Resolve", "Run", "Scan", "Seek", "Serve", "Split", "Store", "Sync", "Unmarshal", "Update",
    "Visit", "Walk", "Write",
  ]
  static let types = ["int", "string", "[]uint8", "*uint8", "struct { Key string; Val int }"]

  static func capital(_ word: String) -> String { word.prefix(1).uppercased() + word.dropFirst() }

  static func make(_ count: Int, into program: inout Program, random: inout Random) {
    var taken: Set<String> = []
    var package = ""
    var path = ""
    while program.functions.count < count {
      // About a dozen functions a package, in two or three files.
      if program.functions.count % 12 == 0 {
        package = "\(random.pick(domains))/\(random.pick(words))/\(random.pick(words))\(random.pick(words))"
      }
      if program.functions.count % 5 == 0 {
        path = "/src/\(package)/\(random.pick(words))_\(random.pick(words)).go"
        program.files.append(Array(path.utf8))
      }
      let verb = random.pick(verbs) + capital(random.pick(words))
      var name: String
      var generic: String?
      switch random.below(10) {
      case 0...5: name = "\(package).(*\(capital(random.pick(words)))\(capital(random.pick(words)))).\(verb)"
      case 6, 7: name = "\(package).\(verb)"
      case 8: name = "\(package).(*\(capital(random.pick(words)))).\(verb).func\(random.in_(1...4))"
      default:
        generic = "[go.shape.\(random.pick(types))]"
        name = "\(package).\(verb)[...]"
      }
      while !taken.insert(name).inserted { name = generic == nil ? name + "\(random.below(100))" : verb + name }
      let full = generic.map { String(name.dropLast(5)) + $0 } ?? name
      program.functions.append(
        Program.Function(
          name: Array(full.utf8), textName: Array(name.utf8), file: program.files.count - 1,
          startLine: random.in_(8...900), entry: 0))
    }
  }
}
