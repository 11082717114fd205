// @ts-check
// One phase that is picked out, in the answer and in all views.

import { button, clear, el } from "./dom.js";
import { phaseWords } from "./words.js";

/** @import { App } from "./app.js" */

export class PhaseChoice {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.note = el("p", { class: "phase-note", hidden: true });
  }

  /** The number of the phase, or -1. */
  get number() {
    return this.app.colours.number(this.app.place.get("phase"));
  }

  /**
   * Picks a phase out, or all where that one is picked out.
   * @param {string} name
   */
  toggle(name) {
    const { place, explorer } = this.app;
    place.set({ phase: place.get("phase") === name ? "" : name });
    this.mark();
    explorer.view.highlightPhase(this.number);
  }

  /** Shows in the answer, and above the views, what is picked out. */
  mark() {
    const chosen = this.app.place.get("phase");
    for (const one of document.querySelectorAll("#answer [aria-pressed]")) {
      const its = one.closest("[data-phase]")?.getAttribute("data-phase");
      one.setAttribute("aria-pressed", String(its === chosen));
    }
    const isKnown = this.number >= 0;
    document.documentElement.classList.toggle("one-phase", isKnown);
    this.note.hidden = !isKnown;
    clear(this.note, isKnown ? this.renderChosen(chosen) : null);
  }

  /** @param {string} name */
  renderChosen(name) {
    return [
      this.app.colours.swatch(name),
      phaseWords(name),
      button("×", () => this.toggle(name), { "aria-label": "Show all phases" }),
    ];
  }
}
