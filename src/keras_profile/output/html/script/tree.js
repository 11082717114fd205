// Merged call trees: totals, hiding of noise, callers and callees of a frame.

/** A tree as columns; parents come before children, row 0 is the call. */
class Tree {
  constructor(columns, about = {}) {
    Object.assign(this, columns);
    Object.assign(this, about);
    this.size = this.frame.length;
    this.total = Float64Array.from(this.self);
    this.countTotal = Float64Array.from(this.count);
    for (let node = this.size - 1; node > 0; node--) {
      this.total[this.parent[node]] += this.total[node];
      if (this.countsSamples) this.countTotal[this.parent[node]] += this.countTotal[node];
    }
  }

  static read(content, raw) {
    const above = content.column(raw.above);
    const parent = new Int32Array(above.length);
    for (let node = 0; node < above.length; node++) parent[node] = node - above[node];
    return new Tree(
      { frame: content.column(raw.frame), parent, phase: content.column(raw.phase), self: content.column(raw.self),
        count: content.column(raw.count) },
      { name: raw.name, basis: printable(raw.basis), countsSamples: raw.countsSamples, folded: raw.folded,
        foldedBelow: raw.foldedBelow });
  }

  /** What is said of a tree that is made of this one. */
  about() {
    const { name, basis, countsSamples, folded, foldedBelow } = this;
    return { name, basis, countsSamples, folded, foldedBelow };
  }

  /** Children of each node as linked lists, the greatest first. */
  links() {
    if (this.first) return this;
    // A number for each node that sorts by time, then by place: sorting numbers needs no
    // function, which a million nodes would feel.
    const keys = new Float64Array(this.size);
    const fineness = 2 ** 30 / (this.total[0] || 1), places = 2 ** 22;
    for (let node = 0; node < this.size; node++) keys[node] = Math.round(this.total[node] * fineness) * places + (places - 1 - node);
    keys.sort();
    this.first = new Int32Array(this.size).fill(-1);
    this.next = new Int32Array(this.size).fill(-1);
    for (let at = 0; at < this.size; at++) {
      const node = places - 1 - keys[at] % places;
      const above = this.parent[node];
      if (above < 0) continue;
      this.next[node] = this.first[above];
      this.first[above] = node;
    }
    return this;
  }

  children(node) {
    this.links();
    const found = [];
    for (let child = this.first[node]; child >= 0; child = this.next[child]) found.push(child);
    return found;
  }

  /** From the call down to `node`. */
  path(node) {
    const found = [];
    for (let at = node; at >= 0; at = this.parent[at]) found.push(at);
    return found.reverse();
  }

  /** Own times of `node` and all below it, by phase. */
  phaseTimes(node, phases) {
    const times = new Float64Array(phases);
    this.links();
    const stack = [node];
    while (stack.length) {
      const at = stack.pop();
      times[this.phase[at]] += this.self[at];
      for (let child = this.first[at]; child >= 0; child = this.next[child]) stack.push(child);
    }
    return times;
  }

  /** Time and nodes of the frames that `matches` has, the outermost alone, so that nothing counts twice. */
  matching(matches) {
    const inside = new Uint8Array(this.size);
    let nodes = 0, time = 0;
    for (let node = 0; node < this.size; node++) {
      const above = node ? inside[this.parent[node]] : 0;
      const hit = matches[this.frame[node]];
      if (hit) nodes++;
      if (hit && !above) time += this.total[node];
      inside[node] = above || hit;
    }
    return { nodes, time };
  }
}

/**
 * `tree` without noise: a wrapper or library function is made part of its caller, unless it
 * is of another phase. Times stay what they are.
 */
function withoutNoise(tree, frames) {
  // Which node each one becomes part of, itself where it is shown; and which shown nodes take
  // in children of hidden ones, for among those some may be of one frame and become one.
  const shownBy = new Int32Array(tree.size);
  const takesIn = new Uint8Array(tree.size);
  let hidden = 0;
  for (let node = 1; node < tree.size; node++) {
    const above = shownBy[tree.parent[node]];
    const isHidden = frames.isNoise(tree.frame[node]) && (above === 0 ? !tree.self[node] : tree.phase[above] === tree.phase[node]);
    shownBy[node] = isHidden ? above : node;
    if (isHidden) { takesIn[above] = 1; hidden++; }
  }
  if (!hidden) return tree;
  const most = tree.size - hidden;
  const frame = new Uint32Array(most), parent = new Int32Array(most), phase = new Uint8Array(most);
  const self = new Float64Array(most), counts = new Float64Array(most);
  const row = new Int32Array(tree.size);
  const known = new Map();
  let size = 0;
  for (let node = 0; node < tree.size; node++) {
    const isShown = shownBy[node] === node;
    if (isShown) {
      const above = node ? shownBy[tree.parent[node]] : -1;
      // Below a node that took something in, all are looked up: it may have become one with others.
      const isMerging = node > 0 && takesIn[above];
      if (isMerging) takesIn[node] = 1;
      const key = isMerging ? (row[above] * 0x400000 + tree.frame[node]) * 32 + tree.phase[node] : 0;
      let at = isMerging ? known.get(key) : undefined;
      if (at === undefined) {
        at = size++;
        if (isMerging) known.set(key, at);
        frame[at] = tree.frame[node];
        parent[at] = node ? row[above] : -1;
        phase[at] = tree.phase[node];
      }
      row[node] = at;
    } else {
      row[node] = row[shownBy[node]];
    }
    self[row[node]] += tree.self[node];
    if (tree.countsSamples || isShown) counts[row[node]] += tree.count[node];
  }
  return new Tree(
    { frame: frame.slice(0, size), parent: parent.slice(0, size), phase: phase.slice(0, size), self: self.slice(0, size),
      count: counts.slice(0, size) }, tree.about());
}

function treeOfRows(rows, tree) {
  return new Tree(
    { frame: Uint32Array.from(rows.frame), parent: Int32Array.from(rows.parent), phase: Uint8Array.from(rows.phase),
      self: Float64Array.from(rows.self), count: Float64Array.from(rows.count) }, tree.about());
}

/** Everything below a frame, wherever it was called: one tree whose row 0 is the frame. */
function calleesOf(tree, frame) {
  const rows = { frame: [frame], parent: [-1], phase: [0], self: [0], count: [0] };
  const goesTo = new Int32Array(tree.size).fill(-1);
  const known = new Map();
  const times = new Float64Array(64);
  for (let node = 0; node < tree.size; node++) {
    const above = node ? goesTo[tree.parent[node]] : -1;
    if (above < 0) {
      if (tree.frame[node] !== frame) continue;
      goesTo[node] = 0;
      times[tree.phase[node]] += tree.total[node];
    } else {
      goesTo[node] = childOf(rows, known, above, tree.frame[node], tree.phase[node]);
    }
    rows.self[goesTo[node]] += tree.self[node];
    rows.count[goesTo[node]] += tree.count[node];
  }
  rows.phase[0] = times.indexOf(Math.max(...times));
  return treeOfRows(rows, tree);
}

/** The paths to a frame turned around: row 0 is the frame, below it who called it. */
function callersOf(tree, frame) {
  const rows = { frame: [frame], parent: [-1], phase: [0], self: [0], count: [0] };
  const known = new Map();
  const inside = new Uint8Array(tree.size);
  const times = new Float64Array(64);
  for (let node = 0; node < tree.size; node++) {
    const above = node ? inside[tree.parent[node]] : 0;
    const isIt = tree.frame[node] === frame;
    inside[node] = above || isIt ? 1 : 0;
    if (!isIt || above) continue;
    times[tree.phase[node]] += tree.total[node];
    let at = 0;
    for (let caller = tree.parent[node]; caller >= 0; caller = tree.parent[caller]) {
      at = childOf(rows, known, at, tree.frame[caller], tree.phase[caller]);
    }
    rows.self[at] += tree.total[node];
    rows.count[at] += tree.countsSamples ? tree.countTotal[node] : tree.count[node];
  }
  rows.phase[0] = times.indexOf(Math.max(...times));
  return treeOfRows(rows, tree);
}

/**
 * Inverting a tree of more nodes than this, callers that have less than this part of the call
 * are part of what they call: turned around, a tree may have many times its nodes.
 */
const MANY_NODES = 50_000, LEAST_CALLER = 1e-4;

/**
 * The tree turned around: functions by their own time, below each who called it. Every
 * moment is counted once, so that it sums to what `tree` does.
 */
function inverted(tree) {
  const rows = { frame: [tree.frame[0]], parent: [-1], phase: [tree.phase[0]], self: [0], count: [0] };
  const known = new Map();
  const least = tree.size > MANY_NODES ? Math.round(tree.total[0] * LEAST_CALLER) : 0;
  // One path for each node with time of its own: where it begins, how far up it is, and the
  // row of that. All go up together, a step at a time.
  const leaf = [], at = [], row = [];
  for (let node = 0; node < tree.size; node++) {
    if (!tree.self[node]) continue;
    leaf.push(node);
    at.push(node);
    row.push(childOf(rows, known, 0, tree.frame[node], tree.phase[node]));
  }
  let merged = 0;
  while (leaf.length) {
    const time = new Float64Array(rows.frame.length);
    for (let path = 0; path < leaf.length; path++) time[row[path]] += tree.self[leaf[path]];
    let left = 0;
    for (let path = 0; path < leaf.length; path++) {
      const above = tree.parent[at[path]], its = row[path];
      if (above <= 0 || time[its] < least) {
        if (above > 0) merged++;
        rows.self[its] += tree.self[leaf[path]];
        rows.count[its] += tree.count[leaf[path]];
        continue;
      }
      leaf[left] = leaf[path];
      at[left] = above;
      row[left++] = childOf(rows, known, its, tree.frame[above], tree.phase[above]);
    }
    leaf.length = at.length = row.length = left;
  }
  const turned = treeOfRows(rows, tree);
  turned.isInverted = true;
  turned.basis = `Inverted: functions by their own time, below each who called it. ${tree.basis}`
    + (merged ? ` Callers of less than ${duration(least)} a call are part of what they call.` : "");
  return turned;
}

function childOf(rows, known, above, frame, phase) {
  const key = (above * 0x400000 + frame) * 32 + phase;
  let child = known.get(key);
  if (child === undefined) {
    child = rows.frame.length;
    known.set(key, child);
    rows.frame.push(frame);
    rows.parent.push(above);
    rows.phase.push(phase);
    rows.self.push(0);
    rows.count.push(0);
  }
  return child;
}

/** What each function has in all: self and total, recursion counted once. */
function functionTotals(tree, frameCount) {
  const self = new Float64Array(frameCount), total = new Float64Array(frameCount), counts = new Float64Array(frameCount);
  const phases = new Map();
  const open = new Int32Array(frameCount);
  tree.links();
  const stack = [0];
  while (stack.length) {
    const node = stack.pop();
    if (node < 0) {
      open[tree.frame[~node]]--;
      continue;
    }
    const frame = tree.frame[node];
    self[frame] += tree.self[node];
    if (!open[frame]) {
      total[frame] += tree.total[node];
      counts[frame] += tree.countsSamples ? tree.countTotal[node] : tree.count[node];
    }
    const key = frame * 32 + tree.phase[node];
    phases.set(key, (phases.get(key) ?? 0) + tree.self[node] + 1e-9 * tree.total[node]);
    open[frame]++;
    stack.push(~node);
    for (let child = tree.first[node]; child >= 0; child = tree.next[child]) stack.push(child);
  }
  const phase = new Int8Array(frameCount).fill(-1), best = new Float64Array(frameCount).fill(-1);
  for (const [key, time] of phases) {
    const frame = Math.floor(key / 32);
    if (time > best[frame]) { best[frame] = time; phase[frame] = key % 32; }
  }
  return { self, total, counts, phase };
}
