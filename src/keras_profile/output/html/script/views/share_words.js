// @ts-check
// How a time of a tree is put into words.

import { milliseconds, percent } from "../words.js";

/** @import { Tree } from "../trees/tree.js" */

/**
 * A time and which share of the call it is; estimates of samples are marked.
 * @param {Pick<Tree, "countsSamples" | "total">} tree
 * @param {number} time
 */
export function shareWords(tree, time) {
  const about = tree.countsSamples ? "≈ " : "";
  return `${about}${milliseconds(time)} ms a call, ${percent(time / (tree.total[0] || 1))}`;
}
