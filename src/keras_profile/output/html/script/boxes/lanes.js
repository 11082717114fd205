// @ts-check
// Boxes of a call in time: which hold which on a thread, and what the calling thread did.

import { longestOf } from "./neighbours.js";

/** @import { Boxes } from "./boxes.js" */

/**
 * Rows of the calling thread: those above the title of the next one.
 * @param {Boxes} boxes
 */
export function callingRows(boxes) {
  return Math.min(boxes.rowCount, ...[...boxes.titles.keys()].filter((row) => row >= 0));
}

/**
 * The number of the lane that a box is on.
 * @param {Boxes} boxes
 * @param {number} box
 */
export function laneOf(boxes, box) {
  return boxes.laneTops.filter((top) => top <= boxes.row[box]).length - 1;
}

/**
 * The boxes directly within one, on the same thread, from left to right.
 * @param {Boxes} boxes
 * @param {number} box
 */
export function heldBy(boxes, box) {
  const row = boxes.row[box] + 1;
  if (row >= boxes.rowCount || boxes.titles.has(row)) return [];
  return boxes.between(row, boxes.begin[box], boxes.end[box]);
}

/**
 * The box that directly holds one, on the same thread, or -1.
 * @param {Boxes} boxes
 * @param {number} box
 */
export function holderOf(boxes, box) {
  const row = boxes.row[box];
  return boxes.titles.has(row - 1) ? -1 : boxes.at(row - 1, boxes.begin[box]);
}

/**
 * The frames of a box and all that hold it, the outermost first.
 * @param {Boxes} boxes
 * @param {number} box
 */
export function stackOf(boxes, box) {
  const frames = [];
  for (let at = box; at >= 0; at = holderOf(boxes, at)) frames.push(boxes.frame[at]);
  return frames.reverse();
}

/**
 * The longest box of a frame between two places on the calling thread, or -1.
 * @param {Boxes} boxes
 * @param {number} frame
 * @param {number} from
 * @param {number} to
 */
export function longestOfFrame(boxes, frame, from, to) {
  const found = [];
  for (let box = 0; box < boxes.start[callingRows(boxes)]; box++) {
    if (boxes.frame[box] === frame && boxes.end[box] > from && boxes.begin[box] < to) found.push(box);
  }
  return longestOf(boxes, found);
}

/**
 * How many boxes, of all threads, are looked for; and the time of the outermost ones of the
 * calling thread, which the call's time is of.
 * @param {Boxes} boxes
 * @param {Uint8Array} matches 1 for each frame that is looked for
 */
export function matchingInTime(boxes, matches) {
  const ends = callingRows(boxes);
  const found = [];
  let nodes = 0;
  for (let box = 0; box < boxes.count; box++) {
    if (!matches[boxes.frame[box]]) continue;
    nodes++;
    if (boxes.row[box] < ends) found.push(box);
  }
  // From left to right, the outer before the inner: what begins within the last one is in it.
  found.sort((a, b) => boxes.begin[a] - boxes.begin[b] || boxes.row[a] - boxes.row[b]);
  let time = 0;
  let last = -Infinity;
  for (const box of found) {
    if (boxes.begin[box] < last) continue;
    time += boxes.length(box);
    last = boxes.end[box];
  }
  return { nodes, time };
}
