// @ts-check
// A tree without wrappers and library functions, which become part of who called them.

import { childKey } from "./merging.js";
import { Tree } from "./tree.js";

/**
 * `tree` without noise: a wrapper or library function is made part of its caller, unless it
 * is of another phase. Times stay what they are.
 * @param {Tree} tree
 * @param {{ isNoise(frame: number): boolean }} frames
 */
export function withoutNoise(tree, frames) {
  // Which node each one becomes part of, itself where it is shown; and which shown nodes take
  // in children of hidden ones, for among those some may be of one frame and become one.
  const shownBy = new Int32Array(tree.size);
  const takesIn = new Uint8Array(tree.size);
  let hidden = 0;
  for (let node = 1; node < tree.size; node++) {
    const above = shownBy[tree.parent[node]];
    const isHidden =
      frames.isNoise(tree.frame[node]) &&
      (above === 0 ? !tree.self[node] : tree.phase[above] === tree.phase[node]);
    shownBy[node] = isHidden ? above : node;
    if (isHidden) {
      takesIn[above] = 1;
      hidden++;
    }
  }
  if (!hidden) return tree;
  const most = tree.size - hidden;
  const frame = new Uint32Array(most);
  const parent = new Int32Array(most);
  const phase = new Uint8Array(most);
  const self = new Float64Array(most);
  const counts = new Float64Array(most);
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
      const key = isMerging ? childKey(row[above], tree.frame[node], tree.phase[node]) : 0;
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
    {
      frame: frame.slice(0, size),
      parent: parent.slice(0, size),
      phase: phase.slice(0, size),
      self: self.slice(0, size),
      count: counts.slice(0, size),
    },
    tree.about,
  );
}
