// Trees of frames, and what is computed of them. A node's caller has a lower number than the node; node 0 is the root.
// In a tree that is merged from the leaf (isReversed) it is the other way round: what is called stands before who calls it.

class Tree {
  // own: what the stacks that end in a node sum to; ownWidth: the same of magnitudes.
  constructor(parent, frame, inlining, own, ownWidth) {
    const count = parent.length;
    Object.assign(this, {count, parent, frame, inlining, own, isReversed: false});
    this.value = Float64Array.from(own);
    this.width = ownWidth === own ? this.value : Float64Array.from(ownWidth);
    this.depth = new Uint32Array(count);
    // How many levels there are below a node.
    this.height = new Uint32Array(count);
    const start = new Uint32Array(count + 1);
    for (let i = count - 1; i > 0; i--) {
      const up = parent[i];
      this.value[up] += this.value[i];
      if (this.width !== this.value) this.width[up] += this.width[i];
    }
    for (let i = 1; i < count; i++) {
      this.depth[i] = this.depth[parent[i]] + 1;
      if (this.width[i] > 0) start[parent[i] + 1] += 1;
    }
    for (let i = count - 1; i > 0; i--) {
      if (this.width[i] > 0) this.height[parent[i]] = Math.max(this.height[parent[i]], this.height[i] + 1);
    }
    // Callees with a width, of node i: callees[start[i]] up to callees[start[i + 1]].
    for (let i = 0; i < count; i++) start[i + 1] += start[i];
    this.start = start;
    this.callees = new Uint32Array(start[count]);
    // Where a node begins: what ends in its caller comes first.
    this.left = new Float64Array(count);
    const next = start.slice();
    const cursor = new Float64Array(count);
    cursor[0] = ownWidth[0];
    for (let i = 1; i < count; i++) {
      if (this.width[i] <= 0) continue;
      const up = parent[i];
      this.callees[next[up]++] = i;
      this.left[i] = cursor[up];
      cursor[up] += this.width[i];
      cursor[i] = this.left[i] + ownWidth[i];
    }
  }

  get total() { return this.width[0]; }

  // Visits nodes with a width depth first. `enter` answers whether to go on below.
  walk(enter, leave = () => {}) {
    const pending = [0];
    while (pending.length > 0) {
      const at = pending.pop();
      if (at < 0) {
        leave(-at - 1);
        continue;
      }
      pending.push(-at - 1);
      if (!enter(at)) continue;
      for (let i = this.start[at + 1] - 1; i >= this.start[at]; i--) pending.push(this.callees[i]);
    }
  }

  // The share of what matches, with all that it calls; and how many nodes match.
  matched(isMatch) {
    let sum = 0;
    let count = 0;
    this.walk((node) => {
      if (node === 0 || !isMatch[this.frame[node]]) return true;
      sum += this.width[node];
      count += 1;
      return false;
    });
    return {sum, count};
  }

  // For each frame what ends in it, and the stacks that it is in, each once.
  functions(frameCount) {
    const flat = new Float64Array(frameCount + 1);
    const cum = new Float64Array(frameCount + 1);
    const open = new Uint32Array(frameCount + 1);
    this.walk((node) => {
      const frame = this.frame[node];
      // The root's own are samples without a stack.
      if (!this.isReversed || node === 0) flat[frame] += this.own[node];
      else if (this.depth[node] === 1) flat[frame] += this.value[node];
      if (open[frame] === 0) cum[frame] += this.value[node];
      open[frame] += 1;
      return true;
    }, (node) => { open[this.frame[node]] -= 1; });
    return {flat, cum};
  }

  // The outermost nodes of a frame.
  outermost(frame) {
    const found = [];
    this.walk((node) => {
      if (this.frame[node] !== frame) return true;
      found.push(node);
      return false;
    });
    return found;
  }

  // Where stacks are split into what calls a frame and what it calls: at its outermost node. In a tree that is merged from
  // the leaf that is the last one of a stack, and of a node only those stacks count which have no other one behind it.
  splits(frame) {
    if (!this.isReversed) {
      return this.outermost(frame).map((node) => ({node, value: this.value[node], width: this.width[node]}));
    }
    const found = [];
    const open = [];
    this.walk((node) => {
      if (this.frame[node] !== frame) return true;
      const outer = open[open.length - 1];
      if (outer) {
        outer.value -= this.value[node];
        outer.width -= this.width[node];
      }
      const split = {node, value: this.value[node], width: this.width[node]};
      found.push(split);
      open.push(split);
      return true;
    }, (node) => { if (this.frame[node] === frame) open.pop(); });
    return found;
  }

  // One tree of all that a frame calls, and one of all that call it, those nearest to it next to the root.
  calleesOf(frame) { return this.isReversed ? this.above(frame) : this.below(frame); }
  callersOf(frame) { return this.isReversed ? this.below(frame) : this.above(frame); }

  below(frame) {
    const merged = new TreeBuilder(frame);
    for (const {node: top} of this.splits(frame)) {
      const pending = [[top, 0]];
      while (pending.length > 0) {
        const [node, target] = pending.pop();
        const width = this.width[node];
        merged.add(target, this.own[node], width - this.calledWidth(node));
        for (let i = this.start[node]; i < this.start[node + 1]; i++) {
          const callee = this.callees[i];
          if (this.isReversed && this.frame[callee] === frame) continue;
          pending.push([callee, merged.node(target, this.frame[callee], this.inlining[callee])]);
        }
      }
    }
    return merged.tree();
  }

  above(frame) {
    const merged = new TreeBuilder(frame);
    for (const {node: top, value, width} of this.splits(frame)) {
      let target = 0;
      for (let node = top; this.parent[node] !== 0; ) {
        node = this.parent[node];
        target = merged.node(target, this.frame[node], this.inlining[node]);
      }
      merged.add(target, value, width);
    }
    return merged.tree();
  }

  calledWidth(node) {
    let sum = 0;
    for (let i = this.start[node]; i < this.start[node + 1]; i++) sum += this.width[this.callees[i]];
    return sum;
  }
}

// Makes a tree node by node, each path once.
class TreeBuilder {
  constructor(frame) {
    this.parents = [0];
    this.frames = [frame];
    this.inlined = [0];
    this.own = [0];
    this.ownWidth = [0];
    this.callees = [new Map()];
  }

  node(parent, frame, inlining) {
    const known = this.callees[parent].get(frame);
    if (known !== undefined) {
      if (this.inlined[known] !== inlining) this.inlined[known] = 1;
      return known;
    }
    const number = this.parents.length;
    this.callees[parent].set(frame, number);
    this.parents.push(parent);
    this.frames.push(frame);
    this.inlined.push(inlining);
    this.own.push(0);
    this.ownWidth.push(0);
    this.callees.push(new Map());
    return number;
  }

  add(node, value, width) {
    this.own[node] += value;
    this.ownWidth[node] += width;
  }

  tree() {
    const own = Float64Array.from(this.own);
    return new Tree(
      Uint32Array.from(this.parents), Uint32Array.from(this.frames), Uint8Array.from(this.inlined), own,
      Float64Array.from(this.ownWidth));
  }
}

// The tree of one sample type, of the samples with one label or of all (label < 0).
function treeOf(data, type, label) {
  const {nodes, entries, sets} = data;
  const isTaken = sets.map((set) => label < 0 || set.includes(label));
  const own = new Float64Array(nodes.parent.length);
  const width = new Float64Array(nodes.parent.length);
  let isDifference = false;
  const values = entries.values[type];
  for (let i = 0; i < values.length; i++) {
    if (!isTaken[entries.set[i]]) continue;
    own[entries.node[i]] += values[i];
    width[entries.node[i]] += Math.abs(values[i]);
    if (values[i] < 0) isDifference = true;
  }
  const tree = new Tree(nodes.parent, nodes.frame, nodes.inlining, own, isDifference ? width : own);
  tree.isDifference = isDifference;
  tree.isReversed = data.facts.reversed;
  return tree;
}
