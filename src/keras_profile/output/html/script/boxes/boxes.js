// @ts-check
// Boxes to draw: by row, within a row from left to right, so that what is visible is found by halving.

/** @import { Column } from "../content.d.ts" */

/**
 * A row for each box, sorted by the `row` that it is drawn in, then by `begin`. `id` says which
 * node of a tree or which row of a call it is.
 * @typedef {object} BoxColumns
 * @property {Column} row
 * @property {Column} begin
 * @property {Column} end
 * @property {Column} frame
 * @property {Column} phase
 * @property {Column} id
 */

/**
 * What boxes in time have beyond those of a tree: titles in place of rows, by their row, the row
 * that each lane begins at, and where the whole ends.
 * @typedef {object} AboutBoxes
 * @property {Map<number, string>} titles
 * @property {number[]} laneTops
 * @property {number} to
 */

export class Boxes {
  /**
   * @param {BoxColumns & { rowCount: number }} columns
   * @param {Partial<AboutBoxes>} [about]
   */
  constructor({ row, begin, end, frame, phase, id, rowCount }, { titles, laneTops, to } = {}) {
    this.row = row;
    this.begin = begin;
    this.end = end;
    this.frame = frame;
    this.phase = phase;
    this.id = id;
    this.rowCount = rowCount;
    this.titles = titles ?? new Map();
    this.laneTops = laneTops ?? [0];
    this.count = begin.length;
    this.start = rowStarts(rowCount, row);
    this.from = 0;
    this.to = 1;
    for (let box = 0; box < this.count; box++) if (end[box] > this.to || !box) this.to = end[box];
    if (to !== undefined) this.to = Math.max(to, this.to);
    /** @type {Map<number, number> | null} */
    this.boxOfId = null;
  }

  /**
   * The first box of a row, from `low` on, that ends after `x`.
   * @param {number} row
   * @param {number} x
   * @param {number} low
   */
  firstEndingAfter(row, x, low = this.start[row]) {
    let high = this.start[row + 1];
    // Mostly it is near: widen before halving.
    let step = 1;
    while (low + step < high && this.end[low + step] <= x) {
      low += step;
      step *= 2;
    }
    high = Math.min(high, low + step + 1);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.end[middle] <= x) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * The box at a place, or -1.
   * @param {number} row
   * @param {number} x
   */
  at(row, x) {
    if (row < 0 || row >= this.rowCount) return -1;
    const box = this.firstEndingAfter(row, x);
    return box < this.start[row + 1] && this.begin[box] <= x ? box : -1;
  }

  /**
   * The box with an id, or -1.
   * @param {number} id
   */
  byId(id) {
    if (!this.boxOfId) {
      this.boxOfId = new Map();
      for (let box = 0; box < this.count; box++) this.boxOfId.set(this.id[box], box);
    }
    return this.boxOfId.get(id) ?? -1;
  }

  /**
   * How long a box is.
   * @param {number} box
   */
  length(box) {
    return this.end[box] - this.begin[box];
  }

  /**
   * The boxes of a row that lie, with a part at least, between two places.
   * @param {number} row
   * @param {number} from
   * @param {number} to
   */
  between(row, from, to) {
    const found = [];
    const last = this.start[row + 1];
    for (let box = this.firstEndingAfter(row, from); box < last && this.begin[box] < to; box++)
      found.push(box);
    return found;
  }
}

/**
 * Where each row begins among boxes that are sorted by row; one more says where the last ends.
 * @param {number} rowCount
 * @param {Iterable<number>} rows the row of each box, in any order
 */
export function rowStarts(rowCount, rows) {
  const starts = new Uint32Array(rowCount + 1);
  for (const row of rows) starts[row + 1]++;
  for (let row = 0; row < rowCount; row++) starts[row + 1] += starts[row];
  return starts;
}
