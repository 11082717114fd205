// @ts-check
// Two trees of a frame, wherever it was called: what it calls, and who calls it.

import { MergedTree, PHASES } from "./merging.js";

/** @import { Tree } from "./tree.js" */

/**
 * Everything below a frame, wherever it was called: one tree whose row 0 is the frame.
 * @param {Tree} tree
 * @param {number} frame
 */
export function calleesOf(tree, frame) {
  const merged = new MergedTree(frame, 0);
  const goesTo = new Int32Array(tree.size).fill(-1);
  const times = new Float64Array(PHASES);
  for (let node = 0; node < tree.size; node++) {
    const above = node ? goesTo[tree.parent[node]] : -1;
    if (above < 0) {
      if (tree.frame[node] !== frame) continue;
      goesTo[node] = 0;
      times[tree.phase[node]] += tree.total[node];
    } else {
      goesTo[node] = merged.child(above, tree.frame[node], tree.phase[node]);
    }
    merged.add(goesTo[node], tree.self[node], tree.count[node]);
  }
  merged.phase[0] = greatest(times);
  return merged.tree(tree.about);
}

/**
 * The paths to a frame turned around: row 0 is the frame, below it who called it.
 * @param {Tree} tree
 * @param {number} frame
 */
export function callersOf(tree, frame) {
  const merged = new MergedTree(frame, 0);
  const inside = new Uint8Array(tree.size);
  const times = new Float64Array(PHASES);
  for (let node = 0; node < tree.size; node++) {
    const above = node ? inside[tree.parent[node]] : 0;
    const isIt = tree.frame[node] === frame;
    inside[node] = above || isIt ? 1 : 0;
    if (!isIt || above) continue;
    times[tree.phase[node]] += tree.total[node];
    let at = 0;
    for (let caller = tree.parent[node]; caller >= 0; caller = tree.parent[caller]) {
      at = merged.child(at, tree.frame[caller], tree.phase[caller]);
    }
    merged.add(at, tree.total[node], tree.countsSamples ? tree.countTotal[node] : tree.count[node]);
  }
  merged.phase[0] = greatest(times);
  return merged.tree(tree.about);
}

/** @param {Float64Array} times */
function greatest(times) {
  return times.indexOf(Math.max(...times));
}
