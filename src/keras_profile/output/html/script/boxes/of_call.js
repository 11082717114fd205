// @ts-check
// The boxes of a call in time: one lane below the other, a title above each but the first.

import { Boxes, rowStarts } from "./boxes.js";

/** @import { CallInTime, Content } from "../content.d.ts" */

/**
 * @param {Pick<Content, "column">} content
 * @param {Pick<CallInTime, "wall" | "lanes">} call
 */
export function boxesOfCall(content, call) {
  const { lanes, titles, rowCount } = stacked(content, call);
  const rows = lanes.flatMap(({ top, depth }) => Array.from(depth, (one) => top + one));
  const next = rowStarts(rowCount, rows);
  const size = rows.length;
  const row = new Uint16Array(size);
  const begin = new Float64Array(size);
  const end = new Float64Array(size);
  const frame = new Uint32Array(size);
  const phase = new Uint8Array(size);
  const id = new Uint32Array(size);
  let number = 0;
  for (const lane of lanes) {
    for (let at = 0; at < lane.depth.length; at++, number++) {
      const box = next[rows[number]]++;
      row[box] = rows[number];
      begin[box] = lane.begin[at];
      end[box] = lane.begin[at] + lane.duration[at];
      frame[box] = lane.frame[at];
      phase[box] = lane.phase[at];
      id[box] = number;
    }
  }
  return new Boxes(
    { row, begin, end, frame, phase, id, rowCount },
    { titles, laneTops: lanes.map((lane) => lane.top), to: call.wall },
  );
}

/**
 * The columns of each lane with the row that it begins at, and the rows of titles.
 * @param {Pick<Content, "column">} content
 * @param {Pick<CallInTime, "lanes">} call
 */
function stacked(content, call) {
  /** @type {Map<number, string>} */
  const titles = new Map();
  let rowCount = 0;
  const lanes = call.lanes.map((lane, number) => {
    const depth = content.column(lane.depth);
    if (number) rowCount += 1;
    // The first lane's title would be above all: it is kept, and not drawn.
    titles.set(number ? rowCount - 1 : -1, lane.thread);
    const top = rowCount;
    let deepest = 0;
    for (const one of depth) if (one > deepest) deepest = one;
    rowCount += deepest + 1;
    return {
      top,
      depth,
      begin: content.column(lane.begin),
      duration: content.column(lane.duration),
      frame: content.column(lane.frame),
      phase: content.column(lane.phase),
    };
  });
  return { lanes, titles, rowCount };
}
