// @ts-check
// How boxes look: which are looked for, and with which colour each is filled.

import { NATIVE_KIND } from "../frames.js";

/** @import { Boxes } from "../boxes/boxes.js" */
/** @import { Colours } from "../colours.js" */
/** @import { Frames } from "../frames.js" */

export class Look {
  /**
   * @param {Frames} frames
   * @param {Colours} colours
   */
  constructor(frames, colours) {
    this.frames = frames;
    this.colours = colours;
    /**
     * 1 for each frame that is found, or null where nothing is searched.
     * @type {Uint8Array | null}
     */
    this.matches = null;
    /** The phase that is picked out, or -1. */
    this.phase = -1;
  }

  /**
   * Whether a box is none of those that are looked for.
   * @param {Boxes} boxes
   * @param {number} box
   */
  isFaded(boxes, box) {
    return (
      (this.matches !== null && !this.matches[boxes.frame[box]]) ||
      (this.phase >= 0 && boxes.phase[box] !== this.phase)
    );
  }

  /**
   * The colour of a box.
   * @param {Boxes} boxes
   * @param {number} box
   */
  fill(boxes, box) {
    const { theme } = this.colours;
    const isFaded = this.isFaded(boxes, box);
    if (this.frames.isCall(boxes.frame[box])) return isFaded ? theme.fadedNeutral : theme.neutral;
    if (isFaded) return theme.faded[boxes.phase[box]];
    const isNative = this.frames.kind[boxes.frame[box]] === NATIVE_KIND;
    return (isNative ? theme.paler : theme.fill)[boxes.phase[box]];
  }
}
