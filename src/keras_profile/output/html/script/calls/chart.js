// @ts-check
// Every call that was measured, as a point in the order they were made, and the percentiles.

import { el, named, penOf, sizeCanvas } from "../dom.js";
import { axisWords, milliseconds, plural, printable } from "../words.js";
import { gridValues, quantile } from "./figures.js";
import { paintMark, paintRing } from "./marks.js";
import { Measured } from "./measured.js";

/** @import { App } from "../app.js" */

const HEIGHT = 190;
/** Room around the points. */
const LEFT = 54;
const RIGHT = 12;
const OVER = 10;
const UNDER = 20;
/** The mouse finds a point that is this near. */
const NEAR = 24;
const TITLES = ["capture", "calls", "least", "25%", "median", "75%", "95%", "most", "collected"];
const PARTS = [0, 0.25, 0.5, 0.75, 0.95, 1];

/** @typedef {{ low: number, high: number, x(call: number): number, y(ns: number): number }} Scales */

export class CallsChart {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.calls = new Measured(app.content);
    /** The captures whose calls are shown. */
    this.shown = new Set(this.calls.captures);
    this.canvas = el("canvas", {
      role: "img",
      "aria-label": "Time of each call, in the order of calls; the table beside it has the figures",
    });
    this.host = el("div", { class: "calls-chart" }, this.canvas);
    this.readout = el("p", { class: "calls-readout quiet", "aria-live": "polite" });
    /**
     * A sample of each capture's mark, for the table.
     * @type {HTMLCanvasElement[]}
     */
    this.samples = [];
    /** The call beneath the mouse, or -1. */
    this.at = -1;
    this.readout.textContent = this.hint();
    this.canvas.addEventListener("pointermove", (event) => this.hover(event));
    this.canvas.addEventListener("pointerleave", () => this.leave());
    this.canvas.addEventListener("click", (event) => {
      this.hover(event);
      this.open();
    });
    new ResizeObserver(() => this.paint()).observe(this.host);
  }

  hint() {
    if (!this.calls.captures.includes("spans")) {
      return "Only calls under spans show garbage collections, and there are none.";
    }
    const { collections } = this.calls;
    if (!collections) return "No garbage collection ran in calls under spans; only these show them.";
    const whose = `${plural(collections, "call")} under spans; only these show them`;
    return `A ring marks a call with a garbage collection (${whose}).`;
  }

  // --- the table ---

  render() {
    const titles = TITLES.map((title, at) => el("th", { scope: "col", class: at ? "number" : "" }, title));
    const table = el(
      "table",
      { class: "plain percentiles" },
      el("caption", {}, "Warm calls, ms"),
      el("thead", {}, el("tr", {}, titles)),
      el(
        "tbody",
        {},
        this.calls.captures.map((name, number) => this.renderRow(name, number)),
      ),
    );
    return [
      el("h2", { id: "calls-title" }, "Every call"),
      el(
        "div",
        { class: "calls-grid" },
        el("div", {}, this.host, this.readout),
        el(
          "div",
          { class: "scroller", tabindex: "0", role: "group", "aria-label": "Percentiles" },
          table,
          el("p", { class: "quiet" }, printable(this.app.content.texts.calls)),
        ),
      ),
    ];
  }

  /**
   * @param {string} name
   * @param {number} number
   */
  renderRow(name, number) {
    const { walls, collected } = this.calls.warm(number);
    const cells = PARTS.map((part) => (walls.length ? milliseconds(quantile(walls, part)) : ""));
    const mean = collected.reduce((a, b) => a + b, 0) / collected.length;
    const collections = collected.length ? `${collected.length} × ${milliseconds(mean)}` : "";
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, this.renderChoice(name)),
      [walls.length.toLocaleString("en"), ...cells, collections].map((text) =>
        el("td", { class: "number" }, text),
      ),
    );
  }

  /** @param {string} name */
  renderChoice(name) {
    const box = el("input", {
      type: "checkbox",
      checked: true,
      on: {
        change: () => {
          if (box.checked) this.shown.add(name);
          else this.shown.delete(name);
          this.paint();
        },
      },
    });
    const sample = el("canvas", { class: "capture-mark", width: 28, height: 28, "aria-hidden": "true" });
    this.samples.push(sample);
    return el("label", { class: "capture-choice" }, box, sample, named(name));
  }

  paintSamples() {
    this.samples.forEach((canvas, number) => {
      const pen = penOf(canvas);
      pen.setTransform(2, 0, 0, 2, 0, 0);
      pen.clearRect(0, 0, 14, 14);
      paintMark(pen, number, 7, 7, 3.6);
    });
  }

  // --- the chart ---

  /** The calls whose captures are shown. */
  *shownCalls() {
    for (let call = 0; call < this.calls.count; call++) {
      if (this.shown.has(this.calls.captureName(call))) yield call;
    }
  }

  /**
   * Places a call: across by order, up by the logarithm of its time.
   * @returns {Scales}
   */
  scales() {
    const { wall, count } = this.calls;
    const width = this.host.clientWidth;
    let low = Infinity;
    let high = 0;
    for (const call of this.shownCalls()) {
      low = Math.min(low, wall[call]);
      high = Math.max(high, wall[call]);
    }
    if (!high) [low, high] = [1e5, 1e7];
    [low, high] = [low * 0.93, high * 1.09];
    const [bottom, top] = [Math.log(low), Math.log(high)];
    return {
      low,
      high,
      x: (call) => LEFT + (count < 2 ? 0.5 : call / (count - 1)) * (width - LEFT - RIGHT - 8) + 4,
      y: (ns) => OVER + (1 - (Math.log(ns) - bottom) / (top - bottom)) * (HEIGHT - OVER - UNDER),
    };
  }

  paint() {
    const ratio = devicePixelRatio || 1;
    const width = this.host.clientWidth;
    if (!width) return;
    sizeCanvas(this.canvas, width, HEIGHT, ratio);
    const pen = penOf(this.canvas);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.font = this.app.colours.theme.font;
    pen.textBaseline = "middle";
    this.paintSamples();
    const scales = this.scales();
    this.paintAxes(pen, scales, width);
    this.paintCalls(pen, scales);
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Scales} scales
   * @param {number} width
   */
  paintAxes(pen, { low, high, y }, width) {
    const { theme } = this.app.colours;
    pen.textAlign = "right";
    for (const at of gridValues(low, high)) {
      pen.fillStyle = theme.rule;
      pen.fillRect(LEFT, Math.round(y(at)), width - LEFT - RIGHT, 1);
      pen.fillStyle = theme.faint;
      pen.fillText(axisWords(at, Math.min(at, at < 1e9 ? 1e7 : at)), LEFT - 6, y(at));
    }
    pen.fillStyle = theme.faint;
    pen.fillText("last", width - RIGHT, HEIGHT - 8);
    pen.textAlign = "left";
    pen.fillText("first call", LEFT, HEIGHT - 8);
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Scales} scales
   */
  paintCalls(pen, { x, y }) {
    const { theme } = this.app.colours;
    const { count, wall, gc, cold, capture } = this.calls;
    const size = count > 2000 ? 1.6 : count > 300 ? 2.4 : 3.6;
    for (const call of this.shownCalls()) {
      const [across, up] = [x(call), y(wall[call])];
      paintMark(pen, capture[call], across, up, size);
      if (gc[call] > 0) paintRing(pen, across, up, size + 3, theme.mark);
      if (cold[call]) {
        pen.fillStyle = theme.text;
        pen.fillText("cold", across + size + 8, up);
      }
    }
    if (this.at >= 0) paintRing(pen, x(this.at), y(wall[this.at]), size + 4, theme.accent);
  }

  // --- the mouse ---

  /** @param {MouseEvent} event */
  hover(event) {
    const place = this.canvas.getBoundingClientRect();
    const { x, y } = this.scales();
    let best = -1;
    let nearest = NEAR ** 2;
    for (const call of this.shownCalls()) {
      const across = x(call) - (event.clientX - place.left);
      const up = y(this.calls.wall[call]) - (event.clientY - place.top);
      const away = across ** 2 + up ** 2;
      if (away < nearest) {
        nearest = away;
        best = call;
      }
    }
    if (best === this.at) return;
    this.at = best;
    this.paint();
    this.readout.textContent = best < 0 ? this.hint() : this.words(best);
  }

  leave() {
    this.at = -1;
    this.paint();
    this.readout.textContent = this.hint();
  }

  /** @param {number} call */
  words(call) {
    const { count, wall, gc, cold } = this.calls;
    const capture = printable(this.calls.captureName(call));
    return (
      `Call ${call + 1} of ${count}: ${milliseconds(wall[call])} ms under ${capture}` +
      (cold[call] ? ", cold" : "") +
      (gc[call] > 0 ? `, ${milliseconds(gc[call])} ms of it garbage collection` : "") +
      (this.inTime(call) >= 0 ? ". Click to show it in time order." : ".")
    );
  }

  /** @param {number} call */
  inTime(call) {
    return this.calls.inTime(call, this.app.content.calls);
  }

  open() {
    const number = this.at < 0 ? -1 : this.inTime(this.at);
    if (number >= 0) this.app.explorer.showCall(number);
  }
}
