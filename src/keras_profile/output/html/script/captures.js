// @ts-check
// What the page says of captures; most of it comes with the report.

/** @import { CaptureInTime } from "./content.d.ts" */

export const COLD_GROUP = "cold, exact (spans)";

/**
 * What is known of a capture whose calls are shown in time order.
 * @param {CaptureInTime[]} captures
 * @param {string} name
 * @returns {CaptureInTime}
 */
export function captureInTime(captures, name) {
  const found = captures.find((one) => one.name === name);
  return found ?? { name, heading: name, basis: "", preference: Infinity, approximate: false };
}

/**
 * How the trees are called.
 * @type {Record<string, string>}
 */
export const TREE_TITLES = { samples: "Samples", spans: "Spans" };

/** One mark for each capture, told apart by shape too. */
export const CAPTURE_MARKS = ["disc", "square", "up", "diamond", "down", "right", "left"];
