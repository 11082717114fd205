// The strip above a flame graph: all of it, small, with the part that is shown in a frame.
// It is for the mouse and the finger; the keys of the flame graph do the same.

const OVERVIEW_HEIGHT = 36, LEAST_CHOICE = 4;

class Overview {
  constructor(flame) {
    this.flame = flame;
    this.canvas = el("canvas");
    this.element = el("div", {
      class: "overview", "aria-hidden": "true", title: "All of it. Drag to choose a part, drag the frame to move it, double-click to show all" }, this.canvas);
    this.context = this.canvas.getContext("2d", { alpha: false });
    this.picture = document.createElement("canvas");
    this.choice = this.drag = null;
    this.listen();
  }

  /** What was drawn of the boxes is no longer what they look like. */
  forget() { this.drawn = false; }

  paint() {
    const { flame, context: pen, picture } = this;
    const { colours, ratio, boxes } = flame;
    this.width = flame.width;
    const [w, h] = [Math.round(this.width * ratio), Math.round(OVERVIEW_HEIGHT * ratio)];
    if (this.canvas.width !== w || this.canvas.height !== h || !this.drawn) {
      for (const one of [this.canvas, picture]) { one.width = w; one.height = h; }
      this.canvas.style.setProperty("width", `${this.width}px`);
      this.canvas.style.setProperty("height", `${OVERVIEW_HEIGHT}px`);
      this.drawAll(picture.getContext("2d", { alpha: false }));
      this.drawn = true;
    }
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(picture, 0, 0);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const [begin, end] = this.choice ?? [this.xOf(flame.from), this.xOf(flame.to)];
    const size = Math.max(end - begin, 2);
    if (!this.choice && flame.isWhole || !boxes) return;
    pen.fillStyle = colours.veil;
    pen.fillRect(0, 0, begin, OVERVIEW_HEIGHT);
    pen.fillRect(begin + size, 0, this.width - begin - size, OVERVIEW_HEIGHT);
    pen.strokeStyle = colours.accent;
    pen.lineWidth = 2;
    pen.strokeRect(begin + 1, 1, Math.max(size - 2, 1), OVERVIEW_HEIGHT - 2);
  }

  /** All boxes, in each row none closer to the next than half a pixel. */
  drawAll(pen) {
    const { flame } = this;
    const { boxes, colours, ratio, frames } = flame;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = colours.background;
    pen.fillRect(0, 0, this.width, OVERVIEW_HEIGHT);
    const scale = this.width / (boxes.to - boxes.from);
    const each = OVERVIEW_HEIGHT / boxes.rowCount;
    for (let row = 0; row < boxes.rowCount; row++) {
      const last = boxes.start[row + 1];
      let box = boxes.start[row];
      while (box < last) {
        const begin = (boxes.begin[box] - boxes.from) * scale;
        const end = Math.max((boxes.end[box] - boxes.from) * scale, begin + 0.5);
        pen.fillStyle = flame.fillOf(box, frames.isCall(boxes.frame[box]), flame.isFaded(box));
        pen.fillRect(begin, row * each, end - begin, Math.max(each, 1));
        box = box + 1 < last ? boxes.firstEndingAfter(row, boxes.from + end / scale, box + 1) : last;
      }
    }
  }

  xOf(place) { const { boxes } = this.flame; return (place - boxes.from) / (boxes.to - boxes.from) * this.width; }
  placeOf(x) { const { boxes } = this.flame; return boxes.from + x / this.width * (boxes.to - boxes.from); }
  x(event) { return Math.min(Math.max(event.clientX - this.canvas.getBoundingClientRect().left, 0), this.width); }

  listen() {
    const { element, flame } = this;
    element.addEventListener("pointerdown", (event) => {
      if (event.button || !flame.boxes || event.isPrimary === false) return;
      const x = this.x(event);
      const holds = !flame.isWhole && x >= this.xOf(flame.from) && x <= this.xOf(flame.to);
      this.drag = { x, from: flame.from, to: flame.to, holds, moved: false };
      element.setPointerCapture(event.pointerId);
    });
    element.addEventListener("pointermove", (event) => {
      const { drag } = this;
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
    });
    element.addEventListener("pointerup", (event) => {
      const { drag, choice } = this;
      this.drag = this.choice = null;
      if (!drag) return;
      if (choice) flame.setView(this.placeOf(choice[0]), this.placeOf(choice[1]));
      else if (!drag.moved && !drag.holds && !flame.isWhole) {
        const half = (drag.to - drag.from) / 2, middle = this.placeOf(this.x(event));
        flame.setView(middle - half, middle + half);
      }
    });
    element.addEventListener("pointercancel", () => { this.drag = this.choice = null; flame.draw(); });
    element.addEventListener("dblclick", () => { if (flame.boxes) flame.reset(); });
  }
}
