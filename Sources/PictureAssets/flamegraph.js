// A flame graph's zoom, search and keyboard. Without this script the picture is whole, only still.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const HTML = "http://www.w3.org/1999/xhtml";
  const MARGIN = 10;
  const ROW = 18;
  const LETTER = 6.63;
  // Narrower frames would be all dashes.
  const DASHED = 12;

  const svg = document.documentElement;
  const number = (element, name) => Number(element.getAttribute(name));
  const pictureWidth = number(svg, "width");
  const room = pictureWidth - 2 * MARGIN;
  const top = number(svg, "data-top");
  const bottom = number(svg, "data-bottom");
  const details = document.getElementById("details");
  const hint = Array.from(details.childNodes);
  const detailLines = number(svg, "data-lines");
  let inverted = svg.hasAttribute("data-inverted");

  // The frames in depth-first order, each before what it calls.
  const frames = Array.from(document.getElementById("frames").children, (element, index) => {
    const title = element.querySelector("title").textContent;
    const end = title.indexOf("\n");
    return {
      element, index, title, name: title.slice(0, end).replace(/ \((partial-)?inline\)$/, ""),
      rect: element.querySelector("rect"), text: element.querySelector("text"),
      start: number(element, "data-x"), width: number(element, "data-w"), level: number(element, "aria-level"),
      isInline: element.classList.contains("inline"), isMatch: false,
    };
  });
  const root = frames[0];
  // What shares are of: more than the root where filters left something out.
  const whole = number(svg, "data-basis") || root.width;
  let zoomed = root;
  let current = root;

  // Places.

  function place(frame) {
    const first = (frame.start - zoomed.start) / zoomed.width * room;
    const last = first + frame.width / zoomed.width * room;
    const isShown = zoomed === root || (last > 0.001 && first < room - 0.001);
    frame.element.style.display = isShown ? "" : "none";
    if (!isShown) return;
    const x = Math.max(0, first);
    const width = Math.min(room, last) - x;
    const row = frame.level - 1;
    const y = inverted ? top + row * ROW : bottom - (row + 1) * ROW;
    frame.rect.setAttribute("x", (MARGIN + x).toFixed(3));
    frame.rect.setAttribute("width", width.toFixed(3));
    frame.rect.setAttribute("y", y);
    frame.element.classList.toggle("outer", frame.level < zoomed.level);
    frame.element.classList.toggle("dashed", frame.isInline && width >= DASHED);
    const label = fitLabel(frame.name, Math.floor((width - 6) / LETTER));
    if (!frame.text && label) {
      frame.text = document.createElementNS(SVG, "text");
      frame.element.append(frame.text);
    }
    if (!frame.text) return;
    frame.text.textContent = label;
    frame.text.setAttribute("x", (MARGIN + x + 3).toFixed(3));
    frame.text.setAttribute("y", y + 13);
  }

  function zoom(frame) {
    if (frame.width === 0) return;
    zoomed = frame;
    frames.forEach(place);
    reset.style.display = frame === root ? "none" : "";
  }

  function turn() {
    inverted = !inverted;
    turnOver.querySelector("text").textContent = inverted ? "Flame graph" : "Icicle";
    frames.forEach(place);
    showRoot();
  }

  // Of a picture higher than the window, the end where the root is. Not on loading: a page begins with its title.
  function showRoot() {
    const height = window.innerHeight;
    if (!inverted && bottom > height) window.scrollTo(0, bottom + 60 - height);
    if (inverted) window.scrollTo(0, 0);
  }

  // Search.

  function search(term) {
    const matches = matcherOf(term);
    let sum = 0;
    let count = 0;
    let inside = 0;
    for (const frame of frames) {
      frame.isMatch = frame !== root && matches(frame.name);
      frame.element.classList.toggle("match", frame.isMatch);
      if (frame.isMatch) count += 1;
      // What a match calls is counted with it.
      if (inside && frame.level <= inside) inside = 0;
      if (frame.isMatch && !inside) {
        inside = frame.level;
        sum += frame.width;
      }
    }
    const share = whole ? 100 * sum / whole : 0;
    matched.textContent = term ? `${count} matched: ${share.toFixed(2)}%` : "";
  }

  // Controls, which only a script can serve.

  const right = pictureWidth - MARGIN;
  const controlsTop = number(svg, "data-controls");
  // A narrow picture has the buttons below the search box.
  const isNarrow = pictureWidth < 400;
  const buttonsTop = controlsTop + (isNarrow ? 32 : 0);
  const buttonWidth = Math.min(90, (room - 8) / 2);

  function button(label, x, action) {
    const group = document.createElementNS(SVG, "g");
    group.setAttribute("class", "button");
    group.setAttribute("role", "button");
    group.setAttribute("tabindex", "0");
    const rect = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries({x, y: buttonsTop, width: buttonWidth, height: 24, rx: 4})) {
      rect.setAttribute(name, value);
    }
    const text = document.createElementNS(SVG, "text");
    text.setAttribute("x", x + buttonWidth / 2);
    text.setAttribute("y", buttonsTop + 16);
    text.textContent = label;
    group.append(rect, text);
    group.addEventListener("click", action);
    group.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      action();
    });
    controls.append(group);
    return group;
  }

  const controls = document.getElementById("controls");
  const boxWidth = isNarrow ? room : 184;
  const buttonsRight = isNarrow ? right : right - boxWidth - 8;
  const reset = button("Reset zoom", buttonsRight - 2 * buttonWidth - 8, () => zoom(root));
  reset.style.display = "none";
  const turnOver = button(inverted ? "Flame graph" : "Icicle", buttonsRight - buttonWidth, turn);
  const holder = document.createElementNS(SVG, "foreignObject");
  const boxPlace = {x: right - boxWidth, y: controlsTop, width: boxWidth, height: 24};
  for (const [name, value] of Object.entries(boxPlace)) holder.setAttribute(name, value);
  const box = document.createElementNS(HTML, "input");
  box.id = "search";
  box.type = "search";
  box.placeholder = "Search (Ctrl-F)";
  box.setAttribute("aria-label", "Search functions, by regular expression");
  holder.append(box);
  controls.append(holder);
  const matched = document.createElementNS(SVG, "text");
  matched.id = "matched";
  matched.setAttribute("x", right);
  matched.setAttribute("y", buttonsTop + 40);
  matched.setAttribute("role", "status");
  controls.append(matched);
  box.addEventListener("input", () => search(box.value));

  // Pointer and keyboard. The frames are one stop of the Tab key; arrows lead from one to the next.

  const frameOf = (target) => {
    const element = target.closest ? target.closest("[role=treeitem]") : null;
    return element ? byElement.get(element) : undefined;
  };
  const byElement = new Map(frames.map((frame) => [frame.element, frame]));

  // Letters of 12 pixels: a guess, as the lines of the notes are.
  const sentence = Math.floor(room / 6.8);

  // In one line, or in several ones: then the name has the first, and what it sums to the others.
  function show(frame) {
    if (!frame) {
      details.replaceChildren(...hint);
      return;
    }
    const end = frame.title.indexOf("\n");
    const [name, figures] = [frame.title.slice(0, end), frame.title.slice(end + 1)];
    if (detailLines === 1) {
      details.textContent = `${fitLabel(name, Math.max(20, sentence - figures.length - 3))} — ${figures}`;
      return;
    }
    const lines = [fitLabel(name, sentence), ""];
    for (const word of figures.split(" ")) {
      const line = lines[lines.length - 1];
      if (line && lines.length < detailLines && line.length + 1 + word.length > sentence) lines.push(word);
      else lines[lines.length - 1] = line ? `${line} ${word}` : word;
    }
    details.replaceChildren(...lines.flatMap((line, index) => {
      const span = document.createElementNS(SVG, "tspan");
      span.setAttribute("x", MARGIN);
      span.setAttribute("y", number(details, "y") + 17 * index);
      span.textContent = line;
      return [span, " "];
    }));
  }

  function focus(frame) {
    if (!frame) return;
    current.element.setAttribute("tabindex", "-1");
    current = frame;
    frame.element.setAttribute("tabindex", "0");
    frame.element.focus();
  }

  const isVisible = (frame) => frame.element.style.display !== "none";
  const parent = (frame) => {
    for (let i = frame.index - 1; i >= 0; i--) if (frames[i].level < frame.level) return frames[i];
    return undefined;
  };
  const firstCallee = (frame) => {
    for (let i = frame.index + 1; i < frames.length && frames[i].level > frame.level; i++) {
      if (frames[i].level === frame.level + 1 && isVisible(frames[i])) return frames[i];
    }
    return undefined;
  };
  // The next frame of the same level, whoever calls it.
  const neighbour = (frame, step) => {
    for (let i = frame.index + step; i >= 0 && i < frames.length; i += step) {
      if (frames[i].level === frame.level && isVisible(frames[i])) return frames[i];
    }
    return undefined;
  };

  for (const frame of frames) frame.element.setAttribute("tabindex", frame === root ? "0" : "-1");
  svg.addEventListener("mouseover", (event) => show(frameOf(event.target)));
  svg.addEventListener("focusin", (event) => show(frameOf(event.target)));
  document.getElementById("frames").addEventListener("click", (event) => {
    const frame = frameOf(event.target);
    if (!frame) return;
    zoom(frame);
    focus(frame);
  });

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target === box;
    if (((event.ctrlKey || event.metaKey) && event.key === "f") || (event.key === "/" && !isTyping)) {
      event.preventDefault();
      box.focus();
      box.select();
      return;
    }
    if (event.key === "Escape") {
      if (box.value) {
        box.value = "";
        search("");
      } else {
        zoom(root);
      }
      if (isTyping) focus(current);
      return;
    }
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const frame = frameOf(event.target);
    if (!frame) return;
    const inwards = inverted ? "ArrowDown" : "ArrowUp";
    const outwards = inverted ? "ArrowUp" : "ArrowDown";
    const steps = {
      [inwards]: () => focus(firstCallee(frame)), [outwards]: () => focus(parent(frame)),
      ArrowRight: () => focus(neighbour(frame, 1)), ArrowLeft: () => focus(neighbour(frame, -1)),
      Home: () => focus(root), Enter: () => zoom(frame), " ": () => zoom(frame),
    };
    if (!steps[event.key]) return;
    event.preventDefault();
    steps[event.key]();
  });
})();
