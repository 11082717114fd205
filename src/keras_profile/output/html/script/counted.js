// @ts-check
// What cProfile counted: functions, and from whom to whom they were called.

/** @import { Column, Content, CountedColumns } from "./content.d.ts" */

/**
 * A row for each function, then an edge for each pair of caller and callee, which are rows.
 * Times and counts are of `calls` calls, which took `wall` together.
 * @typedef {{ calls: number, wall: number, rowOfFrame: Map<number, number> } &
 *   Record<keyof CountedColumns, Column>} Counted
 */

/**
 * @param {Pick<Content, "functions" | "column">} content
 * @returns {Counted | null}
 */
export function readCounted({ functions: raw, column }) {
  if (!raw) return null;
  const frame = column(raw.frame);
  return {
    calls: raw.calls,
    wall: raw.wall,
    frame,
    phase: column(raw.phase),
    totalCalls: column(raw.totalCalls),
    self: column(raw.self),
    total: column(raw.total),
    caller: column(raw.caller),
    callee: column(raw.callee),
    edgeCalls: column(raw.edgeCalls),
    edgeTotal: column(raw.edgeTotal),
    rowOfFrame: new Map(Array.from(frame, (one, row) => [one, row])),
  };
}

/**
 * The frame of most own time, or -1.
 * @param {Counted} counted
 */
export function mostOwnTime(counted) {
  let best = -1;
  for (let row = 0; row < counted.self.length; row++) {
    if (best < 0 || counted.self[row] > counted.self[best]) best = row;
  }
  return best < 0 ? -1 : counted.frame[best];
}

/**
 * Edges of which one end is a row, the most time first.
 * @param {Counted} counted
 * @param {"caller" | "callee"} end
 * @param {number} row
 */
export function edgesOf(counted, end, row) {
  const found = [];
  const rows = counted[end];
  for (let edge = 0; edge < rows.length; edge++) if (rows[edge] === row) found.push(edge);
  return found.sort((a, b) => counted.edgeTotal[b] - counted.edgeTotal[a]);
}
