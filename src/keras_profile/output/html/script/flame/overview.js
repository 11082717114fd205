// @ts-check
// The strip above a flame graph: all of it, small, with the part that is shown in a frame.
// It is for the mouse and the finger; the keys of the flame graph do the same.

import { el, penOf, sizeCanvas } from "../dom.js";

/** @import { Flame } from "./flame.js" */
/** @import { Range } from "./axis.js" */

const HEIGHT = 36;
/** A part is chosen by a drag of so many pixels at least. */
const LEAST_CHOICE = 4;

export class Overview {
  /** @param {Flame} flame */
  constructor(flame) {
    this.flame = flame;
    this.canvas = el("canvas");
    this.element = el(
      "div",
      {
        class: "overview",
        "aria-hidden": "true",
        title: "Overview. Drag to choose a part, drag the frame to move it, double-click to show all",
      },
      this.canvas,
    );
    this.pen = penOf(this.canvas, { alpha: false });
    /** All boxes as they were drawn last. */
    this.picture = document.createElement("canvas");
    this.isDrawn = false;
    this.width = 0;
    /**
     * The part that is being chosen, in pixels.
     * @type {Range | null}
     */
    this.choice = null;
    /** @type {{ x: number, from: number, to: number, holds: boolean, moved: boolean } | null} */
    this.drag = null;
    this.listen();
  }

  /** What was drawn of the boxes is no longer what they look like. */
  forget() {
    this.isDrawn = false;
  }

  paint() {
    const { flame, pen, picture, canvas } = this;
    const { ratio, colours } = flame;
    this.width = flame.width;
    const [w, h] = [Math.round(this.width * ratio), Math.round(HEIGHT * ratio)];
    if (canvas.width !== w || canvas.height !== h || !this.isDrawn) {
      sizeCanvas(canvas, this.width, HEIGHT, ratio);
      picture.width = w;
      picture.height = h;
      this.paintAll(penOf(picture, { alpha: false }));
      this.isDrawn = true;
    }
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(picture, 0, 0);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (!this.choice && flame.isWhole) return;
    const [begin, end] = this.choice ?? [this.xOf(flame.from), this.xOf(flame.to)];
    const size = Math.max(end - begin, 2);
    pen.fillStyle = colours.theme.veil;
    pen.fillRect(0, 0, begin, HEIGHT);
    pen.fillRect(begin + size, 0, this.width - begin - size, HEIGHT);
    pen.strokeStyle = colours.theme.accent;
    pen.lineWidth = 2;
    pen.strokeRect(begin + 1, 1, Math.max(size - 2, 1), HEIGHT - 2);
  }

  /**
   * All boxes, in each row none closer to the next than half a pixel.
   * @param {CanvasRenderingContext2D} pen
   */
  paintAll(pen) {
    const { boxes, colours, ratio, look } = this.flame;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = colours.theme.background;
    pen.fillRect(0, 0, this.width, HEIGHT);
    const scale = this.width / (boxes.to - boxes.from);
    const each = HEIGHT / boxes.rowCount;
    for (let row = 0; row < boxes.rowCount; row++) {
      const last = boxes.start[row + 1];
      let box = boxes.start[row];
      while (box < last) {
        const begin = (boxes.begin[box] - boxes.from) * scale;
        const end = Math.max((boxes.end[box] - boxes.from) * scale, begin + 0.5);
        pen.fillStyle = look.fill(boxes, box);
        pen.fillRect(begin, row * each, end - begin, Math.max(each, 1));
        box = box + 1 < last ? boxes.firstEndingAfter(row, boxes.from + end / scale, box + 1) : last;
      }
    }
  }

  /** @param {number} place */
  xOf(place) {
    const { boxes } = this.flame;
    return ((place - boxes.from) / (boxes.to - boxes.from)) * this.width;
  }

  /** @param {number} x */
  placeOf(x) {
    const { boxes } = this.flame;
    return boxes.from + (x / this.width) * (boxes.to - boxes.from);
  }

  /** @param {MouseEvent} event */
  x(event) {
    return Math.min(Math.max(event.clientX - this.canvas.getBoundingClientRect().left, 0), this.width);
  }

  listen() {
    const { element, flame } = this;
    element.addEventListener("pointerdown", (event) => this.press(event));
    element.addEventListener("pointermove", (event) => this.move(event));
    element.addEventListener("pointerup", (event) => this.release(event));
    element.addEventListener("pointercancel", () => {
      this.drag = this.choice = null;
      flame.draw();
    });
    element.addEventListener("dblclick", () => {
      if (!flame.isEmpty) flame.reset();
    });
  }

  /** @param {PointerEvent} event */
  press(event) {
    const { flame } = this;
    if (event.button || flame.isEmpty || event.isPrimary === false) return;
    const x = this.x(event);
    const holds = !flame.isWhole && x >= this.xOf(flame.from) && x <= this.xOf(flame.to);
    this.drag = { x, from: flame.from, to: flame.to, holds, moved: false };
    this.element.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { drag, flame } = this;
    if (!drag) return;
    const x = this.x(event);
    if (Math.abs(x - drag.x) >= LEAST_CHOICE) drag.moved = true;
    if (!drag.moved) return;
    if (drag.holds) {
      const shift = this.placeOf(x) - this.placeOf(drag.x);
      flame.setView(drag.from + shift, drag.to + shift, false);
    } else {
      this.choice = [Math.min(x, drag.x), Math.max(x, drag.x)];
      flame.draw();
    }
  }

  /** @param {PointerEvent} event */
  release(event) {
    const { drag, choice, flame } = this;
    this.drag = this.choice = null;
    if (!drag) return;
    if (choice) flame.setView(this.placeOf(choice[0]), this.placeOf(choice[1]));
    else if (!drag.moved && !drag.holds && !flame.isWhole) {
      const half = (drag.to - drag.from) / 2;
      const middle = this.placeOf(this.x(event));
      flame.setView(middle - half, middle + half);
    }
  }
}
