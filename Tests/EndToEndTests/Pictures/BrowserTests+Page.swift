import Foundation
import TestSupport
import Testing

/// What the page does where windows are small, graphs zoomed, and what is shown is chosen.
extension BrowserTests {
  @Test(
    "in a low or narrow window graphs keep their height, and the page scrolls",
    arguments: [(320, 480), (640, 300), (200, 600), (1200, 800)])
  func smallWindows(width: Int, height: Int) throws {
    let heights: [String: Any] = ["eval": "app.visibleGraphs.map((graph) => graph.sight).join()"]
    let visit = try Browser.visit(
      try picture(Self.heap, "small.html"),
      [
        ["size": [width, height]], heights, ["eval": "app.showFunction(app.facts.names.indexOf('main.fib'))"], heights,
        ["eval": "app.list.element.getBoundingClientRect().height"],
        ["eval": "document.documentElement.scrollWidth - window.innerWidth"],
      ])
    let graphs = (visit.text(1) + "," + visit.text(3)).split(separator: ",").compactMap { Double($0) }
    #expect(graphs.count == 3 && graphs.allSatisfy { $0 >= 90 }, "\(graphs)")
    #expect(visit.number(4) >= 90 && visit.number(5) <= 0 && visit.console == [])
  }

  @Test("where a graph is zoomed the arrows stay in sight, and what is chosen has the focus")
  func arrowsInAZoom() throws {
    let walk = """
      (() => {
        const graph = app.flame;
        const node = graph.tree.frame.findIndex((frame) => app.nameOf(frame) === 'main.hotInline');
        graph.zoom(node);
        graph.focus(node);
        const room = graph.element.clientWidth;
        const keys = ['Right', 'Up', 'Left', 'Up', 'Right', 'Down', 'Down', 'Down', 'Up', 'Up'];
        const seen = new Set();
        for (let i = 0; i < 100; i++) {
          graph.element.dispatchEvent(new KeyboardEvent('keydown', {key: 'Arrow' + keys[(i * 7 + (i >> 2)) % keys.length]}));
          const [x, width] = graph.extent(graph.focused);
          if (x < -0.01 || x + width > room + 0.01) return `${app.nameIn(graph, graph.focused)} at ${x}`;
          seen.add(graph.focused);
        }
        return seen.size;
      })()
      """
    let visit = try Browser.visit(
      try picture(Self.cpu, "cpu.html"),
      [
        ["eval": walk],
        ["eval": "document.getElementById('tab-top').click(); document.querySelector('.table tbody button').click()"],
        ["eval": "document.activeElement === app.callers.element"],
        ["eval": "document.querySelectorAll('.list tbody button')[1].click()"],
        ["eval": "document.activeElement === app.callers.element"],
      ])
    #expect(visit.number(0) > 3, "\(visit.text(0))")
    #expect(visit.results[2] as? Bool == true && visit.results[4] as? Bool == true)
  }

  @Test("a search in one view is that of all, and its share is of what the picture says")
  func searches() throws {
    let rows: [String: Any] = ["eval": "document.querySelectorAll('.list tbody tr').length"]
    func go(_ view: String) -> [String: Any] { ["eval": "document.getElementById('tab-\(view)').click()"] }
    func search(_ term: String) -> [String: Any] {
      ["eval": "app.box.value = '\(term)'; app.search('\(term)'); document.querySelector('.matched').textContent"]
    }
    let visit = try Browser.visit(
      try picture(Self.cpu, "cpu.html"),
      [
        go("sandwich"), rows, go("flame"), search("(?i)^RUNTIME"), go("sandwich"), rows, go("flame"), search(""),
        go("sandwich"), rows,
      ])
    #expect(visit.number(5) > 0 && visit.number(5) < visit.number(1) && visit.number(9) == visit.number(1))
    // Of a filter's picture shares are of all that was there before it; of a difference, of what is drawn.
    for more in [["--focus", "main.spin"], ["--diff-base", Fixture.file("pb/valid/go1.19-default-cpu.in").path]] {
      var shares: [String] = []
      for ending in ["html", "svg"] {
        let file = folder.file("share." + ending)
        let made = try Command.run(["flamegraph", Self.cpu, "-o", file.path] + more)
        try #require(made.status == 0, "\(made.errors)")
        let share = "document.querySelector('.matched, #matched').textContent"
        let steps = [["key": "/"], ["type": "main"], ["eval": share]]
        shares.append(try Browser.visit(file, steps).text(2))
      }
      let numbers = shares.map { $0.matches(of: #/([\d.]+)%/#).first.flatMap { Double($0.output.1) } ?? .nan }
      #expect(numbers[0] == numbers[1] && numbers[0] > 1 && numbers[0] < 100, "\(shares)")
    }
  }

  @Test("labels that differ are told apart, whatever they look like; samples without a stack are in the table")
  func alikeLabels() throws {
    let file = folder.file("alike.raw")
    let long = String(repeating: "x", count: 150)
    let text = """
      PeriodType: cpu nanoseconds
      Period: 1
      Samples:
      cpu/nanoseconds
                1: 1 
                      url:[\(long)a]
                2: 1 
                      url:[\(long)b]
                4: 1 
                      n:[1,536]
                8: 1 
                      n:[1536]
               16: 
      Locations
           1: 0x1 M=1 main.f /f.go:1:0 s=0
      Mappings
      1: 0x0/0x0/0x0   

      """
    try Data(text.utf8).write(to: file)
    let visit = try Browser.visit(
      try picture(file.path, "alike.html"),
      [
        [
          "eval": """
          app.facts.labels.map((label, index) => {
            app.labelChoice.value = index;
            app.labelChoice.dispatchEvent(new Event('change'));
            return app.total;
          }).join()
          """
        ],
        ["eval": "new Set(app.facts.labels.map((label) => label.join())).size"],
        ["eval": "app.labelChoice.value = -1; app.labelChoice.dispatchEvent(new Event('change')); app.total"],
        ["eval": "document.getElementById('tab-top').click(); document.querySelector('.table tbody tr').innerText"],
      ])
    #expect(visit.text(0).split(separator: ",").sorted() == ["1", "2", "4", "8"] && visit.number(1) == 4)
    #expect(visit.number(2) == 31 && visit.text(3).contains("(no stack)") && visit.text(3).contains("16ns"))
  }

  @Test("what a page has no room for is said: names, labels, frames that stand too deep; on paper, too")
  func cuts() throws {
    func notes(_ text: String) throws -> String {
      let file = folder.file("cut.folded")
      try Data(text.utf8).write(to: file)
      return try Browser.visit(
        try picture(file.path, "cut.html", "--from", "folded"),
        [
          ["size": [800, 500]],
          [
            "eval": """
            window.dispatchEvent(new Event('beforeprint'));
            document.querySelector('.notes').open + ' ' + document.querySelector('.notes').textContent
            """
          ],
          ["eval": "app.facts.names.length"],
        ]
      ).text(1)
    }
    let deep = String(repeating: "a;", count: 2_100)
    #expect(
      try notes("b 1\n\(deep)z 1\n").contains(
        "true NotesCut, so that the file stays small: 1 frame below the depth of 2000 with all"))
    let long = String(repeating: "x", count: 390)
    let names = try notes((0..<40_000).map { "f\($0)\(long) \($0 + 1)\n" }.joined())
    #expect(
      names.contains("narrow frames with all") && names.contains(" largest of 40,000 functions: the names of all"))
    let labels = (0..<20).flatMap { key in (0..<400).map { "# labels: {\"k\(key)\":\"v\($0)\"}\na;b 1\n" } }.joined()
    #expect(try notes(labels).contains("No filter by 8 more keys (k12, k13, k14, k15, k16 …): a page has 5,000 values"))
  }
}
