// The functions with their own values and those with all that they call.

const STEP = 200;
// Rows on paper.
const PRINTED = 2000;

class FunctionTable {
  constructor(app, {isNarrow}) {
    this.app = app;
    this.isNarrow = isNarrow;
    this.sort = "flat";
    this.limit = STEP;
    this.body = make("tbody");
    this.more = make("button", {type: "button", class: "more"}, "Show more");
    this.more.addEventListener("click", () => {
      this.limit += STEP;
      this.fill();
    });
    this.others = make("p", {class: "others"});
    this.heads = {
      flat: this.head("Own", "flat"), cum: this.head("With callees", "cum"), name: this.head("Function", "name"),
    };
    const row = make("tr", {});
    row.append(this.heads.flat);
    if (!isNarrow) row.append(make("th", {scope: "col", class: "figure share"}, "Share"));
    row.append(this.heads.cum);
    if (!isNarrow) row.append(make("th", {scope: "col", class: "figure share"}, "Share"));
    row.append(this.heads.name);
    if (!isNarrow) row.append(make("th", {scope: "col", class: "source"}, "Source"));
    this.element = make(
      "div", {class: isNarrow ? "list" : "table"},
      make("table", {class: "functions"}, make("thead", {}, row), this.body), this.others, this.more);
  }

  head(label, key) {
    const button = make("button", {type: "button"}, label);
    button.addEventListener("click", () => {
      this.sort = key;
      this.fill();
    });
    return make("th", {scope: "col", class: key === "name" ? "" : "figure"}, button);
  }

  // flat and cum: for each frame; total: what shares are of.
  set(functions, type, total) {
    Object.assign(this, {functions, type, total});
    this.fill();
  }

  // Frames that have a value and are searched for, in order.
  rows() {
    const {flat, cum} = this.functions;
    const {app} = this;
    const rows = [];
    // Samples without a stack, which are the root's own.
    if (flat[0] !== 0 && !app.term) rows.push(0);
    for (let frame = 1; frame < flat.length; frame++) {
      if ((flat[frame] !== 0 || cum[frame] !== 0) && (!app.term || app.isMatch[frame])) rows.push(frame);
    }
    const name = (frame) => (frame === 0 ? "(no stack)" : app.nameOf(frame));
    const all = (frame) => Math.abs(frame === 0 ? flat[0] : cum[frame]);
    const order = {
      flat: (a, b) => Math.abs(flat[b]) - Math.abs(flat[a]) || all(b) - all(a) || a - b,
      cum: (a, b) => all(b) - all(a) || Math.abs(flat[b]) - Math.abs(flat[a]) || a - b,
      name: (a, b) => (name(a) < name(b) ? -1 : 1),
    };
    return rows.sort(order[this.sort]);
  }

  // Paper has no button for more.
  print(isPrinting) {
    if (isPrinting) this.limitBefore = this.limit;
    this.limit = isPrinting ? Math.max(this.limit, PRINTED) : this.limitBefore ?? this.limit;
    this.fill();
  }

  fill() {
    if (!this.functions) return;
    for (const [key, cell] of Object.entries(this.heads)) {
      if (key === this.sort) cell.setAttribute("aria-sort", key === "name" ? "ascending" : "descending");
      else cell.removeAttribute("aria-sort");
    }
    const rows = this.rows();
    const left = rows.length - this.limit;
    this.more.hidden = left <= 0;
    this.others.hidden = left <= 0;
    this.others.textContent = `and ${left.toLocaleString("en-US")} more ${left === 1 ? "function" : "functions"}`;
    this.body.replaceChildren(...rows.slice(0, this.limit).map((frame) => this.row(frame)));
  }

  row(frame) {
    const {app, type, total, isNarrow} = this;
    const {flat, cum} = this.functions;
    const row = make("tr", {});
    const figures = (value) => {
      row.append(make("td", {class: "figure"}, formatValue(value, type)));
      if (isNarrow) return;
      const share = make("td", {class: "figure share"}, formatShare(value, total));
      share.style.setProperty("--share", `${Math.min(100, 100 * Math.abs(value) / (total || 1)).toFixed(2)}%`);
      row.append(share);
    };
    figures(flat[frame]);
    figures(frame === 0 ? flat[0] : cum[frame]);
    if (frame === 0) {
      row.append(make("td", {class: "name"}, make("div", {}, "(no stack)")));
      if (!isNarrow) row.append(make("td", {class: "source"}));
      return row;
    }
    const name = app.nameOf(frame);
    const isShort = isNarrow || matchMedia("(max-width: 640px)").matches;
    const button = make("button", {type: "button", class: "function"}, isShort ? withoutFolders(name) : name);
    button.title = `${name}: show its callers and callees`;
    button.addEventListener("click", () => app.showFunction(frame));
    const swatch = make("span", {class: "swatch"});
    swatch.style.background = app.colors[frame];
    row.append(make("td", {class: "name"}, make("div", {}, swatch, button)));
    if (!isNarrow) {
      const path = app.sourceOf(frame);
      row.append(make("td", {class: "source", title: path}, path.split("/").slice(-2).join("/")));
    }
    if (frame === app.frame) row.classList.add("chosen");
    return row;
  }
}
