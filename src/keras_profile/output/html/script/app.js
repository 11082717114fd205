// @ts-check
// The parts of the page, and what they share.

import { CallsChart } from "./calls/chart.js";
import { Colours } from "./colours.js";
import { readCounted } from "./counted.js";
import { Details } from "./details.js";
import { byId, clear, el } from "./dom.js";
import { Explorer } from "./explorer.js";
import { Frames } from "./frames.js";
import { Help } from "./help.js";
import { listenToKeys } from "./keys.js";
import { copy } from "./notices.js";
import { PhaseChoice } from "./phase_choice.js";
import { Place, readPlace } from "./place.js";
import { listenToPrinting } from "./printing.js";
import { Search } from "./search.js";
import { renderAnswer } from "./summary/answer.js";
import { renderBasis } from "./summary/basis.js";
import { renderTop } from "./summary/top.js";
import { Theme } from "./theme.js";
import { Tip } from "./tip.js";
import { TreeChoice } from "./trees/choice.js";

/** @import { Content } from "./content.d.ts" */

const FOOT = "Made by keras_profile. Everything is in this file; it loads nothing from elsewhere.";

export class App {
  /** @param {Content} content */
  constructor(content) {
    this.content = content;
    this.frames = new Frames(content);
    this.colours = new Colours(content.phases);
    this.place = new Place();
    this.trees = new TreeChoice(content, this.frames, this.place);
    this.counted = readCounted(content);
    this.tip = new Tip();
    this.help = new Help();
    this.details = new Details(this.frames, this.colours);
    this.theme = new Theme(() => this.repaint());
    this.search = new Search(this);
    this.phase = new PhaseChoice(this);
    this.chart = new CallsChart(this);
    this.explorer = new Explorer(this);
  }

  render() {
    clear(byId("top"), renderTop(this));
    clear(byId("answer"), renderAnswer(this));
    clear(byId("explore"), this.explorer.render());
    clear(byId("calls"), this.chart.render());
    clear(byId("basis"), renderBasis(this));
    clear(byId("foot"), el("p", {}, FOOT));
    byId("loading").remove();
    for (const id of ["answer", "explore", "calls", "basis"]) byId(id).hidden = false;
    this.theme.apply();
    this.restore();
    // A link leads to what it is of; a phase is picked out in all of the page.
    if (Object.keys(readPlace(location.hash)).some((name) => name !== "phase")) {
      byId("explore").scrollIntoView({ behavior: "instant" });
    }
    this.listen();
  }

  listen() {
    this.place.changed(() => this.restore());
    listenToKeys(this);
    listenToPrinting(this);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
  }

  /** Shows what the address says. */
  restore() {
    this.explorer.restore();
    this.search.restore();
    this.phase.mark();
  }

  /** Draws all in the colours of the theme that is on. */
  repaint() {
    this.colours.read();
    this.explorer.view.repaint();
    this.chart.paint();
  }

  /** One step back to the whole: the search, the phase, the view. */
  escape() {
    const phase = this.place.get("phase");
    if (this.search.text) this.search.clear();
    else if (phase) this.phase.toggle(phase);
    else this.explorer.view.reset();
  }

  /**
   * Whether callers and callees of a frame are known.
   * @param {number} frame
   */
  hasCallers(frame) {
    return this.trees.withFrame(frame) !== undefined || Boolean(this.counted?.rowOfFrame.has(frame));
  }

  copyFrame() {
    const found = this.explorer.view.selection();
    if (found) copy(this.frames.words(found.frame));
  }

  copyStack() {
    const found = this.explorer.view.selection();
    if (found) copy(found.stack());
  }
}
