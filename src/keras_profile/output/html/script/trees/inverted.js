// @ts-check
// A tree turned around: functions by their own time, below each who called it.

import { duration } from "../words.js";
import { MergedTree } from "./merging.js";

/** @import { Tree } from "./tree.js" */

/**
 * Inverting a tree of more nodes than this, callers that have less than this part of the call
 * are part of what they call: turned around, a tree may have many times its nodes.
 */
const MANY_NODES = 50_000;
const LEAST_CALLER = 1e-4;

/**
 * `tree` turned around. Every moment is counted once, so that it sums to what `tree` does.
 * @param {Tree} tree
 */
export function inverted(tree) {
  const turned = new MergedTree(tree.frame[0], tree.phase[0]);
  const least = tree.size > MANY_NODES ? Math.round(tree.total[0] * LEAST_CALLER) : 0;
  // One path for each node with time of its own: where it begins, how far up it is, and the
  // row of that. All go up together, a step at a time.
  /** @type {number[]} */
  const leaf = [];
  /** @type {number[]} */
  const at = [];
  /** @type {number[]} */
  const row = [];
  for (let node = 0; node < tree.size; node++) {
    if (!tree.self[node]) continue;
    leaf.push(node);
    at.push(node);
    row.push(turned.child(0, tree.frame[node], tree.phase[node]));
  }
  let merged = 0;
  while (leaf.length) {
    const time = new Float64Array(turned.size);
    for (let path = 0; path < leaf.length; path++) time[row[path]] += tree.self[leaf[path]];
    let left = 0;
    for (let path = 0; path < leaf.length; path++) {
      const above = tree.parent[at[path]];
      const its = row[path];
      if (above <= 0 || time[its] < least) {
        if (above > 0) merged++;
        turned.add(its, tree.self[leaf[path]], tree.count[leaf[path]]);
        continue;
      }
      leaf[left] = leaf[path];
      at[left] = above;
      row[left++] = turned.child(its, tree.frame[above], tree.phase[above]);
    }
    leaf.length = at.length = row.length = left;
  }
  const leftOut = merged ? ` Callers below ${duration(least)} a call are merged into their callees.` : "";
  return turned.tree({
    ...tree.about,
    isInverted: true,
    basis: `Inverted: functions by their own time, with their callers below. ${tree.about.basis}` + leftOut,
  });
}
