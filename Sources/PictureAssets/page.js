// The page: its controls, its views, and what they share. All text is set as text, never as markup.

let lastID = 0;
function uniqueID(prefix) {
  lastID += 1;
  return `${prefix}-${lastID}`;
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const HINT = "Click a frame to zoom in; arrows, Enter and Escape do the same.";
const VIEWS = [["flame", "Flame graph"], ["icicle", "Icicle"], ["sandwich", "Sandwich"], ["top", "Top"]];

class App {
  constructor(data) {
    this.data = data;
    const {facts, frames} = data;
    this.facts = facts;
    this.colors = Array.from(frames.color, (color) => facts.colors[color]);
    this.colors.push("#c4c4cc");
    this.isMatch = new Uint8Array(data.frameCount + 1);
    this.term = "";
    this.typeIndex = facts.shown;
    this.label = -1;
    this.frame = 0;
    this.flame = new Graph(this, {isInverted: false, label: "Flame graph, the root at the bottom"});
    this.icicle = new Graph(this, {isInverted: true, label: "Icicle, the root on top"});
    this.callers = new Graph(this, {isInverted: false, label: "Callers, the function at the bottom"});
    this.callees = new Graph(this, {isInverted: true, label: "Callees, the function on top"});
    this.top = new FunctionTable(this, {isNarrow: false});
    this.list = new FunctionTable(this, {isNarrow: true});
    this.build();
    this.show(facts.inverted ? "icicle" : "flame");
    this.load();
  }

  get type() { return this.facts.types[this.typeIndex]; }

  // What frames are called and look like.

  nameOf(frame) { return this.facts.names[frame]; }

  sourceOf(frame) {
    const {frames, frameCount} = this.data;
    if (frame >= frameCount) return "";
    const file = this.facts.files[frames.file[frame]];
    return file && frames.line[frame] > 0 ? `${file}:${frames.line[frame]}` : file;
  }

  colorOf(tree, node) {
    if (!tree.isDifference) return this.colors[tree.frame[node]];
    const share = tree.width[node] > 0 ? tree.value[node] / tree.width[node] : 0;
    const [r, g, b] = share > 0 ? [242, 114, 106] : [111, 163, 242];
    const mix = (to, from) => Math.round(from + (to - from) * Math.abs(share));
    return `rgb(${mix(r, 232)}, ${mix(g, 228)}, ${mix(b, 228)})`;
  }

  nameIn({tree}, node) {
    return this.nameOf(tree.frame[node]) + ["", " (partial-inline)", " (inline)"][tree.inlining[node]];
  }

  describe(graph, node) { return `${this.nameIn(graph, node)}, ${this.figuresOf(graph.tree, node, ", ")}`; }

  // Value and share; of a difference with their sign, and what was before and is now where that is known.
  figuresOf(tree, node, between) {
    const value = tree.value[node];
    const sign = tree.isDifference && value > 0 ? "+" : "";
    const text = `${sign}${formatExact(value, this.type)}${between}${sign}${formatShare(value, this.total)}`;
    if (!this.facts.compared || !tree.isDifference || this.label >= 0) return text;
    const width = tree.width[node];
    return `${text}${between}${formatValue((width - value) / 2, this.type)} before, ${formatValue((width + value) / 2, this.type)} now`;
  }

  // Building the page.

  build() {
    const {facts} = this;
    this.views = new Map();
    this.tabs = new Map();
    const tabs = make("div", {role: "tablist", "aria-label": "Views", class: "tabs"});
    for (const [key, label] of VIEWS) {
      const tab = make("button", {type: "button", role: "tab", id: `tab-${key}`, "aria-controls": `view-${key}`}, label);
      tab.addEventListener("click", () => this.show(key));
      this.tabs.set(key, tab);
      tabs.append(tab);
    }
    tabs.addEventListener("keydown", (event) => this.moveTab(event));
    this.sandwichHint = make("p", {class: "hint"}, "Choose a function from the list.");
    this.sandwich = make(
      "div", {class: "halves"}, make("h2", {}, "Callers"), this.callers.element, make("h2", {}, "Callees"),
      this.callees.element);
    const panels = {
      flame: [this.flame.element], icicle: [this.icicle.element],
      sandwich: [this.list.element, this.sandwichHint, this.sandwich], top: [this.top.element],
    };
    const main = make("main");
    for (const [key] of VIEWS) {
      const panel = make(
        "section", {role: "tabpanel", id: `view-${key}`, class: `view ${key}`, "aria-labelledby": `tab-${key}`},
        ...panels[key]);
      this.views.set(key, panel);
      main.append(panel);
    }
    this.what = make("span", {class: "what"});
    this.figures = make("span", {class: "figures"});
    this.details = make("p", {class: "details"}, this.what, this.figures);
    this.sandwichButton = make("button", {type: "button", hidden: ""}, "Callers and callees");
    this.sandwichButton.addEventListener("click", () => this.showFunction(this.shownFrame));
    this.tip = make("div", {class: "tip", "aria-hidden": "true"});
    document.body.append(
      make(
        "header", {},
        make("div", {class: "titles"}, make("h1", {}, facts.title), make("p", {class: "facts"}, facts.lines.join(" · "))),
        tabs, this.controls()),
      main, make("footer", {}, this.details, this.sandwichButton, ...this.notes()), this.tip);
    document.title = facts.title;
    document.addEventListener("keydown", (event) => this.press(event));
    window.addEventListener("beforeprint", () => this.print(true));
    window.addEventListener("afterprint", () => this.print(false));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.nameTheme();
      for (const graph of this.visibleGraphs) graph.schedule();
    });
  }

  notes() {
    if (this.facts.notes.length === 0) return [];
    const list = make("ul", {}, ...this.facts.notes.map((note) => make("li", {}, note)));
    const notes = make("details", {class: "notes"}, make("summary", {}, "Notes"), list);
    // In a low window they would leave no room for the graph.
    notes.open = window.innerHeight >= 600;
    this.notesElement = notes;
    return [notes];
  }

  controls() {
    const {facts} = this;
    this.typeChoice = make("select", {id: "type"});
    facts.types.forEach((type, index) => {
      const sign = type.difference && type.total > 0 ? "+" : "";
      this.typeChoice.append(make("option", {value: index}, `${type.name} (${sign}${formatValue(type.total, type)})`));
    });
    this.typeChoice.value = this.typeIndex;
    this.typeChoice.addEventListener("change", () => {
      this.typeIndex = Number(this.typeChoice.value);
      this.load();
    });
    this.reset = make("button", {type: "button", id: "reset", hidden: ""}, "Reset zoom");
    this.reset.addEventListener("click", () => this.visibleGraphs.forEach((graph) => graph.zoom(0)));
    const controls = make("div", {class: "controls"}, this.reset, make("label", {for: "type"}, "Show"), this.typeChoice);
    if (facts.labels.length > 0) controls.append(make("label", {for: "label"}, "of"), this.labelControl());
    this.box = make("input", {
      type: "search", id: "search", placeholder: "Search functions (Ctrl-F)", "aria-label": "Search functions, by regular expression",
      spellcheck: "false", autocomplete: "off",
    });
    this.box.addEventListener("input", () => this.search(this.box.value));
    this.matched = make("output", {class: "matched", for: "search"});
    this.theme = make("button", {type: "button", id: "theme"});
    this.theme.addEventListener("click", () => this.setDark(!this.isDark));
    controls.append(this.matched, this.box, this.theme);
    this.nameTheme();
    return controls;
  }

  labelControl() {
    this.labelChoice = make("select", {id: "label"}, make("option", {value: -1}, "all samples"));
    const groups = new Map();
    this.facts.labels.forEach(([key, value], index) => {
      if (!groups.has(key)) groups.set(key, make("optgroup", {label: key}));
      groups.get(key).append(make("option", {value: index}, `${key}: ${value}`));
    });
    this.labelChoice.append(...groups.values());
    this.labelChoice.addEventListener("change", () => {
      this.label = Number(this.labelChoice.value);
      this.load();
    });
    return this.labelChoice;
  }

  // What is shown.

  load() {
    const {data} = this;
    this.tree = treeOf(data, this.typeIndex, this.label);
    // What shares are of: the whole that was there before filters, or what has the label.
    this.total = this.label < 0 ? this.type.basis : this.tree.total;
    const functions = this.label < 0
      ? {flat: data.functions.flat[this.typeIndex], cum: data.functions.cum[this.typeIndex]}
      : this.tree.functions(data.frameCount);
    this.functions = functions;
    this.stale = new Set(VIEWS.map(([key]) => key));
    // Tables whose rows are those of another search.
    this.unfilled = new Set();
    this.search(this.box.value);
    this.refresh();
  }

  // Brings the visible view up to date.
  refresh() {
    if (this.stale.delete(this.view)) {
      if (this.view === "flame") this.flame.setTree(this.tree);
      if (this.view === "icicle") this.icicle.setTree(this.tree);
      if (this.view === "top") this.top.set(this.functions, this.type, this.total);
      if (this.view === "sandwich") {
        this.list.set(this.functions, this.type, this.total);
        this.fillSandwich();
      }
    }
    for (const [view, table] of [["top", this.top], ["sandwich", this.list]]) {
      if (this.view === view && this.unfilled.delete(table)) table.fill();
    }
    this.say(this.tree.total === 0 ? `Nothing to draw: every value of ${this.type.name} is 0.` : HINT, "");
    this.sandwichButton.hidden = true;
  }

  show(view) {
    this.view = view;
    document.body.dataset.view = view;
    for (const [key, tab] of this.tabs) {
      const isShown = key === view;
      tab.setAttribute("aria-selected", isShown);
      tab.setAttribute("tabindex", isShown ? "0" : "-1");
      this.views.get(key).hidden = !isShown;
    }
    if (this.stale) this.refresh();
    this.resize();
  }

  get visibleGraphs() {
    const graphs = {flame: [this.flame], icicle: [this.icicle], sandwich: [this.callers, this.callees], top: []};
    return graphs[this.view].filter((graph) => graph.tree);
  }

  showFunction(frame) {
    if (frame === 0 || frame >= this.data.frameCount) return;
    this.frame = frame;
    this.stale.add("sandwich");
    this.show("sandwich");
    // What was chosen may be gone with its view.
    this.callers.element.focus({preventScroll: true});
  }

  fillSandwich() {
    const hasFunction = this.frame !== 0;
    this.sandwich.hidden = !hasFunction;
    this.sandwichHint.hidden = hasFunction;
    if (!hasFunction) return;
    for (const [graph, tree] of [
      [this.callers, this.tree.callersOf(this.frame)], [this.callees, this.tree.calleesOf(this.frame)],
    ]) {
      tree.isDifference = this.tree.isDifference;
      graph.setTree(tree);
    }
  }

  zoomChanged() { this.reset.hidden = this.visibleGraphs.every((graph) => graph.zoomed === 0); }

  resize() {
    for (const graph of this.visibleGraphs) {
      graph.layOut();
      graph.showRoot();
    }
    this.zoomChanged();
  }

  // In a footer that is always as high: what grows takes its room from the graphs, while somebody points at them.
  say(what, figures) {
    this.details.classList.toggle("hint", !figures);
    this.what.textContent = what;
    this.figures.textContent = figures;
  }

  showDetails(graph, node) {
    this.say(this.nameIn(graph, node), this.figuresOf(graph.tree, node, ", "));
    this.shownFrame = graph.tree.frame[node];
    this.sandwichButton.hidden = this.shownFrame === 0 || this.shownFrame >= this.data.frameCount;
  }

  showTip(graph, node, event) {
    this.tip.classList.toggle("shown", node >= 0);
    if (node < 0) return;
    const {tree} = graph;
    const lines = [
      make("strong", {}, this.nameIn(graph, node)),
      make("span", {}, this.figuresOf(tree, node, " · ")),
      make("span", {class: "source"}, this.sourceOf(tree.frame[node])),
    ];
    this.tip.replaceChildren(...lines.filter((line) => line.textContent));
    const {offsetWidth, offsetHeight} = this.tip;
    const x = Math.min(event.clientX + 14, window.innerWidth - offsetWidth - 8);
    const y = event.clientY + 18 + offsetHeight > window.innerHeight ? event.clientY - offsetHeight - 10 : event.clientY + 18;
    this.tip.style.transform = `translate(${Math.max(4, x)}px, ${y}px)`;
  }

  // Search.

  search(term) {
    this.term = term;
    const matches = matcherOf(term);
    const {names} = this.facts;
    for (let i = 1; i < names.length; i++) this.isMatch[i] = matches(names[i]) ? 1 : 0;
    const {sum} = this.tree.matched(this.isMatch);
    // Of a difference widths are summed, which are as large as they are whatever their sign.
    const whole = this.tree.isDifference ? this.tree.total : this.total;
    this.matched.textContent = term ? `${formatShare(sum, whole)} matched` : "";
    for (const [view, table] of [["top", this.top], ["sandwich", this.list]]) {
      if (this.view === view) table.fill();
      else this.unfilled.add(table);
    }
    for (const graph of this.visibleGraphs) graph.schedule();
  }

  // Keys that work everywhere.

  press(event) {
    const isTyping = event.target === this.box;
    if (((event.ctrlKey || event.metaKey) && event.key === "f") || (event.key === "/" && !isTyping)) {
      event.preventDefault();
      this.box.focus();
      this.box.select();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (this.box.value) {
        this.box.value = "";
        this.search("");
      } else {
        for (const graph of this.visibleGraphs) graph.zoom(0);
      }
    }
  }

  moveTab(event) {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!step) return;
    event.preventDefault();
    const keys = VIEWS.map(([key]) => key);
    const next = keys[(keys.indexOf(this.view) + step + keys.length) % keys.length];
    this.show(next);
    this.tabs.get(next).focus();
  }

  // Light and dark: as the system has it, until somebody chooses.

  get isDark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  setDark(isDark) {
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
    this.nameTheme();
    for (const graph of this.visibleGraphs) graph.schedule();
  }

  nameTheme() { this.theme.textContent = this.isDark ? "Light" : "Dark"; }

  // Paper is white, and has no window to scroll in.
  print(isPrinting) {
    const {dataset} = document.documentElement;
    if (isPrinting) {
      this.themeBefore = dataset.theme;
      dataset.theme = "light";
    } else if (this.themeBefore) {
      dataset.theme = this.themeBefore;
    } else {
      delete dataset.theme;
    }
    if (this.notesElement) {
      if (isPrinting) this.hadNotes = this.notesElement.open;
      this.notesElement.open = isPrinting || this.hadNotes;
    }
    for (const graph of this.visibleGraphs) graph.print(isPrinting);
    if (this.view === "top") this.top.print(isPrinting);
  }
}

const holder = document.getElementById("data");
globalThis.app = new App(decodeData(holder.textContent));
holder.remove();
