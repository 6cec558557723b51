import Foundation
import TestSupport
import Testing

/// Headless Chromium, driven by `Tests/Browser/drive.py`.
enum Browser {
  struct Visit {
    /// What the steps gave, in their order.
    var results: [Any]
    /// Errors and warnings of the page, dialogs that it opened.
    var console: [String]
    /// Every address that it asked for.
    var requests: [String]

    func text(_ step: Int) -> String { results[step] as? String ?? "\(results[step])" }
    func number(_ step: Int) -> Double { (results[step] as? NSNumber)?.doubleValue ?? .nan }
  }

  /// On Ubuntu Chromium is a snap, which containers do not run: tests that need it are shown as skipped there.
  static let isInstalled: Bool = {
    (try? Subprocess.run(URL(filePath: "/usr/bin/env"), ["chromium", "--version"]).status == 0) ?? false
  }()

  static func visit(_ page: URL, _ steps: [[String: Any]]) throws -> Visit {
    let result = try Subprocess.run(
      URL(filePath: "/usr/bin/env"),
      ["python3", Repository.root.appending(path: "Tests/Browser/drive.py").path, page.path],
      input: try JSONSerialization.data(withJSONObject: steps))
    try #require(result.status == 0, "\(result.errors)")
    let answer = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    return Visit(
      results: try #require(answer["results"] as? [Any]), console: try #require(answer["console"] as? [String]),
      requests: try #require(answer["requests"] as? [String]))
  }
}

/// A profile whose names are attacks on what shows them, as our JSON.
enum HostileProfile {
  static let names = [
    "<script>globalThis.broken = 1</script>", "</script><script>globalThis.broken = 2</script>",
    "</title></svg><svg onload='globalThis.broken = 3'>", "<img src=x onerror=\"globalThis.broken = 4\">",
    "]]><script>globalThis.broken = 5</script>", "'\"><!-- --!> &lt; &#60; &amp", "\u{202e}gnp.exe \u{2066}x\u{2069}",
    "line\u{2028}break\nand\ttab\u{0}\u{1b}[31m", String(repeating: "megabyte ", count: 120_000),
    "javascript:globalThis.broken=6", "${globalThis.broken=7}", "\u{fffe}\u{feff}", "constructor", "__proto__",
  ]

  static func write(to file: URL) throws {
    let functions = names.map {
      ["name": $0, "file": "/src/" + $0.prefix(200) + ".go", "start_line": 3] as [String: Any]
    }
    let profile: [String: Any] = [
      "pprofconv": 1, "sample_types": [["type": names[0], "unit": names[3]], ["type": "space", "unit": "bytes"]],
      "samples": names.indices.map {
        ["values": [$0 + 1, 4096], "stack": [$0, 0, 1], "labels": [["key": names[1], "str": names[$0]]]]
          as [String: Any]
      },
      "locations": names.indices.map { ["address": "0x10\($0)", "lines": [["function": $0, "line": 7]]] },
      "functions": functions, "mappings": [["start": "0x100", "limit": "0x200", "file": "/bin/" + names[2]]],
      "comments": [names[0]],
    ]
    try JSONSerialization.data(withJSONObject: profile).write(to: file)
  }
}
