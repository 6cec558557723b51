import Foundation
import TestSupport
import Testing

/// Pictures in a real browser: clicked, typed at, with scripts and without, and under attack. One browser at a time.
@Suite(.serialized, .enabled(if: Browser.isInstalled, "there is no chromium")) struct BrowserTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func picture(_ fixture: String, _ name: String, _ more: String...) throws -> URL {
    let file = folder.file(name)
    let result = try Command.run(["flamegraph", fixture, "-o", file.path] + more)
    try #require(result.status == 0, "\(result.errors)")
    return file
  }

  static let cpu = Fixture.file("pb/valid/go1.27-default-cpu.in").path
  static let heap = Fixture.file("command/heap.pb.gz").path

  /// The frame of a name in the SVG, and what is asked of it.
  private func frame(_ name: String, _ rest: String) -> [String: Any] {
    [
      "eval": """
      [...document.querySelectorAll('[role=treeitem]')].find((g) => /^\(name)[\\n ]/.test(g.textContent))\(rest)
      """
    ]
  }

  @Test("a click zooms the SVG, keys walk it, a search tells its share, Escape takes all back")
  func svg() throws {
    let visit = try Browser.visit(
      try picture(Self.cpu, "cpu.svg"),
      [
        frame("main.hotInline", ".dispatchEvent(new MouseEvent('click', {bubbles: true}))"),
        frame("main.hotInline", ".querySelector('rect').getAttribute('width')"),
        frame("main.spin", ".style.display"),
        ["eval": "document.activeElement.textContent.split('\\n')[0]"],
        ["key": "ArrowUp"],
        ["eval": "document.activeElement.textContent.split('\\n')[0]"],
        ["eval": "document.getElementById('details').textContent"],
        ["key": "Enter"],
        frame("main.addmul", ".querySelector('rect').getAttribute('width')"),
        ["key": "Escape"],
        frame("main.spin", ".style.display"),
        ["key": "f", "modifiers": 2],
        ["type": "^main\\.(spin|mul)$"],
        ["eval": "document.getElementById('matched').textContent"],
        ["eval": "document.querySelectorAll('.match').length"],
        ["key": "Escape"],
        ["eval": "document.querySelectorAll('.match').length"],
      ])
    #expect(visit.text(1) == "1180.000" && visit.text(2) == "none")
    #expect(visit.text(3) == "main.hotInline")
    #expect(visit.text(5) == "main.addmul (inline)" || visit.text(5).hasPrefix("main.addmul"))
    #expect(visit.text(6).contains("650ms (650,000,000 nanoseconds), 25.69%"))
    #expect(visit.text(8) == "1180.000")
    #expect(visit.text(10) == "")
    // 1.13 s of main.spin and 570 ms of main.mul, of 2.53 s.
    #expect(visit.text(13).hasSuffix("matched: 67.19%"))
    #expect(visit.number(14) >= 2 && visit.number(16) == 0)
    #expect(visit.console == [] && visit.requests.count == 1)
  }

  @Test("the arrows reach every frame of the SVG, each named with its value and share")
  func svgTree() throws {
    let walk = """
      (() => {
        const frames = [...document.querySelectorAll('[role=treeitem]')];
        const seen = new Set();
        const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
        frames[0].focus();
        for (let row = 0; row < 40; row++) {
          for (let i = 0; i < frames.length; i++) { seen.add(document.activeElement); press('ArrowLeft'); }
          for (let i = 0; i < frames.length; i++) { seen.add(document.activeElement); press('ArrowRight'); }
          // Inwards from the first frame of this row that calls anything.
          const level = Number(document.activeElement.getAttribute('aria-level'));
          const next = frames.find((frame) => Number(frame.getAttribute('aria-level')) === level + 1);
          if (!next) break;
          let up = frames[frames.indexOf(next) - 1];
          while (Number(up.getAttribute('aria-level')) > level) up = frames[frames.indexOf(up) - 1];
          up.focus();
          press('ArrowUp');
        }
        const isNamed = frames.every((frame) => /\\n.*, [\\d.]+%$/.test(frame.querySelector('title').textContent));
        return [seen.size, frames.length, isNamed].join(' ');
      })()
      """
    let visit = try Browser.visit(try picture(Self.cpu, "cpu.svg"), [["eval": walk]])
    #expect(visit.text(0) == "95 95 true")
  }

  @Test("without scripts the SVG is the same picture with its table, and the page has one too")
  func withoutScripts() throws {
    let rows = "document.querySelectorAll('#table [role=row]').length"
    let svg = try Browser.visit(
      try picture(Self.cpu, "cpu.svg"),
      [["scripts": false], ["eval": "1"], ["eval": rows], ["eval": "document.querySelectorAll('input').length"]])
    #expect(svg.number(2) == 16 && svg.number(3) == 0)
    let page = try Browser.visit(
      try picture(Self.cpu, "cpu.html"),
      [["scripts": false], ["eval": "document.querySelector('noscript tr + tr').innerText"]])
    #expect(page.text(1).contains("440ms (17.39%)") && page.text(1).contains("main.mul"))
  }

  @Test("nothing in the SVG covers anything else, and nothing stands outside of it", arguments: [1200, 400, 399, 200])
  func room(width: Int) throws {
    let (old, new) = (folder.file("old.folded"), folder.file("new.folded"))
    try Data("main;a;b 9223372036854774784\nmain;c 700\nmain;d 5\n".utf8).write(to: old)
    try Data("main;a;b 3\nmain;c 6\n".utf8).write(to: new)
    // With what a click and a search add.
    let boxes = """
      (() => {
        const frame = [...document.querySelectorAll('[role=treeitem]')].at(-1);
        frame.dispatchEvent(new MouseEvent('click', {bubbles: true}));
        const search = document.getElementById('search');
        search.value = 'main|runtime|b';
        search.dispatchEvent(new Event('input'));
        const kinds = '#title, #subtitle, .button rect, foreignObject, #matched, #details, .note, #table text';
        const items = [...document.querySelectorAll(kinds)].map((item) => ({item, box: item.getBoundingClientRect()}));
        items.push({item: {id: 'frames'}, box: document.getElementById('frames').getBoundingClientRect()});
        const room = document.documentElement.getBoundingClientRect();
        const found = [];
        for (const {item, box} of items) {
          if (box.left < room.left || box.right > room.right) found.push(`outside: ${item.id} ${item.textContent}`);
          for (const {item: other, box: b} of items) {
            if (item === other || box.width === 0 || b.width === 0) continue;
            // Neighbouring lines of letters share a pixel.
            const down = Math.min(box.bottom, b.bottom) - Math.max(box.top, b.top);
            if (down > 2 && box.left < b.right && b.left < box.right) {
              found.push(`${item.id || item.textContent} covers ${other.id || other.textContent}`);
            }
          }
        }
        return [items.length > 12, ...found].join('; ');
      })()
      """
    for arguments in [
      [Self.heap, "--sample-index", "alloc_objects"], [Self.heap, "--count-name", "requests of somebody"],
      [Self.cpu, "--title", "A title of a good many words", "-focus=main|runtime|strconv", "-ignore=nothing"],
      [old.path], [new.path, "--diff-base", old.path],
    ] {
      let file = folder.file("room.svg")
      let made = try Command.run(["flamegraph", "-o", file.path, "--width", "\(width)"] + arguments)
      try #require(made.status == 0, "\(made.errors)")
      let visit = try Browser.visit(file, [["eval": boxes]])
      #expect(visit.text(0) == "true" && visit.console == [], "\(arguments)")
    }
  }

  @Test("in a page's <img> the SVG is a still picture as large as it says, and asks for nothing")
  func embedded() throws {
    _ = try picture(Self.cpu, "cpu.svg")
    let page = folder.file("page.html")
    try Data("<!DOCTYPE html><img src=cpu.svg alt=''>".utf8).write(to: page)
    let size = "(({complete, naturalWidth: w, naturalHeight: h}) => [complete, w, h > 300].join())(document.images[0])"
    let shot = folder.file("shot.png")
    let visit = try Browser.visit(page, [["eval": size], ["screenshot": shot.path]])
    #expect(visit.text(0) == "true,1200,true")
    // White alone is 5 kB.
    #expect(try Data(contentsOf: shot).count > 20_000)
    #expect(
      visit.console == [] && visit.requests.map { URL(string: $0)?.lastPathComponent } == ["page.html", "cpu.svg"])
  }

  @Test("the list of sample types has what the root says, of a difference too")
  func typesOfADifference() throws {
    let (old, new) = (folder.file("old.folded"), folder.file("new.folded"))
    try Data("main;a;b 30\nmain;c 6\n".utf8).write(to: old)
    try Data("main;a;b 3\nmain;d 5\nmain;c 6\n".utf8).write(to: new)
    let label = [["eval": "app.typeChoice.options[0].text"], ["eval": "app.figuresOf(app.tree, 0, ', ')"]]
    let less = try Browser.visit(try picture(new.path, "less.html", "--diff-base", old.path), label)
    #expect(less.text(0) == "samples (-22 samples)" && less.text(1).hasPrefix("-22 samples, "))
    let more = try Browser.visit(try picture(old.path, "more.html", "--diff-base", new.path), label)
    #expect(more.text(0) == "samples (+22 samples)" && more.text(1).hasPrefix("+22 samples, "))
    let plain = try Browser.visit(try picture(old.path, "plain.html"), label)
    #expect(plain.text(0) == "samples (36 samples)" && plain.text(1).hasPrefix("36 samples, "))
  }

  @Test("the page switches types and views, zooms, searches and tells the same numbers as pprof")
  func page() throws {
    let visit = try Browser.visit(
      try picture(Self.heap, "heap.html"),
      [
        ["eval": "document.title + '|' + app.type.name + '|' + app.total"],
        ["eval": "app.typeChoice.value = 1; app.typeChoice.dispatchEvent(new Event('change')); app.total"],
        ["eval": "document.getElementById('tab-top').click()"],
        ["eval": "document.querySelector('.table tbody tr').innerText"],
        ["eval": "document.querySelector('.table tbody button').click(); app.view"],
        ["eval": "app.callees.tree.total + ' ' + app.callers.tree.total"],
        ["eval": "document.getElementById('tab-flame').click()"],
        ["key": "/"],
        ["type": "shapes\\.Map\\[go\\.shape\\.int,go\\.shape\\.string\\]$"],
        ["eval": "document.querySelector('.matched').textContent"],
        ["key": "Escape"],
        ["eval": "document.querySelector('.view.flame .graph').focus()"],
        ["key": "ArrowUp"],
        ["eval": "document.querySelector('.view.flame [role=treeitem]').textContent"],
        ["key": "Enter"],
        ["eval": "app.flame.zoomed !== 0 && !app.reset.hidden"],
        ["key": "Escape"],
        ["eval": "app.flame.zoomed"],
        ["eval": "document.getElementById('theme').click(); getComputedStyle(document.body).backgroundColor"],
      ])
    #expect(visit.text(0) == "heap of demo127|inuse_space|15086094")
    #expect(visit.number(1) == 498_326_835)
    let pprof = try #require(
      try Pprof.run(["-top", "-sample_index=alloc_space", "-unit=MB"], URL(filePath: Self.heap)))
    #expect(pprof.contains("283.76MB 59.71%") && visit.text(3).hasPrefix("283.76MB\t59.71%"))
    #expect(visit.text(4) == "sandwich")
    #expect(visit.text(5) == "297545692 297545692")
    #expect(visit.text(9) == "59.71% matched")
    #expect(visit.text(13).contains("MB (") && visit.text(13).contains("%"))
    #expect(visit.results[15] as? Bool == true && visit.number(17) == 0)
    #expect(visit.text(18) == "rgb(23, 23, 28)")
    #expect(visit.console == [] && visit.requests.count == 1)
  }

  @Test("a click on the page's canvas zooms to the frame under it, and the tooltip names it")
  func canvas() throws {
    // The middle of the third row, a third from the left.
    let place = """
      (() => {
        const bounds = app.icicle.element.getBoundingClientRect();
        return [bounds.left + bounds.width / 3, bounds.top + 45];
      })()
      """
    let visit = try Browser.visit(
      try picture(Self.cpu, "cpu.html", "--inverted"),
      [
        ["move": place],
        ["eval": "document.querySelector('.tip').innerText"],
        ["click": place],
        ["eval": "app.nameOf(app.icicle.tree.frame[app.icicle.zoomed])"],
        ["eval": "document.getElementById('reset').click(); app.icicle.zoomed"],
      ])
    #expect(visit.text(3) == "main.spin")
    #expect(visit.text(1).hasPrefix("main.spin\n1.13s (1,130,000,000 nanoseconds) · 44.66%"))
    #expect(visit.text(1).contains("main.go"))
    #expect(visit.number(4) == 0)
  }

  @Test("a label leaves its samples, as pprof's tagfocus does")
  func labels() throws {
    let choose = """
      app.labelChoice.value = app.facts.labels.findIndex((label) => label.join() === 'tenant,acme');
      app.labelChoice.dispatchEvent(new Event('change'));
      app.total
      """
    let visit = try Browser.visit(try picture(Self.cpu, "cpu.html"), [["eval": choose]])
    let focused = try #require(
      try Pprof.run(["-top", "-unit=ns", "-tagfocus=tenant=^acme$"], URL(filePath: Self.cpu)))
    let total = visit.number(0)
    #expect(total > 0 && focused.contains("Showing nodes accounting for \(Int(total))ns"), "\(total)\n\(focused)")
  }

  @Test("a page that is merged from the leaf begins with what costs; its table and sandwich say the same")
  func reversed() throws {
    let steps: [[String: Any]] = [
      ["eval": "app.labelChoice.value = 0; app.labelChoice.dispatchEvent(new Event('change')); app.total"],
      ["eval": "app.functions.flat.join()"], ["eval": "app.functions.cum.join()"],
      ["eval": "app.showFunction(app.facts.names.indexOf('main.mul')); app.callees.tree.total"],
      [
        "eval": """
        const next = (tree) => Array.from(tree.frame, (frame, i) => [app.nameOf(frame), tree.value[i]].join(' '))
          .filter((_, i) => tree.depth[i] === 1).sort().join();
        next(app.callers.tree)
        """
      ],
      ["eval": "next(app.callees.tree)"],
      ["eval": "document.querySelector('.facts').textContent"],
      [
        "eval": """
        app.facts.names.map((name, frame) => {
          const all = (tree) => Array.from(tree.frame, (_, i) => {
            const path = [];
            for (let node = i; node !== 0; node = tree.parent[node]) path.unshift(app.nameOf(tree.frame[node]));
            return path.join(';') + ' ' + tree.value[i] + ' ' + tree.width[i];
          }).filter((line) => !line.endsWith(' 0')).sort().join('\\n');
          return frame === 0 || frame >= app.data.frameCount
            ? '' : name + '\\n' + all(app.tree.callersOf(frame)) + '\\n' + all(app.tree.calleesOf(frame));
        }).sort().join('\\n')
        """
      ],
    ]
    let plain = try Browser.visit(try picture(Self.cpu, "cpu.html"), steps)
    let turned = try Browser.visit(try picture(Self.cpu, "reversed.html", "--reverse"), steps)
    for step in 0..<6 { #expect(turned.text(step) == plain.text(step), "\(step)") }
    #expect(plain.text(4).contains("main.") && plain.number(3) > 0)
    #expect(turned.text(6).hasSuffix("merged from the leaf") && !plain.text(6).contains("leaf"))
    #expect(plain.text(7).contains("main.mul") && turned.text(7) == plain.text(7))
    // Functions that call themselves, next to each other and over others; and samples without a stack.
    let file = folder.file("recursive.folded")
    try Data("a;b;a 3\nc;a;b;a;d 2\na;a 5\nc;c;b;c 7\nd;b 11\n".utf8).write(to: file)
    let recursive = try Browser.visit(try picture(file.path, "recursive.html"), [steps[7]])
    let recursiveTurned = try Browser.visit(try picture(file.path, "turned.html", "--reverse"), [steps[7]])
    #expect(recursive.text(0).contains("\nb;a;d 2 2") && recursive.text(0) == recursiveTurned.text(0))
    // pprof -top: 950ms of main.spin, 440ms of main.mul.
    let first = try Browser.visit(
      folder.file("reversed.html"),
      [
        [
          "eval": """
          Array.from(app.tree.frame, (frame, i) => [app.tree.value[i], app.nameOf(frame), app.tree.depth[i]])
            .filter((row) => row[2] === 1).sort((a, b) => b[0] - a[0]).slice(0, 2).join()
          """
        ]
      ])
    #expect(first.text(0) == "950000000,main.spin,1,440000000,main.mul,1")
  }

  @Test("a search, a zoom and a pointer move nothing, and the root stays in sight", arguments: [1200, 800, 390])
  func stillness(width: Int) throws {
    let (old, new) = (folder.file("old.folded"), folder.file("new.folded"))
    let long = String(repeating: "example.com/a/long/path/", count: 9)
    // As high as the window at first, and with notes under it.
    let deep = (0..<60).map { "\(long)f\($0)" }.joined(separator: ";")
    try Data("\(deep) 30\nmain;c 6\n".utf8).write(to: old)
    try Data("\(deep) 3\nmain;d 5\nmain;c 6\n".utf8).write(to: new)
    let places: [String: Any] = [
      "eval": """
      [...document.querySelectorAll('header, main, footer')].map((part) => part.getBoundingClientRect())
        .concat([app.flame.element.getBoundingClientRect()]).map((box) => [box.top, box.height].join()).join(' ')
      """
    ]
    // Of the root's row, in the window on the graph.
    let root: [String: Any] = [
      "eval": "app.flame.height - app.flame.element.scrollTop - app.flame.element.getBoundingClientRect().height < 1"
    ]
    let overFrame = """
      (({left, bottom, width}) => [left + width / 3, bottom - 27])(app.flame.element.getBoundingClientRect())
      """
    for arguments in [[old.path], [new.path, "--diff-base", old.path], [Self.heap]] {
      let file = folder.file("still.html")
      let made = try Command.run(["flamegraph", "-o", file.path] + arguments)
      try #require(made.status == 0, "\(made.errors)")
      let visit = try Browser.visit(
        file,
        [
          ["size": [width, 800]], places, root, ["key": "/"], ["type": "main|f3"], places, root, ["move": overFrame],
          places, root, ["eval": "app.flame.element.focus()"], ["key": "ArrowUp"], ["key": "Enter"], places, root,
          ["eval": "app.flame.zoomed !== 0 && !document.querySelector('.tip').classList.contains('shown')"],
        ])
      for step in [5, 8, 13] { #expect(visit.text(step) == visit.text(1), "\(arguments)") }
      for step in [2, 6, 9, 14, 15] { #expect(visit.results[step] as? Bool == true, "\(step) \(arguments)") }
      #expect(visit.console == [])
    }
  }

  @Test("a window that becomes lower or higher shows the same of the graph, from the root on")
  func otherHeights() throws {
    let file = folder.file("deep.folded")
    try Data("\((0..<300).map { "f\($0)" }.joined(separator: ";")) 3\n".utf8).write(to: file)
    // Once what was asked for is laid out.
    let below = """
      new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
        .then(() => app.flame.height - app.flame.element.scrollTop - app.flame.sight)
      """
    func height(_ pixels: Int) -> [String: Any] { ["eval": "document.body.style.height = '\(pixels)px'"] }
    let visit = try Browser.visit(
      try picture(file.path, "deep.html"),
      [
        ["eval": below], height(500), ["eval": below], height(900), ["eval": below],
        ["eval": "app.flame.element.scrollTop = 2000"], ["eval": below], height(600), ["eval": below], height(800),
        ["eval": below],
      ])
    // Of a pixel there are parts.
    for step in [0, 2, 4] { #expect(visit.number(step) <= 1) }
    #expect(visit.number(6) > 1000)
    for step in [8, 10] { #expect(abs(visit.number(step) - visit.number(6)) <= 1) }
  }

  @Test("frames too narrow to draw are counted where they stand, and marked where one is searched for")
  func narrow() throws {
    let file = folder.file("narrow.folded")
    try Data((0..<3000).map { "root\($0);leaf 10\n" }.joined().utf8).write(to: file)
    let drawn = """
      (() => {
        const texts = [];
        const prototype = CanvasRenderingContext2D.prototype;
        const {fillText, fillRect} = prototype;
        let marks = 0;
        prototype.fillText = function (text) { texts.push(text); };
        prototype.fillRect = function (...box) { if (this.fillStyle === app.flame.theme.match) marks += 1; };
        app.flame.draw(app.flame.canvas, 0, app.flame.sight);
        Object.assign(prototype, {fillText, fillRect});
        return [...texts, marks].join('|');
      })()
      """
    let visit = try Browser.visit(
      try picture(file.path, "narrow.html"),
      [["eval": drawn], ["key": "/"], ["type": "^root17"], ["eval": drawn], ["key": "Escape"]])
    #expect(visit.text(0) == "all, 30,000 samples|3,000 frames too narrow to draw: zoom or search|0")
    // root17, root170 to root179, root1700 to root1799.
    #expect(visit.text(3) == "all, 30,000 samples|111")
  }

  @Test("values of a label are offered from the smallest number on, then words by their letters")
  func labelOrder() throws {
    let file = folder.file("labels.json")
    let values: [Any] = ["b", "10", 1_000, "9", "a", 20]
    let profile: [String: Any] = [
      "pprofconv": 1, "sample_types": [["type": "samples", "unit": "count"]],
      "samples": values.map { value -> [String: Any] in
        let label: [String: Any] = (value as? Int).map { ["key": "k", "num": $0] } ?? ["key": "k", "str": value]
        return ["values": [1], "stack": [0], "labels": [label]]
      },
      "locations": [["address": "0x100", "lines": [["function": 0, "line": 7]]]],
      "functions": [["name": "main", "file": "a.go"]], "mappings": [],
    ]
    try JSONSerialization.data(withJSONObject: profile).write(to: file)
    let visit = try Browser.visit(
      try picture(file.path, "labels.html", "--from", "json"),
      [["eval": "[...app.labelChoice.options].map((option) => option.text).join()"]])
    #expect(visit.text(0) == "all samples,k: 9,k: 10,k: 20,k: 1,000,k: a,k: b")
  }

  @Test("names that attack harm nothing, and are shown as what they are", arguments: ["svg", "html"])
  func hostile(format: String) throws {
    let file = folder.file("hostile.json")
    try HostileProfile.write(to: file)
    let page = try picture(file.path, "hostile.\(format)", "--from", "json")
    #expect((try page.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? .max) < 200_000)
    var steps: [[String: Any]] = [
      ["eval": "String(globalThis.broken)"],
      ["eval": "document.querySelectorAll('img, iframe, object, embed, link[rel=stylesheet]').length"],
      ["eval": "document.querySelectorAll('script').length"],
      ["key": "/"], ["type": "(a+)+$<script"],
    ]
    if format == "html" {
      for view in ["icicle", "sandwich", "top"] {
        steps.append(["eval": "document.getElementById('tab-\(view)').click()"])
      }
      steps.append([
        "eval": "app.showFunction(1); app.labelChoice.value = 1; app.labelChoice.dispatchEvent(new Event('change'))"
      ])
    }
    steps.append(["move": [300, 300]])
    steps.append(["eval": "String(globalThis.broken) + document.querySelectorAll('img').length"])
    let visit = try Browser.visit(page, steps)
    #expect(visit.text(0) == "undefined" && visit.text(steps.count - 1) == "undefined0")
    #expect(visit.number(1) == 0 && visit.number(2) == 1)
    #expect(visit.console == [] && visit.requests.count == 1)
    let text = try String(contentsOf: page, encoding: .utf8)
    #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .format || $0.value == 0x2028 })
    #expect(!text.contains("<script>globalThis") && !text.contains("onerror=\""))
  }

  @Test("the page's policy allows its own script and style by hash, and nothing else")
  func policy() throws {
    let text = try String(contentsOf: try picture(Self.cpu, "cpu.html"), encoding: .utf8)
    let policy = try #require(text.firstMatch(of: #/Content-Security-Policy" content="([^"]*)"/#)).1
    #expect(policy.hasPrefix("default-src 'none'; script-src 'sha256-"))
    #expect(!policy.contains("unsafe") && !policy.contains("http"))
    // What is not in the policy does not run.
    let other = folder.file("other.html")
    try text.replacing("</body>", with: "<script>globalThis.broken = 8</script></body>")
      .write(to: other, atomically: true, encoding: .utf8)
    let visit = try Browser.visit(other, [["eval": "String(globalThis.broken) + app.facts.types.length"]])
    #expect(visit.text(0) == "undefined2")
    #expect(visit.console.contains { $0.contains("Content Security Policy") })
  }
}
