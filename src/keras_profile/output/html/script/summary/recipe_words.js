// @ts-check
// What is said of a change that was measured.

import { plural, printable, shorten } from "../words.js";

/** @import { Comparison } from "../content.d.ts" */

/** @type {Record<string, string>} */
const VERDICTS = {
  faster: "faster",
  slower: "slower",
  no_difference: "no difference",
  outputs_differ: "outputs differ",
  failed: "failed",
  not_applicable: "does not apply",
  not_tried: "not tried",
  cannot_tell: "cannot tell",
};
/** An interval within this factor of 1 shows that there is no difference worth speaking of. */
const CLOSE = 1.1;
/** Ends further apart than by the first factor leave it open what a change does; by the second, all. */
const [WIDE, SO_WIDE] = [1.5, 100];

/**
 * A factor with about three digits.
 * @param {number} value
 */
export function factor(value) {
  if (value >= 99.5) return value.toFixed(0);
  if (value < 0.1) return String(Number(value.toPrecision(3)));
  return value.toFixed(value >= 9.95 ? 1 : 2);
}

/** @param {number} value */
export function times(value) {
  return `${factor(value)}×`;
}

/** @param {string} verdict */
export function isVerdict(verdict) {
  return Object.hasOwn(VERDICTS, verdict);
}

/** @param {string} verdict */
export function verdictWords(verdict) {
  return isVerdict(verdict) ? VERDICTS[verdict] : printable(shorten(verdict, 60));
}

/**
 * The verdict with its figures: words and, fainter, the interval.
 * @param {Pick<Comparison, "verdict" | "speedup" | "speedup_ci99">} comparison
 * @returns {[words: string, interval: string]}
 */
export function speedupWords({ verdict, speedup, speedup_ci99: bounds }) {
  if (speedup === null) return [verdictWords(verdict), ""];
  if (bounds === null) return ["not sure", ""];
  const [low, high] = bounds;
  if (verdict === "slower") return [`${times(1 / speedup)} slower`, `${factor(1 / high)}–${factor(1 / low)}`];
  const interval = `${factor(low)}–${factor(high)}`;
  if (verdict === "faster") return [times(speedup), interval];
  if (verdict === "no_difference") {
    if (high > SO_WIDE * low) return ["not sure", ""];
    if (low >= 1 / CLOSE && high <= CLOSE) return ["no difference", interval];
    const isOpen = speedup < 1 / CLOSE || speedup > CLOSE || high > WIDE * low;
    return [isOpen ? "not sure" : "no clear difference", interval];
  }
  return [verdictWords(verdict), interval];
}

/**
 * Whether the outputs are the same, and how near.
 * @param {Pick<Comparison, "verdict" | "reason" | "outputs" | "approximate">} comparison
 */
export function outputsWords({ verdict, reason, outputs, approximate }) {
  if (["outputs_differ", "cannot_tell"].includes(verdict)) return reason;
  if (verdict === "failed") return `failed: ${reason}`;
  if (outputs === null) return reason;
  const { equal, max_abs_error: error } = outputs;
  if (equal) return "outputs equal";
  if (approximate) return `alters results, by up to ${error === null ? "?" : error.toPrecision(1)}`;
  return `outputs equal within ${error === null ? "?" : error.toExponential(0)}`;
}

/**
 * With which of the measured numbers of rows the change is faster; nothing where it was not found so.
 * @param {[number, number] | null} rows
 */
export function fasterRowsWords(rows) {
  if (rows === null) return "";
  const [low, high] = rows.map((one) => one.toLocaleString("en"));
  if (low === high) return `Faster with ${plural(rows[0], "row")}, as far as measured.`;
  return `Faster with ${low} to ${high} rows, as far as measured.`;
}
