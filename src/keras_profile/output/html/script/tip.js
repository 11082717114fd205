// @ts-check
// The note that follows the mouse.

import { byId, clear, el, named } from "./dom.js";
import { phaseWords, shorten } from "./words.js";

/** @import { Flame } from "./flame/flame.js" */

export class Tip {
  constructor() {
    this.element = byId("tip");
  }

  hide() {
    this.element.hidden = true;
  }

  /**
   * Says what is beneath the mouse, or nothing where that is no box.
   * @param {Flame} flame
   * @param {number} box
   * @param {MouseEvent | null} event
   * @param {() => string} words of the box
   */
  show(flame, box, event, words) {
    if (box < 0 || !event) {
      this.hide();
      return;
    }
    const { frames, colours, boxes } = flame;
    const frame = boxes.frame[box];
    const module = frames.module(frame);
    const phase = colours.phases[boxes.phase[box]];
    clear(
      this.element,
      el("strong", {}, named(shorten(frames.name(frame), 300))),
      module ? el("span", { class: "quiet" }, named(shorten(module, 200))) : null,
      el("span", {}, words()),
      el("span", { class: "tip-phase" }, colours.swatch(phase), phaseWords(phase)),
    );
    this.element.hidden = false;
    this.moveTo(event);
  }

  /** @param {MouseEvent} event */
  moveTo(event) {
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const x = Math.min(event.clientX + 14, innerWidth - width - 8);
    const isLow = event.clientY + 18 + height > innerHeight;
    const y = isLow ? event.clientY - height - 12 : event.clientY + 18;
    this.element.style.setProperty("transform", `translate(${Math.max(4, x)}px, ${Math.max(4, y)}px)`);
  }
}
