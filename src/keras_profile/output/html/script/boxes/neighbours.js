// @ts-check
// Which box the arrows lead to.

/** @import { Boxes } from "./boxes.js" */

/** @typedef {"above" | "below" | "left" | "right"} Direction */

/**
 * The box in a direction of another one, or -1; the first where there is none to begin with.
 * @param {Boxes} boxes
 * @param {number} box -1 for none
 * @param {Direction} direction by row 0 on top
 */
export function neighbour(boxes, box, direction) {
  if (box < 0) return direction !== "above" && boxes.count ? 0 : -1;
  if (direction === "below") return below(boxes, box);
  if (direction === "above") return above(boxes, box);
  return beside(boxes, box, direction === "left" ? -1 : 1);
}

/**
 * The longest box below one, or the first of the next lane.
 * @param {Boxes} boxes
 * @param {number} box
 */
function below(boxes, box) {
  const row = boxes.row[box] + 1;
  if (row >= boxes.rowCount) return -1;
  const longest = longestOf(boxes, boxes.between(row, boxes.begin[box], boxes.end[box]));
  return longest >= 0 ? longest : nextLane(boxes, row);
}

/**
 * In time order the row below a lane may be the title of the next one.
 * @param {Boxes} boxes
 * @param {number} row
 */
function nextLane(boxes, row) {
  return boxes.titles.has(row) && row + 1 < boxes.rowCount ? boxes.start[row + 1] : -1;
}

/**
 * The nearest box above one, on whichever lane.
 * @param {Boxes} boxes
 * @param {number} box
 */
function above(boxes, box) {
  for (let row = boxes.row[box] - 1; row >= 0; row--) {
    const found = boxes.at(row, boxes.begin[box]);
    if (found >= 0) return found;
  }
  return -1;
}

/**
 * @param {Boxes} boxes
 * @param {number} box
 * @param {number} step
 */
function beside(boxes, box, step) {
  const row = boxes.row[box];
  const next = box + step;
  return next >= boxes.start[row] && next < boxes.start[row + 1] ? next : -1;
}

/**
 * The longest of some boxes, the first of those that are as long; -1 of none.
 * @param {Boxes} boxes
 * @param {Iterable<number>} some
 */
export function longestOf(boxes, some) {
  let best = -1;
  for (const box of some) if (best < 0 || boxes.length(box) > boxes.length(best)) best = box;
  return best;
}
