// One flame graph on a canvas as high as its window: what is scrolled out of sight is not drawn.

const ROW = 18;
const FONT = '11px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace';
// Of inlined frames narrower than this the dashes are left out.
const DASHED = 12;
const NARROW = 0.5;
// Of a graph with more than so many rows paper has several pictures, of so many rows each at most: a picture cannot be broken.
const SHEET = 160;
const PART = 64;

class Graph {
  // app: names, colours, values as text, what is searched. isInverted: the root on top.
  constructor(app, {isInverted, label}) {
    this.app = app;
    this.isInverted = isInverted;
    this.canvas = make("canvas", {"aria-hidden": "true"});
    this.spacer = make("div", {class: "spacer"}, this.canvas);
    this.current = make("div", {id: uniqueID("frame"), role: "treeitem", class: "unseen", "aria-live": "polite"});
    this.element = make(
      "div", {class: "graph", tabindex: "0", role: "tree", "aria-label": label, "aria-activedescendant": this.current.id},
      this.spacer, this.current);
    this.tree = null;
    this.zoomed = 0;
    this.hovered = -1;
    this.focused = 0;
    this.isScheduled = false;
    this.isPrinting = false;
    // How far the root is below what is in sight, where it is at the bottom.
    this.gap = 0;
    this.parts = [];
    this.listen();
  }

  setTree(tree) {
    this.tree = tree;
    this.focused = 0;
    this.hovered = -1;
    this.zoom(0);
  }

  zoom(node) {
    if (this.tree.width[node] <= 0 && node !== 0) return;
    this.zoomed = node;
    this.leave();
    this.layOut();
    this.showRoot();
    this.app.zoomChanged(this);
  }

  // Geometry.

  get rows() { return this.tree.depth[this.zoomed] + this.tree.height[this.zoomed] + 1; }

  // The height of the window on the graph. A pixel that is not whole would be one to scroll by.
  get sight() { return Math.floor(this.element.getBoundingClientRect().height); }

  layOut() {
    this.height = Math.max(this.rows * ROW, this.sight);
    this.spacer.style.height = `${this.height}px`;
    this.schedule();
  }

  // The window became higher or lower: the same stays in sight, counted from the root.
  resized() {
    const {element, isPrinting, isInverted, gap, sight} = this;
    if (!this.tree || isPrinting || sight === 0) return;
    this.layOut();
    if (!isInverted) element.scrollTop = this.height - sight - gap;
  }

  // Paper has all of the graph, and no more: on the screen it is as high as its window at least.
  print(isPrinting) {
    this.isPrinting = isPrinting;
    for (const part of this.parts) part.remove();
    this.parts = [];
    this.canvas.hidden = false;
    if (!isPrinting) return this.resized();
    const {rows} = this;
    this.height = rows * ROW;
    if (rows <= SHEET) return this.draw(this.canvas, 0, this.height);
    this.canvas.hidden = true;
    // Equally high ones, so that all are made equally small.
    const height = Math.ceil(rows / Math.ceil(rows / PART)) * ROW;
    for (let top = 0; top < this.height; top += height) {
      const part = make("canvas", {"aria-hidden": "true"});
      this.spacer.append(part);
      this.parts.push(part);
      this.draw(part, top, height);
    }
  }

  showRoot() {
    this.gap = 0;
    this.element.scrollTop = this.isInverted ? 0 : this.height;
  }

  top(depth) { return this.isInverted ? depth * ROW : this.height - (depth + 1) * ROW; }

  depthAt(y) { return Math.floor(this.isInverted ? y / ROW : (this.height - y) / ROW); }

  // Where a node is drawn: its beginning and width in pixels.
  extent(node) {
    const {tree, zoomed} = this;
    const room = this.element.clientWidth;
    if (tree.depth[node] <= tree.depth[zoomed]) return [0, room];
    const scale = room / tree.width[zoomed];
    return [(tree.left[node] - tree.left[zoomed]) * scale, tree.width[node] * scale];
  }

  nodeAt(x, y) {
    const {tree, zoomed} = this;
    const depth = this.depthAt(y);
    if (depth < 0 || tree.total <= 0) return -1;
    let node = zoomed;
    if (depth <= tree.depth[zoomed]) {
      while (tree.depth[node] > depth) node = tree.parent[node];
      return node;
    }
    const wanted = tree.left[zoomed] + x / this.element.clientWidth * tree.width[zoomed];
    while (tree.depth[node] < depth) {
      let next = -1;
      for (let i = tree.start[node]; i < tree.start[node + 1]; i++) {
        const callee = tree.callees[i];
        if (wanted >= tree.left[callee] && wanted < tree.left[callee] + tree.width[callee]) next = callee;
      }
      if (next < 0) return -1;
      node = next;
    }
    return node;
  }

  // Drawing.

  schedule() {
    if (this.isScheduled) return;
    this.isScheduled = true;
    requestAnimationFrame(() => {
      this.isScheduled = false;
      if (!this.isPrinting) this.draw(this.canvas, this.element.scrollTop, this.sight);
    });
  }

  // From a distance to the graph's top on, as much as has room in a height.
  draw(canvas, scroll, height) {
    const {element, tree} = this;
    const width = element.clientWidth;
    if (!tree || width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    const context = canvas.getContext("2d", {alpha: false});
    this.context = context;
    const styles = getComputedStyle(document.documentElement);
    const isDark = styles.colorScheme === "dark";
    this.theme = {
      paper: styles.getPropertyValue("--paper").trim(), ink: styles.getPropertyValue("--ink").trim(),
      match: styles.getPropertyValue("--match").trim(), rest: styles.getPropertyValue("--rest").trim(),
      // Callers of what is zoomed to are faint, but their names are to be read.
      outer: isDark ? 0.85 : 0.55,
    };
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = this.theme.paper;
    context.fillRect(0, 0, width, height);
    context.translate(0, -scroll);
    context.font = FONT;
    context.textBaseline = "alphabetic";
    this.letter = context.measureText("M").width;
    this.window = [scroll - ROW, scroll + height];
    for (let node = this.zoomed; node !== 0; ) {
      node = tree.parent[node];
      this.drawFrame(node, 0, width, true);
    }
    this.drawFrame(this.zoomed, 0, width, false);
    if (tree.total > 0) this.drawCallees(width);
    this.outline(this.hovered, 1);
    if (document.activeElement === element) this.outline(this.focused, 2);
  }

  drawCallees(room) {
    const {tree, zoomed} = this;
    const scale = room / tree.width[zoomed];
    const origin = tree.left[zoomed];
    const pending = [zoomed];
    while (pending.length > 0) {
      const node = pending.pop();
      // Frames too narrow to see are drawn as one grey one, with marks where one of them is searched for.
      let rest = {start: -1, end: -1, count: 0, matches: []};
      const endRest = () => {
        if (rest.count > 0 && rest.end - rest.start >= NARROW) this.drawRest(tree.depth[node] + 1, rest);
        rest = {start: -1, end: -1, count: 0, matches: []};
      };
      for (let i = tree.start[node]; i < tree.start[node + 1]; i++) {
        const callee = tree.callees[i];
        const x = (tree.left[callee] - origin) * scale;
        const width = tree.width[callee] * scale;
        if (width < NARROW) {
          if (rest.count === 0) rest.start = x;
          rest.end = x + width;
          rest.count += 1;
          if (this.app.isMatch[tree.frame[callee]] === 1) rest.matches.push(x);
          continue;
        }
        endRest();
        this.drawFrame(callee, x, width, false);
        pending.push(callee);
      }
      endRest();
    }
  }

  isInSight(y) { return y > this.window[0] && y < this.window[1]; }

  drawRest(depth, {start, end, count, matches}) {
    const y = this.top(depth);
    if (!this.isInSight(y)) return;
    const {context} = this;
    context.fillStyle = this.theme.rest;
    context.fillRect(start, y, end - start, ROW - 1);
    context.fillStyle = this.theme.match;
    for (const x of matches) context.fillRect(x, y, 1, ROW - 1);
    if (matches.length > 0) return;
    const room = Math.floor((end - start - 6) / this.letter);
    const frames = `${count.toLocaleString("en-US")} ${count === 1 ? "frame" : "frames"}`;
    const label = [`${frames} too narrow to draw: zoom or search`, `${frames} too narrow to draw`, frames]
      .find((text) => text.length <= room);
    if (!label) return;
    context.font = FONT;
    context.fillStyle = this.theme.ink;
    context.fillText(label, start + 3, y + 13);
  }

  drawFrame(node, x, width, isOuter) {
    const {context, tree, app} = this;
    const y = this.top(tree.depth[node]);
    if (!this.isInSight(y)) return;
    const frame = tree.frame[node];
    const isMatch = app.isMatch[frame] === 1 && !(node === 0 && tree.parent.length > 1 && frame === 0);
    context.globalAlpha = isOuter ? Math.max(this.theme.outer, isMatch ? 0.8 : 0) : 1;
    context.fillStyle = isMatch ? this.theme.match : app.colorOf(tree, node);
    // Half a pixel of paper tells neighbours apart.
    context.fillRect(x, y, width > 3 ? width - 0.5 : width, ROW - 1);
    context.globalAlpha = 1;
    if (tree.inlining[node] !== 0 && width >= DASHED) {
      context.strokeStyle = "rgba(40, 40, 48, 0.6)";
      context.lineWidth = 1;
      context.setLineDash([3, 2]);
      context.strokeRect(x + 0.5, y + 0.5, width - 1.5, ROW - 2);
      context.setLineDash([]);
    }
    // Of the root is said how much the whole is.
    const name = node === 0 ? `${app.nameOf(frame)}, ${formatValue(tree.value[0], app.type)}` : app.nameOf(frame);
    const label = fitLabel(name, Math.floor((width - 6) / this.letter));
    if (label) {
      context.font = tree.inlining[node] !== 0 ? `italic ${FONT}` : FONT;
      context.fillStyle = isMatch ? "#ffffff" : "#1b1b1f";
      context.fillText(label, x + 3, y + 13);
    }
  }

  outline(node, weight) {
    if (node < 0) return;
    const [x, width] = this.extent(node);
    const {context} = this;
    context.strokeStyle = this.theme.ink;
    context.lineWidth = weight;
    context.strokeRect(x + weight / 2, this.top(this.tree.depth[node]) + weight / 2, Math.max(1, width - weight), ROW - 1 - weight);
  }

  // Pointer and keyboard.

  listen() {
    const {element} = this;
    new ResizeObserver(() => this.resized()).observe(element);
    element.addEventListener("scroll", () => {
      this.gap = Math.max(0, this.height - element.scrollTop - this.sight);
      this.schedule();
    });
    element.addEventListener("focus", () => this.focus(this.focused));
    element.addEventListener("blur", () => this.schedule());
    const under = (event) => {
      const bounds = element.getBoundingClientRect();
      return this.tree ? this.nodeAt(event.clientX - bounds.left, event.clientY - bounds.top + element.scrollTop) : -1;
    };
    element.addEventListener("mousemove", (event) => {
      const node = under(event);
      if (node !== this.hovered) {
        this.hovered = node;
        element.style.cursor = node < 0 ? "" : "pointer";
        this.app.showDetails(this, node < 0 ? this.focused : node);
        this.schedule();
      }
      this.app.showTip(this, node, event);
    });
    element.addEventListener("mouseleave", () => this.leave());
    element.addEventListener("click", (event) => {
      const node = under(event);
      if (node < 0) return;
      this.zoom(node);
      this.focus(node);
    });
    element.addEventListener("keydown", (event) => this.press(event));
  }

  // What the pointer is on is told no more: it left, or something else came under it.
  leave() {
    this.hovered = -1;
    this.app.showTip(this, -1);
    this.schedule();
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const {tree, focused} = this;
    const inwards = this.isInverted ? "ArrowDown" : "ArrowUp";
    const outwards = this.isInverted ? "ArrowUp" : "ArrowDown";
    const steps = {
      [inwards]: () => this.focus(this.inwards(focused)), [outwards]: () => this.focus(tree.parent[focused]),
      ArrowRight: () => this.focus(this.neighbour(1)), ArrowLeft: () => this.focus(this.neighbour(-1)),
      Home: () => this.focus(0), Enter: () => this.zoom(focused), " ": () => this.zoom(focused),
      s: () => this.app.showFunction(tree.frame[focused]),
    };
    if (!steps[event.key]) return;
    event.preventDefault();
    this.leave();
    steps[event.key]();
  }

  // The widest callee; of a caller of what is zoomed to the only one that can be seen.
  inwards(caller) {
    const {tree} = this;
    if (tree.depth[caller] >= tree.depth[this.zoomed]) return this.widestCallee(caller);
    let node = this.zoomed;
    while (node !== 0 && tree.parent[node] !== caller) node = tree.parent[node];
    return node;
  }

  widestCallee(node) {
    const {tree} = this;
    let widest = node;
    for (let i = tree.start[node]; i < tree.start[node + 1]; i++) {
      const callee = tree.callees[i];
      if (widest === node || tree.width[callee] > tree.width[widest]) widest = callee;
    }
    return widest;
  }

  // The next frame of the same depth in what is zoomed to, whoever calls it.
  neighbour(step) {
    const {tree, focused, zoomed} = this;
    const wanted = tree.depth[focused];
    let best = focused;
    const isBeyond = (node) => (tree.left[node] - tree.left[focused]) * step > 0;
    if (wanted <= tree.depth[zoomed]) return best;
    tree.walk((node) => {
      // On the way to what is zoomed to, or in it.
      if (tree.depth[node] === tree.depth[zoomed] && node !== zoomed) return false;
      if (tree.depth[node] < wanted) return true;
      if (isBeyond(node) && (best === focused || (tree.left[best] - tree.left[node]) * step > 0)) best = node;
      return false;
    });
    return best;
  }

  focus(node) {
    if (!this.tree) return;
    this.focused = node;
    this.current.setAttribute("aria-level", this.tree.depth[node] + 1);
    this.current.textContent = this.app.describe(this, node);
    this.app.showDetails(this, node);
    const y = this.top(this.tree.depth[node]);
    const {element} = this;
    if (y < element.scrollTop) element.scrollTop = y;
    if (y + ROW > element.scrollTop + this.sight) element.scrollTop = y + ROW - this.sight;
    this.schedule();
  }
}
