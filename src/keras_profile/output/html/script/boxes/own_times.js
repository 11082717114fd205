// @ts-check
// What the calling thread did in a part of a call: own times by phase and by frame.

import { addCallsOwn } from "./calls_own.js";
import { callingRows } from "./lanes.js";

/** @import { Boxes } from "./boxes.js" */
/** @import { OwnPhases } from "./calls_own.js" */

/**
 * @param {Boxes} boxes
 * @param {number} from
 * @param {number} to
 * @param {number} phaseCount
 * @param {OwnPhases} named
 */
export function ownTimes(boxes, from, to, phaseCount, named) {
  const phases = new Float64Array(phaseCount);
  /** @type {Map<number, number>} */
  const frames = new Map();
  const add = (/** @type {number} */ box, /** @type {number} */ time) => {
    phases[boxes.phase[box]] += time;
    frames.set(boxes.frame[box], (frames.get(boxes.frame[box]) ?? 0) + time);
  };
  addCallsOwn(phases, boxes, from, to, named);
  for (let row = 1; row < callingRows(boxes); row++) {
    let above = boxes.firstEndingAfter(row - 1, from);
    for (const box of boxes.between(row, from, to)) {
      const time = Math.min(boxes.end[box], to) - Math.max(boxes.begin[box], from);
      add(box, time);
      if (row === 1) continue;
      // Boxes of both rows run from left to right: what holds this one is the last to begin before it.
      while (above + 1 < boxes.start[row] && boxes.begin[above + 1] <= boxes.begin[box]) above++;
      if (above < boxes.start[row] && boxes.end[above] > from) add(above, -time);
    }
  }
  return { phases, frames };
}
