// @ts-check
// Draws a flame graph on its canvas. Only what is visible is drawn: in each row a jump by halving to
// the first visible box, and from box to box no closer than half a pixel.

import { patternSize } from "../colours.js";
import { penOf } from "../dom.js";
import { duration, threadWords } from "../words.js";
import { roundStep } from "./axis.js";
import { TextFit } from "./text_fit.js";

/** @import { Flame } from "./flame.js" */
/** @import { Range } from "./axis.js" */

/** The height of a row and of the axis. */
export const ROW = 21;
export const AXIS = 22;
/** The narrowest boxes with a name, with a pattern, and that are told apart from those beside them. */
const LEAST_LABEL = 26;
const LEAST_PATTERN = 14;
const LEAST_BOX = 1.5;

export class Painter {
  /** @param {Flame} flame */
  constructor(flame) {
    this.flame = flame;
    this.pen = penOf(flame.canvas, { alpha: false });
    this.texts = new TextFit((text) => this.pen.measureText(text).width);
    this.font = "";
  }

  get theme() {
    return this.flame.colours.theme;
  }

  paint() {
    const { flame, pen, theme } = this;
    const { boxes, width, height, ratio, top } = flame;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = theme.background;
    pen.fillRect(0, 0, width, height);
    if (this.font !== theme.font) {
      this.font = theme.font;
      this.texts.forget();
    }
    pen.font = theme.font;
    pen.textBaseline = "middle";
    const scroll = flame.element.scrollTop;
    const low = Math.floor(scroll / ROW);
    const high = Math.min(boxes.rowCount - 1, Math.ceil((scroll + height) / ROW));
    for (let at = low; at <= high; at++) {
      const row = flame.upward ? boxes.rowCount - 1 - at : at;
      this.paintRow(row, top + at * ROW - scroll);
    }
    if (flame.axis) this.paintAxis(flame.axis);
    this.outline(flame.hovered, theme.text, 1);
    this.outline(flame.selected, theme.accent, 2);
    if (flame.range) this.paintRange(flame.range);
  }

  /**
   * @param {number} row
   * @param {number} y
   */
  paintRow(row, y) {
    const title = this.flame.boxes.titles.get(row);
    if (title === undefined) this.paintBoxes(row, y);
    else this.paintTitle(title, y);
  }

  /**
   * @param {string} title
   * @param {number} y
   */
  paintTitle(title, y) {
    const { pen, theme } = this;
    pen.fillStyle = theme.rule;
    pen.fillRect(0, y + 1, this.flame.width, 1);
    pen.fillStyle = theme.faint;
    pen.fillText(threadWords(title), 5, y + ROW / 2 + 2);
  }

  /**
   * @param {number} row
   * @param {number} y
   */
  paintBoxes(row, y) {
    const { flame, pen } = this;
    const { boxes, look, width, from, to } = flame;
    const scale = width / (to - from);
    const last = boxes.start[row + 1];
    let box = boxes.firstEndingAfter(row, from);
    while (box < last && boxes.begin[box] < to) {
      const begin = Math.max((boxes.begin[box] - from) * scale, -1);
      const end = Math.min((boxes.end[box] - from) * scale, width + 1);
      pen.fillStyle = look.fill(boxes, box);
      if (end - begin < LEAST_BOX) {
        box = this.paintRun(row, y, box, begin, end);
        continue;
      }
      const size = end - begin - (end - begin > 3 ? 1 : 0.4);
      pen.fillRect(begin, y, size, ROW - 1);
      if (size > LEAST_PATTERN) this.paintInside(box, begin, y, size);
      box++;
    }
  }

  /**
   * Draws a run of boxes that are too small to be told apart as one of their colour.
   * @param {number} row
   * @param {number} y
   * @param {number} box the first of them
   * @param {number} begin where it begins on the canvas
   * @param {number} end
   * @returns {number} the box after them
   */
  paintRun(row, y, box, begin, end) {
    const { flame, pen } = this;
    const { boxes, look, width, from } = flame;
    const scale = width / (flame.to - from);
    const last = boxes.start[row + 1];
    const fill = look.fill(boxes, box);
    let x = Math.max(end, begin + 0.5);
    let next = boxes.firstEndingAfter(row, from + x / scale, box + 1);
    while (
      next < last &&
      (boxes.begin[next] - from) * scale - x < 0.5 &&
      x < width &&
      boxes.length(next) * scale < LEAST_BOX &&
      look.fill(boxes, next) === fill
    ) {
      x = Math.max((boxes.end[next] - from) * scale, x + 0.5);
      next = boxes.firstEndingAfter(row, from + x / scale, next + 1);
    }
    pen.fillRect(begin, y, Math.max(x - begin, 0.5), ROW - 1);
    return next;
  }

  /**
   * The pattern and the name of a box.
   * @param {number} box
   * @param {number} begin
   * @param {number} y
   * @param {number} size
   */
  paintInside(box, begin, y, size) {
    const { flame, pen, theme } = this;
    const { boxes, look, frames, colours, ratio } = flame;
    const isCall = frames.isCall(boxes.frame[box]);
    const isFaded = look.isFaded(boxes, box);
    const pattern = isCall || isFaded ? null : colours.pattern(pen, boxes.phase[box], ratio);
    if (pattern) {
      const origin = (boxes.begin[box] - flame.from) * (flame.width / (flame.to - flame.from));
      this.paintPattern(pattern, origin, begin, y, size);
    }
    if (size > LEAST_LABEL) {
      pen.fillStyle = isFaded ? theme.faint : isCall ? theme.text : theme.ink;
      this.paintLabel(box, begin, y, size);
    }
  }

  /**
   * A pattern begins where its box does, on the screen or left of it, so that it moves with the box.
   * @param {CanvasPattern} pattern
   * @param {number} origin
   * @param {number} begin
   * @param {number} y
   * @param {number} size
   */
  paintPattern(pattern, origin, begin, y, size) {
    const { pen } = this;
    const { ratio } = this.flame;
    // Patterns are made in device pixels and begin at one, so that they stay sharp.
    const left = Math.round(begin * ratio);
    const top = Math.round(y * ratio);
    const shift = (left - Math.round(origin * ratio)) % patternSize(ratio);
    pen.fillStyle = pattern;
    pen.setTransform(1, 0, 0, 1, left - shift, top);
    pen.fillRect(shift, 0, Math.round((begin + size) * ratio) - left, Math.round((ROW - 1) * ratio));
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  /**
   * @param {number} box
   * @param {number} begin
   * @param {number} y
   * @param {number} size
   */
  paintLabel(box, begin, y, size) {
    const { boxes, frames, width } = this.flame;
    const left = Math.max(begin, 0) + 5;
    const room = Math.min(begin + size, width) - left - 4;
    const fitting = this.texts.fit(frames.label(boxes.frame[box]), room);
    if (fitting) this.pen.fillText(fitting, left, y + ROW / 2);
  }

  /**
   * @param {number} box
   * @param {string} colour
   * @param {number} thick
   */
  outline(box, colour, thick) {
    const { pen, flame } = this;
    const { boxes, width } = flame;
    if (box < 0 || box >= boxes.count) return;
    const scale = width / (flame.to - flame.from);
    const x = (boxes.begin[box] - flame.from) * scale;
    const end = (boxes.end[box] - flame.from) * scale;
    if (end < 0 || x > width) return;
    const y = flame.yOfRow(boxes.row[box]) - flame.element.scrollTop;
    if (y < flame.top - ROW) return;
    pen.strokeStyle = colour;
    pen.lineWidth = thick;
    const left = Math.max(x, 0) + thick / 2;
    const size = Math.max(Math.min(end, width) - left - thick / 2 - 1, 1);
    pen.strokeRect(left, y + thick / 2, size, ROW - 1 - thick);
  }

  /** @param {(place: number, step: number) => string} words */
  paintAxis(words) {
    const { pen, theme } = this;
    const { from, to, width, scale } = this.flame;
    const span = to - from;
    pen.fillStyle = theme.background;
    pen.fillRect(0, 0, width, AXIS - 2);
    const step = roundStep(span / Math.max(2, width / 110));
    const origin = scale ? from : 0;
    pen.fillStyle = theme.faint;
    for (let at = Math.ceil((from - origin) / step) * step; at <= to - origin; at += step) {
      const x = ((at + origin - from) / span) * width;
      const text = words(at, step);
      pen.fillRect(x, AXIS - 7, 1, 5);
      if (x + 4 + this.texts.widthOf(text) < width) pen.fillText(text, x + 4, AXIS / 2 - 1);
    }
    pen.fillStyle = theme.rule;
    pen.fillRect(0, AXIS - 2, width, 1);
  }

  /**
   * What is outside of the part that is marked fades, and the axis says how long it is.
   * @param {Range} range
   */
  paintRange(range) {
    const { pen, theme, flame } = this;
    const { width, height, top } = flame;
    const scale = width / (flame.to - flame.from);
    const [begin, end] = range.map((place) => Math.min(Math.max((place - flame.from) * scale, 0), width));
    pen.fillStyle = theme.veil;
    pen.fillRect(0, top, begin, height);
    pen.fillRect(end, top, width - end, height);
    pen.fillStyle = theme.background;
    pen.fillRect(begin, 0, end - begin, AXIS - 2);
    pen.fillStyle = theme.accent;
    pen.fillRect(begin, 0, 1, height);
    pen.fillRect(end - 1, 0, 1, height);
    const words = duration(range[1] - range[0]);
    const size = this.texts.widthOf(words) + 10;
    const left = Math.min(Math.max((begin + end - size) / 2, 0), width - size);
    pen.fillRect(left, 0, size, AXIS - 3);
    pen.fillStyle = theme.background;
    pen.fillText(words, left + 5, AXIS / 2 - 1);
  }
}
