// @ts-check
// Every call that was measured, in the order they were made.

/** @import { CallInTime, Content } from "../content.d.ts" */

export class Measured {
  /** @param {Pick<Content, "measured" | "column">} content */
  constructor({ measured, column }) {
    this.captures = measured.captures;
    this.capture = column(measured.capture);
    this.cold = column(measured.cold);
    this.wall = column(measured.wall);
    /** How long garbage was collected; -1 where that is not known. */
    this.gc = column(measured.gc);
    this.count = this.wall.length;
  }

  /** @param {number} call */
  captureName(call) {
    return this.captures[this.capture[call]];
  }

  /** How many calls had a garbage collection. */
  get collections() {
    let sum = 0;
    for (const time of this.gc) if (time > 0) sum++;
    return sum;
  }

  /**
   * The times of the warm calls of a capture, the shortest first, and of their collections.
   * @param {number} capture
   */
  warm(capture) {
    const walls = [];
    const collected = [];
    for (let call = 0; call < this.count; call++) {
      if (this.capture[call] !== capture || this.cold[call]) continue;
      walls.push(this.wall[call]);
      if (this.gc[call] > 0) collected.push(this.gc[call]);
    }
    return { walls: walls.sort((a, b) => a - b), collected };
  }

  /**
   * Which of the calls in time order a measured call is, or -1.
   * @param {number} call
   * @param {Pick<CallInTime, "capture" | "cold" | "number">[]} calls
   */
  inTime(call, calls) {
    const name = this.captureName(call);
    const cold = Boolean(this.cold[call]);
    let number = 0;
    for (let before = 0; before < call; before++) {
      if (this.capture[before] === this.capture[call] && Boolean(this.cold[before]) === cold) number++;
    }
    return calls.findIndex((one) => one.capture === name && one.cold === cold && one.number === number);
  }
}
