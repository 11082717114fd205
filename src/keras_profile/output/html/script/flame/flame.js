// @ts-check
// A flame graph: which part of its boxes is shown, which one is selected. How it is drawn and used
// is in other files: painter.js, gestures.js, keys.js.

import { neighbour } from "../boxes/neighbours.js";
import { el, sizeCanvas } from "../dom.js";
import { stillMotion } from "../motion.js";
import { say } from "../notices.js";
import { percent, phaseWords } from "../words.js";
import { partOf, revealing, scaled, shifted } from "./axis.js";
import { listenToGestures } from "./gestures.js";
import { pressKey } from "./keys.js";
import { Look } from "./look.js";
import { AXIS, Painter, ROW } from "./painter.js";
import { Overview } from "./overview.js";

/** @import { Boxes } from "../boxes/boxes.js" */
/** @import { Direction } from "../boxes/neighbours.js" */
/** @import { Colours } from "../colours.js" */
/** @import { Frames } from "../frames.js" */
/** @import { Range } from "./axis.js" */

/**
 * What happens: a box, or -1, is selected or under the mouse; another part is shown; a part of
 * the axis was marked, without which that part is zoomed to.
 * @typedef {object} FlameActs
 * @property {(box: number) => void} select
 * @property {(box: number, event: MouseEvent | null) => void} hover
 * @property {(from: number, to: number) => void} [moved]
 * @property {(range: Range) => void} [range]
 */

/**
 * `upward` draws row 0 at the bottom; `axis` gives the words of a place on the axis, which is
 * counted from the left edge where `scale` is true; `overview` has a strip with all of it.
 * @typedef {object} FlameOptions
 * @property {string} label
 * @property {Frames} frames
 * @property {Colours} colours
 * @property {FlameActs} act
 * @property {boolean} [upward]
 * @property {((place: number, step: number) => string) | null} [axis]
 * @property {boolean} [scale]
 * @property {boolean} [overview]
 * @property {boolean} [clickZooms]
 */

/** How long it takes to go to another part, in ms. */
const MOTION = 160;

export class Flame {
  /** @param {FlameOptions} options */
  constructor({
    label,
    frames,
    colours,
    act,
    upward = false,
    axis = null,
    scale = false,
    overview = false,
    clickZooms = true,
  }) {
    this.frames = frames;
    this.colours = colours;
    this.act = act;
    this.upward = upward;
    this.axis = axis;
    this.scale = scale;
    this.clickZooms = clickZooms;
    this.canvas = el("canvas", { role: "img" });
    this.spacer = el("div", { class: "flame-spacer" });
    this.element = el(
      "div",
      {
        class: "flame",
        tabindex: "0",
        role: "application",
        "aria-roledescription": "flame graph",
        "aria-label": label,
        "aria-describedby": "said",
      },
      this.canvas,
      this.spacer,
    );
    this.look = new Look(frames, colours);
    this.painter = new Painter(this);
    this.overview = overview ? new Overview(this) : null;
    /** @type {Boxes | null} */
    this.shown = null;
    this.from = 0;
    this.to = 1;
    /**
     * The part that is shown once all has come to rest.
     * @type {Range}
     */
    this.goal = [0, 1];
    /** @type {{ from: number, to: number, begin: number } | null} */
    this.motion = null;
    this.selected = -1;
    this.hovered = -1;
    /**
     * The part of the axis that is marked.
     * @type {Range | null}
     */
    this.range = null;
    this.width = 0;
    this.height = 0;
    this.ratio = 1;
    this.wasShown = false;
    this.waiting = 0;
    this.element.addEventListener("scroll", () => this.draw());
    this.element.addEventListener("keydown", (event) => pressKey(this, event));
    listenToGestures(this);
    new ResizeObserver(() => this.resize()).observe(this.element);
  }

  get isEmpty() {
    return this.shown === null;
  }

  /** The boxes that are shown. */
  get boxes() {
    if (!this.shown) throw new Error("no boxes are shown yet");
    return this.shown;
  }

  // --- what is shown ---

  /** @param {Boxes} boxes all of which are shown */
  show(boxes) {
    this.shown = boxes;
    this.from = boxes.from;
    this.to = boxes.to;
    this.selected = this.hovered = -1;
    this.range = this.motion = null;
    this.goal = [boxes.from, boxes.to];
    this.overview?.forget();
    this.writeView();
    this.resize();
  }

  /**
   * @param {number} from
   * @param {number} to
   * @param {boolean} [animate]
   */
  setView(from, to, animate = true) {
    const { boxes } = this;
    this.goal = partOf([from, to], [boxes.from, boxes.to]);
    this.act.moved?.(...this.goal);
    this.writeView();
    if (!animate || stillMotion.matches) {
      this.motion = null;
      [this.from, this.to] = this.goal;
    } else {
      this.motion = { from: this.from, to: this.to, begin: performance.now() };
    }
    this.draw();
  }

  /** Writes the part that is shown where programs that test or read the page find it. */
  writeView() {
    const { boxes } = this;
    const whole = boxes.to - boxes.from;
    const [from, to] = this.goal;
    this.element.dataset.from = ((from - boxes.from) / whole).toFixed(6);
    this.element.dataset.to = ((to - boxes.from) / whole).toFixed(6);
  }

  /**
   * The part that is shown, or that is gone to.
   * @returns {Range}
   */
  get view() {
    return this.motion ? this.goal : [this.from, this.to];
  }

  /** @param {number} box */
  zoomTo(box) {
    this.setView(this.boxes.begin[box], this.boxes.end[box]);
  }

  zoomToSelected() {
    if (this.selected >= 0) this.zoomTo(this.selected);
  }

  /**
   * @param {number} factor
   * @param {number} [at] what stays where it is, as a share of what is shown
   */
  zoomBy(factor, at = 0.5) {
    this.setView(...scaled(this.view, factor, at), false);
  }

  /** @param {number} share of what is shown */
  pan(share) {
    this.setView(...shifted(this.view, share), false);
  }

  reset() {
    this.setView(this.boxes.from, this.boxes.to);
  }

  get isWhole() {
    return this.from <= this.boxes.from && this.to >= this.boxes.to;
  }

  /**
   * @param {number} box -1 for none
   * @param {boolean} [reveal] brings it into sight
   */
  select(box, reveal = false) {
    this.selected = box;
    if (box >= 0) {
      this.range = null;
      if (reveal) this.reveal(box);
      this.sayBox(box);
    }
    this.draw();
  }

  /** @param {number} box */
  reveal(box) {
    const { begin, end, row } = this.boxes;
    const [from, to] = this.view;
    if (begin[box] < from || end[box] > to) this.setView(...revealing([from, to], [begin[box], end[box]]));
    this.scrollToRow(row[box]);
  }

  /** @param {number} box */
  sayBox(box) {
    const { boxes } = this;
    const share = boxes.length(box) / (boxes.to - boxes.from);
    const phase = phaseWords(this.colours.phases[boxes.phase[box]]);
    say(`${this.frames.label(boxes.frame[box])}, ${phase}, ${percent(share)}`);
  }

  /**
   * Selects a box as a person does.
   * @param {number} box
   */
  walk(box) {
    if (box < 0) return;
    this.select(box, true);
    this.act.select(box);
  }

  /** @param {Direction} direction */
  walkTo(direction) {
    this.walk(neighbour(this.boxes, this.selected, direction));
  }

  /** @param {Uint8Array | null} matches 1 for each frame that is found, or null */
  highlight(matches) {
    this.look.matches = matches;
    this.redraw();
  }

  /** @param {number} phase -1 for all */
  highlightPhase(phase) {
    this.look.phase = phase;
    this.redraw();
  }

  /** @param {Range | null} range a part of the axis */
  mark(range) {
    this.range = range;
    this.draw();
  }

  // --- places ---

  /** The height of the axis. */
  get top() {
    return this.axis ? AXIS : 0;
  }

  /** @param {number} row */
  yOfRow(row) {
    return this.top + (this.upward ? this.boxes.rowCount - 1 - row : row) * ROW;
  }

  /** @param {number} y */
  rowOfY(y) {
    const row = Math.floor((y - this.top + this.element.scrollTop) / ROW);
    return this.upward ? this.boxes.rowCount - 1 - row : row;
  }

  /**
   * The box beneath the mouse, or -1.
   * @param {MouseEvent} event
   */
  boxAt(event) {
    if (this.isEmpty) return -1;
    const place = this.canvas.getBoundingClientRect();
    const y = event.clientY - place.top;
    if (y < this.top) return -1;
    const x = this.from + ((event.clientX - place.left) / place.width) * (this.to - this.from);
    return this.boxes.at(this.rowOfY(y), x);
  }

  /**
   * The place on the axis beneath the mouse.
   * @param {MouseEvent} event
   */
  placeAt(event) {
    const place = this.canvas.getBoundingClientRect();
    const part = Math.min(Math.max((event.clientX - place.left) / place.width, 0), 1);
    return this.from + part * (this.to - this.from);
  }

  /** @param {number} row */
  scrollToRow(row) {
    const y = this.yOfRow(row) - this.top;
    const high = this.element.clientHeight - this.top;
    if (y < this.element.scrollTop) this.element.scrollTop = y;
    else if (y + ROW > this.element.scrollTop + high) this.element.scrollTop = y + ROW - high;
  }

  resize() {
    if (this.isEmpty) return;
    const { clientWidth: width } = this.element;
    const whole = this.top + this.boxes.rowCount * ROW + 4;
    // With the border, so that what fits needs no scrolling.
    this.element.style.setProperty("--rows", `${whole + 2}px`);
    const height = Math.min(whole, this.element.clientHeight || whole);
    this.spacer.style.setProperty("height", `${Math.max(0, whole - height)}px`);
    this.ratio = devicePixelRatio || 1;
    if (!width || !height) return;
    const [w, h] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
    if (this.canvas.width !== w || this.canvas.height !== h)
      sizeCanvas(this.canvas, width, height, this.ratio);
    this.width = width;
    this.height = height;
    if (this.upward && !this.wasShown) this.element.scrollTop = whole;
    this.wasShown = true;
    this.draw();
  }

  // --- drawing ---

  /** Draws boxes that have got other colours. */
  redraw() {
    this.overview?.forget();
    this.draw();
  }

  /** Draws as soon as the screen is drawn, and again until all has come to rest. */
  draw() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.step();
      this.paint();
      if (this.motion) this.draw();
    });
  }

  step() {
    if (!this.motion) return;
    const { from, to, begin } = this.motion;
    const part = Math.min(1, (performance.now() - begin) / MOTION);
    const eased = 1 - (1 - part) ** 3;
    this.from = from + (this.goal[0] - from) * eased;
    this.to = to + (this.goal[1] - to) * eased;
    if (part === 1) this.motion = null;
  }

  paint() {
    if (this.isEmpty || !this.width) return;
    this.painter.paint();
    this.overview?.paint();
  }
}
