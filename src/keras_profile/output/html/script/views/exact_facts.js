// @ts-check
// Exact facts of a frame, from captures other than the view's.

import { count, milliseconds, percent } from "../words.js";

/** @import { ReportContent } from "../content.d.ts" */
/** @import { Counted } from "../counted.js" */
/** @import { Fact } from "../details.js" */
/** @import { Frames } from "../frames.js" */

/**
 * @param {{ content: { report: { attribution: Pick<ReportContent["attribution"], "internals"> } },
 *   frames: Pick<Frames, "name" | "module">,
 *   counted: Pick<Counted, "calls" | "totalCalls" | "rowOfFrame"> | null }} app
 * @param {number} frame
 * @returns {Fact[]}
 */
export function exactFacts({ content, frames, counted }, frame) {
  /** @type {Fact[]} */
  const found = [];
  const [name, module] = [frames.name(frame), frames.module(frame)];
  const { internals } = content.report.attribution;
  const internal = internals.find((one) => one.qualname === name && one.module === module);
  if (internal) {
    const total = `${milliseconds(internal.total_ns)} ms a call, ${percent(internal.total_share)}, by spans`;
    found.push(["exact total", total]);
    found.push(["exact self", `${milliseconds(internal.self_ns)} ms a call, by spans`]);
    found.push(["exact calls", `${count(internal.count_per_call)} a call, by spans`]);
  }
  const row = counted?.rowOfFrame.get(frame);
  if (counted && row !== undefined) {
    const calls = counted.totalCalls[row] / (counted.calls || 1);
    found.push([internal ? "" : "exact calls", `${count(calls)} a call, by cProfile`]);
  }
  return found;
}
