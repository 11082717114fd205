// @ts-check
// What each function of a tree has in all.

import { PHASES } from "./merging.js";

/** @import { Frames } from "../frames.js" */
/** @import { Tree } from "./tree.js" */

/**
 * Self and total time, count and phase of each frame, recursion counted once. The phase is the
 * one that has most of its time, -1 where the tree does not have the frame.
 * @param {Tree} tree
 * @param {number} frameCount
 */
export function functionTotals(tree, frameCount) {
  const self = new Float64Array(frameCount);
  const total = new Float64Array(frameCount);
  const counts = new Float64Array(frameCount);
  /** @type {Map<number, number>} */
  const phases = new Map();
  const open = new Int32Array(frameCount);
  const { first, next } = tree.links();
  // A node is put back, as its complement, below its children: it is left once they are done.
  const stack = [0];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
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
    const key = frame * PHASES + tree.phase[node];
    phases.set(key, (phases.get(key) ?? 0) + tree.self[node] + 1e-9 * tree.total[node]);
    open[frame]++;
    stack.push(~node);
    for (let child = first[node]; child >= 0; child = next[child]) stack.push(child);
  }
  const phase = new Int8Array(frameCount).fill(-1);
  const best = new Float64Array(frameCount).fill(-1);
  for (const [key, time] of phases) {
    const frame = Math.floor(key / PHASES);
    if (time > best[frame]) {
      best[frame] = time;
      phase[frame] = key % PHASES;
    }
  }
  return { self, total, counts, phase };
}

/**
 * The function of most own time, or -1.
 * @param {Tree} tree
 * @param {Frames} frames
 */
export function mostOwnTimeInTree(tree, frames) {
  const { self } = functionTotals(tree, frames.count);
  let best = -1;
  for (let frame = 0; frame < frames.count; frame++) {
    if (!frames.isPart(frame) && self[frame] > (best < 0 ? 0 : self[best])) best = frame;
  }
  return best;
}
