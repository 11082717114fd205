// Boxes to draw: by row, within a row from left to right, so that what is visible is found by halving.

class Boxes {
  /** `rows` is how many rows there are; the columns are sorted by row, then by begin. */
  constructor({ row, begin, end, frame, phase, id, rowCount, titles }) {
    Object.assign(this, { row, begin, end, frame, phase, id, titles: titles ?? new Map() });
    this.rowCount = rowCount;
    this.count = begin.length;
    this.start = new Uint32Array(rowCount + 1);
    for (let box = 0; box < this.count; box++) this.start[row[box] + 1]++;
    for (let at = 0; at < rowCount; at++) this.start[at + 1] += this.start[at];
    this.from = 0;
    this.to = 1;
    for (let box = 0; box < this.count; box++) if (end[box] > this.to || !box) this.to = end[box];
    this.boxOfId = null;
  }

  /** The first box of a row, from `low` on, that ends after `x`. */
  firstEndingAfter(row, x, low = this.start[row]) {
    let high = this.start[row + 1];
    // Mostly it is near: widen before halving.
    let step = 1;
    while (low + step < high && this.end[low + step] <= x) { low += step; step *= 2; }
    high = Math.min(high, low + step + 1);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.end[middle] <= x) low = middle + 1; else high = middle;
    }
    return low;
  }

  /** The box at a place, or -1. */
  at(row, x) {
    if (row < 0 || row >= this.rowCount) return -1;
    const box = this.firstEndingAfter(row, x);
    return box < this.start[row + 1] && this.begin[box] <= x ? box : -1;
  }

  /** The box with an id, or -1. */
  byId(id) {
    if (!this.boxOfId) {
      this.boxOfId = new Map();
      for (let box = 0; box < this.count; box++) this.boxOfId.set(this.id[box], box);
    }
    return this.boxOfId.get(id) ?? -1;
  }
}

/** The boxes of a tree, callees below callers, the greatest to the left. */
function boxesOfTree(tree) {
  tree.links();
  const depth = new Uint16Array(tree.size);
  const begin = new Float64Array(tree.size);
  const preorder = new Uint32Array(tree.size);
  const stack = [0];
  let seen = 0, deepest = 0;
  while (stack.length) {
    const node = stack.pop();
    preorder[seen++] = node;
    let x = begin[node];
    if (depth[node] > deepest) deepest = depth[node];
    const from = stack.length;
    for (let child = tree.first[node]; child >= 0; child = tree.next[child]) {
      depth[child] = depth[node] + 1;
      begin[child] = x;
      x += tree.total[child];
      if (tree.total[child] > 0) stack.push(child);
    }
    // From left to right: the last one that is pushed is the first to be seen.
    for (let low = from, high = stack.length - 1; low < high; low++, high--) {
      const one = stack[low]; stack[low] = stack[high]; stack[high] = one;
    }
  }
  const starts = new Uint32Array(deepest + 2);
  for (let at = 0; at < seen; at++) starts[depth[preorder[at]] + 1]++;
  for (let row = 0; row <= deepest; row++) starts[row + 1] += starts[row];
  const row = new Uint16Array(seen), from = new Float64Array(seen), to = new Float64Array(seen);
  const frame = new Uint32Array(seen), phase = new Uint8Array(seen), id = new Uint32Array(seen);
  for (let at = 0; at < seen; at++) {
    const node = preorder[at];
    const box = starts[depth[node]]++;
    row[box] = depth[node];
    from[box] = begin[node];
    to[box] = begin[node] + tree.total[node];
    frame[box] = tree.frame[node];
    phase[box] = tree.phase[node];
    id[box] = node;
  }
  return new Boxes({ row, begin: from, end: to, frame, phase, id, rowCount: deepest + 1 });
}

/** The boxes of a call in time: one lane below the other, a title above each but the first. */
function boxesOfCall(content, call) {
  const parts = [];
  const titles = new Map();
  let top = 0;
  call.lanes.forEach((lane, number) => {
    const depth = content.column(lane.depth);
    if (number) top += 1;
    titles.set(number ? top - 1 : -1, lane.thread);
    let deepest = 0;
    for (const one of depth) if (one > deepest) deepest = one;
    parts.push({ top, depth, begin: content.column(lane.begin), duration: content.column(lane.duration),
      frame: content.column(lane.frame), phase: content.column(lane.phase) });
    top += deepest + 1;
  });
  let size = 0;
  for (const part of parts) size += part.depth.length;
  const starts = new Uint32Array(top + 1);
  for (const part of parts) for (const one of part.depth) starts[part.top + one + 1]++;
  for (let row = 0; row < top; row++) starts[row + 1] += starts[row];
  const row = new Uint16Array(size), begin = new Float64Array(size), end = new Float64Array(size);
  const frame = new Uint32Array(size), phase = new Uint8Array(size), id = new Uint32Array(size);
  let number = 0;
  for (const part of parts) {
    for (let at = 0; at < part.depth.length; at++, number++) {
      const its = part.top + part.depth[at];
      const box = starts[its]++;
      row[box] = its;
      begin[box] = part.begin[at];
      end[box] = part.begin[at] + part.duration[at];
      frame[box] = part.frame[at];
      phase[box] = part.phase[at];
      id[box] = number;
    }
  }
  const boxes = new Boxes({ row, begin, end, frame, phase, id, rowCount: top, titles });
  boxes.to = Math.max(call.wall, boxes.to);
  boxes.laneTops = parts.map((part) => part.top);
  return boxes;
}
