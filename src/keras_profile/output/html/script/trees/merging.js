// @ts-check
// A tree that is made of paths: what has one frame and one phase below one node is one node.

import { Tree } from "./tree.js";

/** @import { AboutTree } from "./tree.js" */

/** The most phases that keys of nodes have room for. */
export const PHASES = 32;
/** The most frames that keys of nodes have room for. */
const FRAMES = 0x400000;

/**
 * A number for a child by its parent's row, frame and phase.
 * @param {number} above
 * @param {number} frame
 * @param {number} phase
 */
export function childKey(above, frame, phase) {
  return (above * FRAMES + frame) * PHASES + phase;
}

export class MergedTree {
  /**
   * @param {number} frame of row 0
   * @param {number} phase
   */
  constructor(frame, phase) {
    this.frame = [frame];
    this.parent = [-1];
    this.phase = [phase];
    this.self = [0];
    this.count = [0];
    /** @type {Map<number, number>} */
    this.known = new Map();
  }

  get size() {
    return this.frame.length;
  }

  /**
   * The row of this frame and phase below row `above`, which is made where there is none.
   * @param {number} above
   * @param {number} frame
   * @param {number} phase
   */
  child(above, frame, phase) {
    const key = childKey(above, frame, phase);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const row = this.frame.length;
    this.known.set(key, row);
    this.frame.push(frame);
    this.parent.push(above);
    this.phase.push(phase);
    this.self.push(0);
    this.count.push(0);
    return row;
  }

  /**
   * @param {number} row
   * @param {number} time
   * @param {number} count
   */
  add(row, time, count) {
    this.self[row] += time;
    this.count[row] += count;
  }

  /** @param {Partial<AboutTree>} about */
  tree(about) {
    return new Tree(
      {
        frame: Uint32Array.from(this.frame),
        parent: Int32Array.from(this.parent),
        phase: Uint8Array.from(this.phase),
        self: Float64Array.from(this.self),
        count: Float64Array.from(this.count),
      },
      about,
    );
  }
}
