// @ts-check
// Which call is shown in time order.

import { captureInTime, COLD_GROUP } from "../captures.js";
import { milliseconds } from "../words.js";

/** @import { CallInTime, CaptureInTime } from "../content.d.ts" */

/** @typedef {Pick<CallInTime, "capture" | "cold" | "number" | "wall">} Call */

/**
 * The calls by how they were recorded, each as its number and words.
 * @param {Call[]} calls
 * @param {CaptureInTime[]} captures
 * @returns {[title: string, options: [number: number, words: string][]][]}
 */
export function callOptions(calls, captures) {
  /** @type {Map<string, [number, string][]>} */
  const groups = new Map();
  calls.forEach((call, number) => {
    const title = call.cold ? COLD_GROUP : captureInTime(captures, call.capture).heading;
    const name = call.cold ? "cold call" : `call ${call.number + 1}`;
    const options = groups.get(title) ?? [];
    groups.set(title, options);
    options.push([number, `${name} · ${milliseconds(call.wall)} ms · ${call.capture}`]);
  });
  return [...groups];
}

/**
 * The number of the call to begin with, or -1: of the best capture the warm call of the median time.
 * @param {Call[]} calls
 * @param {CaptureInTime[]} captures
 */
export function usualCall(calls, captures) {
  const best = [...captures].sort((a, b) => a.preference - b.preference);
  for (const { name: capture } of best) {
    const warm = [...calls.keys()].filter((at) => calls[at].capture === capture && !calls[at].cold);
    warm.sort((a, b) => calls[a].wall - calls[b].wall);
    if (warm.length) return warm[(warm.length - 1) >> 1];
  }
  return calls.length ? 0 : -1;
}
