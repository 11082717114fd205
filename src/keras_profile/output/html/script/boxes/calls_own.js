// @ts-check
// The call's own time in a part of it: what none of its internals has.

import { callingRows } from "./lanes.js";

/** @import { Boxes } from "./boxes.js" */

/**
 * Numbers of the phases that the rules for a call's own time name.
 * @typedef {{ teardown: number, collection: number }} OwnPhases
 */

/**
 * Adds the call's own time between two places to that of its phases, by the rules of the
 * report's partition: before its first internal it is that one's phase, after the last one
 * teardown; collections and destructors are neither.
 * @param {Float64Array} phases
 * @param {Boxes} boxes
 * @param {number} from
 * @param {number} to
 * @param {OwnPhases} named
 */
export function addCallsOwn(phases, boxes, from, to, { teardown, collection }) {
  const [begin, end] = callingRows(boxes) > 1 ? [boxes.start[1], boxes.start[2]] : [0, 0];
  let first = -1;
  let last = -1;
  for (let box = begin; box < end; box++) {
    if ([teardown, collection].includes(boxes.phase[box])) continue;
    if (first < 0) first = box;
    last = box;
  }
  let at = boxes.begin[0];
  for (let box = begin; box <= end; box++) {
    const until = box < end ? boxes.begin[box] : boxes.end[0];
    const time = Math.min(until, to) - Math.max(at, from);
    let phase = boxes.phase[0];
    if (first >= 0 && until <= boxes.begin[first]) phase = boxes.phase[first];
    else if (first >= 0 && at >= boxes.end[last]) phase = teardown;
    if (time > 0) phases[phase] += time;
    if (box < end) at = boxes.end[box];
  }
}
