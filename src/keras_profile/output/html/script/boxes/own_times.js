// @ts-check
// What the calling thread did in a part of a call: own times by phase and by frame.

import { callingRows } from "./lanes.js";

/** @import { Column } from "../content.d.ts" */
/** @import { Boxes } from "./boxes.js" */

/**
 * The stretches of a call's own time, which none of its internals has, and their phases.
 * @typedef {{ begin: Column, end: Column, phase: Column }} Stretches
 */

/**
 * @param {Boxes} boxes
 * @param {Stretches} own
 * @param {number} from
 * @param {number} to
 * @param {number} phaseCount
 */
export function ownTimes(boxes, own, from, to, phaseCount) {
  const phases = new Float64Array(phaseCount);
  /** @type {Map<number, number>} */
  const frames = new Map();
  const add = (/** @type {number} */ box, /** @type {number} */ time) => {
    phases[boxes.phase[box]] += time;
    frames.set(boxes.frame[box], (frames.get(boxes.frame[box]) ?? 0) + time);
  };
  for (let at = 0; at < own.begin.length; at++) {
    const time = Math.min(own.end[at], to) - Math.max(own.begin[at], from);
    if (time > 0) phases[own.phase[at]] += time;
  }
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
