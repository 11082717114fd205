// @ts-check
// The boxes of a tree, callees below callers, the greatest to the left.

import { Boxes, rowStarts } from "./boxes.js";

/** @import { Tree } from "../trees/tree.js" */

/** @param {Tree} tree */
export function boxesOfTree(tree) {
  const { preorder, depth, begin, deepest } = placed(tree);
  const size = preorder.length;
  const next = rowStarts(
    deepest + 1,
    preorder.map((node) => depth[node]),
  );
  const row = new Uint16Array(size);
  const from = new Float64Array(size);
  const to = new Float64Array(size);
  const frame = new Uint32Array(size);
  const phase = new Uint8Array(size);
  const id = new Uint32Array(size);
  for (const node of preorder) {
    const box = next[depth[node]]++;
    row[box] = depth[node];
    from[box] = begin[node];
    to[box] = begin[node] + tree.total[node];
    frame[box] = tree.frame[node];
    phase[box] = tree.phase[node];
    id[box] = node;
  }
  return new Boxes({ row, begin: from, end: to, frame, phase, id, rowCount: deepest + 1 });
}

/**
 * Where each node lies, and those that have time from left to right, callers before callees.
 * @param {Tree} tree
 */
function placed(tree) {
  const { first, next } = tree.links();
  const depth = new Uint16Array(tree.size);
  const begin = new Float64Array(tree.size);
  const preorder = new Uint32Array(tree.size);
  let seen = 0;
  let deepest = 0;
  const stack = [0];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    preorder[seen++] = node;
    let x = begin[node];
    if (depth[node] > deepest) deepest = depth[node];
    const from = stack.length;
    for (let child = first[node]; child >= 0; child = next[child]) {
      depth[child] = depth[node] + 1;
      begin[child] = x;
      x += tree.total[child];
      if (tree.total[child] > 0) stack.push(child);
    }
    // From left to right: the last one that is pushed is the first to be seen.
    for (let low = from, high = stack.length - 1; low < high; low++, high--) {
      [stack[low], stack[high]] = [stack[high], stack[low]];
    }
  }
  return { preorder: preorder.subarray(0, seen), depth, begin, deepest };
}
