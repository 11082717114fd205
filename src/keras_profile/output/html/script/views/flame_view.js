// @ts-check
// What all views with a flame graph share.

import { clear, el } from "../dom.js";

/** @import { App } from "../app.js" */
/** @import { About } from "../dom.js" */
/** @import { Flame } from "../flame/flame.js" */

/**
 * One of the ways to look at where the time goes.
 * @typedef {object} View
 * @property {HTMLElement} element
 * @property {Flame | null} flame the one whose boxes a search steps through
 * @property {Flame[]} flames
 * @property {string} whole what shares of a search are of
 * @property {() => void} activate shows what the address says
 * @property {(matches: Uint8Array | null) => void} search
 * @property {(matches: Uint8Array) => Matching} matching
 * @property {(phase: number) => void} highlightPhase
 * @property {() => void} repaint
 * @property {() => void} reset
 * @property {() => void} back
 * @property {() => Selection | null} selection
 */

/**
 * How many boxes are found, and their time; of the outermost ones alone, so that nothing counts twice.
 * @typedef {{ nodes: number, time: number, whole: number }} Matching
 */

/**
 * The frame that is selected; the frames from the call down to it as text.
 * @typedef {{ frame: number, stack: () => string }} Selection
 */

export class FlameView {
  /**
   * @param {App} app
   * @param {About} [about] of the element that all is in
   */
  constructor(app, about = {}) {
    this.app = app;
    this.element = el("div", about);
    this.basis = el("p", { class: "basis" });
    /** @type {Flame[]} */
    this.flames = [];
  }

  /** @returns {Flame | null} */
  get flame() {
    return this.flames[0];
  }

  get whole() {
    return "time";
  }

  /** @param {Uint8Array | null} matches */
  search(matches) {
    for (const flame of this.flames) flame.highlight(matches);
  }

  /**
   * @param {Uint8Array} matches
   * @returns {Matching}
   */
  matching(matches) {
    return this.app.trees.matching(matches);
  }

  /** @param {number} phase */
  highlightPhase(phase) {
    for (const flame of this.flames) flame.highlightPhase(phase);
  }

  repaint() {
    for (const flame of this.flames) flame.redraw();
  }

  /**
   * Says why there is nothing to see, in place of figures without boxes.
   * @param {string} text
   */
  empty(text) {
    clear(this.element, el("p", { class: "empty" }, text));
    this.app.explorer.withoutDetails();
  }
}
