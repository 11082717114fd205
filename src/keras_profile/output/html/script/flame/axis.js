// @ts-check
// Places on an axis: which part of it is shown, and where its marks are.

/** @typedef {[from: number, to: number]} Range */

/** No closer than this part of the whole. */
const CLOSEST = 1e-7;

/**
 * A part of the whole that is as near as can be to the one that is asked for.
 * @param {Range} wanted
 * @param {Range} whole
 * @returns {Range}
 */
export function partOf([from, to], [begin, end]) {
  const span = Math.min(Math.max(to - from, (end - begin) * CLOSEST, 1e-9), end - begin);
  const left = Math.min(Math.max(from, begin), end - span);
  return [left, left + span];
}

/**
 * A part that is `factor` times as long, in which what was at a share of it stays there.
 * @param {Range} part
 * @param {number} factor
 * @param {number} at
 * @returns {Range}
 */
export function scaled([from, to], factor, at) {
  const fixed = from + (to - from) * at;
  return [fixed - (fixed - from) * factor, fixed + (to - fixed) * factor];
}

/**
 * A part that is moved by a share of its length.
 * @param {Range} part
 * @param {number} share
 * @returns {Range}
 */
export function shifted([from, to], share) {
  return [from + (to - from) * share, to + (to - from) * share];
}

/**
 * The part to show so that a box is in sight: of the same length where the box fits.
 * @param {Range} part
 * @param {Range} box
 * @returns {Range}
 */
export function revealing([from, to], [begin, end]) {
  if (begin >= from && end <= to) return [from, to];
  if (end - begin > to - from) return [begin, end];
  return [(begin + end - (to - from)) / 2, (begin + end + (to - from)) / 2];
}

/**
 * A round number of at least `least`: 1, 2 or 5 and zeros.
 * @param {number} least
 */
export function roundStep(least) {
  const size = 10 ** Math.floor(Math.log10(Math.max(least, 1e-9)));
  return [1, 2, 5, 10].map((one) => one * size).find((one) => one >= least) ?? least;
}
