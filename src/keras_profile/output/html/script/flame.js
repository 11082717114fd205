// Draws boxes on a canvas, and turns mouse, wheel, touch and keys into zoom, pan and selection.
// Only what is visible is drawn: in each row a jump by halving to the first visible box, and from
// box to box no closer than half a pixel.

const ROW = 21, AXIS = 22, LEAST_LABEL = 26, LEAST_PATTERN = 14, LEAST_SPREAD = 20;
const stillMotion = matchMedia("(prefers-reduced-motion: reduce)");

class Flame {
  /**
   * `act` has what happens: select(box), open(box), hover(box, event), moved(from, to).
   * `range([from, to])` a part that was marked on the axis, without which that part is zoomed to.
   * `upward` draws row 0 at the bottom; `axis(x)` gives the words of a place on the axis, which
   * is counted from the left edge where `scale` is true; `overview` has a strip with all of it.
   */
  constructor({ label, frames, colours, upward = false, axis = null, scale = false, overview = false, clickZooms = true, act }) {
    Object.assign(this, { frames, colours, upward, axis, scale, clickZooms, act });
    this.canvas = el("canvas", { role: "img" });
    this.spacer = el("div", { class: "flame-spacer" });
    this.element = el("div", {
      class: "flame", tabindex: "0", role: "application", "aria-roledescription": "flame graph", "aria-label": label,
      "aria-describedby": "said" }, this.canvas, this.spacer);
    this.context = this.canvas.getContext("2d", { alpha: false });
    this.overview = overview ? new Overview(this) : null;
    this.boxes = this.range = null;
    this.selected = this.hovered = -1;
    this.matches = null;
    this.phaseOnly = -1;
    this.widths = new Map();
    this.ends = new Map();
    this.listen();
    new ResizeObserver(() => this.resize()).observe(this.element);
  }

  // --- what is shown ---

  show(boxes, { from = boxes.from, to = boxes.to } = {}) {
    this.boxes = boxes;
    this.from = from;
    this.to = to;
    this.selected = this.hovered = -1;
    this.range = this.motion = null;
    this.goal = [from, to];
    this.overview?.forget();
    this.tellView(from, to);
    this.resize();
  }

  setView(from, to, animate = true) {
    const { boxes } = this;
    const span = Math.min(Math.max(to - from, (boxes.to - boxes.from) * 1e-7, 1e-9), boxes.to - boxes.from);
    const goal = Math.min(Math.max(from, boxes.from), boxes.to - span);
    this.act.moved?.(goal, goal + span);
    this.goal = [goal, goal + span];
    this.tellView(...this.goal);
    if (!animate || stillMotion.matches) {
      this.motion = null;
      [this.from, this.to] = this.goal;
    } else {
      this.motion = { from: this.from, to: this.to, begin: performance.now(), goal: this.goal };
    }
    this.draw();
  }

  /** Writes the part that is shown where programs that test or read the page find it. */
  tellView(from, to) {
    const whole = this.boxes.to - this.boxes.from;
    this.element.dataset.from = ((from - this.boxes.from) / whole).toFixed(6);
    this.element.dataset.to = ((to - this.boxes.from) / whole).toFixed(6);
  }

  zoomTo(box) { this.setView(this.boxes.begin[box], this.boxes.end[box]); }
  zoomBy(factor, at = 0.5) {
    const [from, to] = this.motion ? this.goal : [this.from, this.to];
    const fixed = from + (to - from) * at;
    this.setView(fixed - (fixed - from) * factor, fixed + (to - fixed) * factor, false);
  }
  pan(part) {
    const [from, to] = this.motion ? this.goal : [this.from, this.to];
    this.setView(from + (to - from) * part, to + (to - from) * part, false);
  }
  reset() { this.setView(this.boxes.from, this.boxes.to); }
  get isWhole() { return this.from <= this.boxes.from && this.to >= this.boxes.to; }

  select(box, reveal = false) {
    this.selected = box;
    if (box >= 0) this.range = null;
    if (box >= 0 && reveal) {
      const { begin, end } = this.boxes;
      const [from, to] = this.motion ? this.goal : [this.from, this.to];
      if (begin[box] < from || end[box] > to) {
        if (end[box] - begin[box] > to - from) this.setView(begin[box], end[box]);
        else this.setView((begin[box] + end[box] - (to - from)) / 2, (begin[box] + end[box] + (to - from)) / 2);
      }
      this.scrollToRow(this.boxes.row[box]);
    }
    if (box >= 0) {
      const share = (this.boxes.end[box] - this.boxes.begin[box]) / (this.boxes.to - this.boxes.from);
      say(`${this.frames.label(this.boxes.frame[box])}, ${phaseWords(this.colours.phases[this.boxes.phase[box]])}, ${percent(share)}`);
    }
    this.draw();
  }

  /** `matches` is 1 for each frame that is found, or null. */
  highlight(matches) { this.matches = matches; this.redraw(); }
  highlightPhase(phase) { this.phaseOnly = phase; this.redraw(); }
  /** Marks a part of the axis, or nothing. */
  mark(range) { this.range = range; this.draw(); }

  // --- places ---

  get top() { return this.axis ? AXIS : 0; }
  yOfRow(row) { return this.top + (this.upward ? this.boxes.rowCount - 1 - row : row) * ROW; }
  rowOfY(y) {
    const row = Math.floor((y - this.top + this.element.scrollTop) / ROW);
    return this.upward ? this.boxes.rowCount - 1 - row : row;
  }
  boxAt(event) {
    if (!this.boxes) return -1;
    const place = this.canvas.getBoundingClientRect();
    const y = event.clientY - place.top;
    if (y < this.top) return -1;
    const x = this.from + (event.clientX - place.left) / place.width * (this.to - this.from);
    return this.boxes.at(this.rowOfY(y), x);
  }
  scrollToRow(row) {
    const y = this.yOfRow(row) - this.top;
    const high = this.element.clientHeight - this.top;
    if (y < this.element.scrollTop) this.element.scrollTop = y;
    else if (y + ROW > this.element.scrollTop + high) this.element.scrollTop = y + ROW - high;
  }

  resize() {
    if (!this.boxes) return;
    const { clientWidth: width } = this.element;
    const whole = this.top + this.boxes.rowCount * ROW + 4;
    // With the border, so that what fits needs no scrolling.
    this.element.style.setProperty("--rows", `${whole + 2}px`);
    const height = Math.min(whole, this.element.clientHeight || whole);
    this.spacer.style.setProperty("height", `${Math.max(0, whole - height)}px`);
    this.ratio = devicePixelRatio || 1;
    if (!width || !height) return;
    const [w, h] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
    if (this.canvas.width !== w || this.canvas.height !== h) {
      this.canvas.width = w;
      this.canvas.height = h;
      this.canvas.style.setProperty("width", `${width}px`);
      this.canvas.style.setProperty("height", `${height}px`);
    }
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
    const { from, to, begin, goal } = this.motion;
    const part = Math.min(1, (performance.now() - begin) / 160);
    const eased = 1 - (1 - part) ** 3;
    this.from = from + (goal[0] - from) * eased;
    this.to = to + (goal[1] - to) * eased;
    if (part === 1) this.motion = null;
  }

  paint() {
    const { boxes, context: pen, colours, width, height, ratio } = this;
    if (!boxes || !width) return;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = colours.background;
    pen.fillRect(0, 0, width, height);
    if (this.font !== colours.font) {
      this.font = colours.font;
      this.widths.clear();
      this.ends.clear();
    }
    pen.font = colours.font;
    pen.textBaseline = "middle";
    const scroll = this.element.scrollTop;
    const low = Math.floor(scroll / ROW), high = Math.min(boxes.rowCount - 1, Math.ceil((scroll + height) / ROW));
    for (let at = low; at <= high; at++) {
      const row = this.upward ? boxes.rowCount - 1 - at : at;
      this.paintRow(row, this.top + at * ROW - scroll);
    }
    if (this.axis) this.paintAxis();
    this.outline(this.hovered, colours.text, 1);
    this.outline(this.selected, colours.accent, 2);
    if (this.range) this.paintRange();
    this.overview?.paint();
  }

  paintRow(row, y) {
    const { boxes, context: pen, colours, width, from } = this;
    const title = boxes.titles.get(row);
    if (title !== undefined) {
      pen.fillStyle = colours.rule;
      pen.fillRect(0, y + 1, width, 1);
      pen.fillStyle = colours.faint;
      pen.fillText(threadWords(title), 5, y + ROW / 2 + 2);
      return;
    }
    const scale = width / (this.to - from);
    const last = boxes.start[row + 1];
    const high = ROW - 1;
    let box = boxes.firstEndingAfter(row, from);
    while (box < last && boxes.begin[box] < this.to) {
      const begin = Math.max((boxes.begin[box] - from) * scale, -1);
      const end = Math.min((boxes.end[box] - from) * scale, width + 1);
      const phase = boxes.phase[box];
      const isCall = this.frames.isCall(boxes.frame[box]);
      const isFaded = this.isFaded(box);
      const fill = this.fillOf(box, isCall, isFaded);
      pen.fillStyle = fill;
      if (end - begin < 1.5) {
        // A run of boxes that are too small to be told apart is drawn as one of their colour.
        let x = Math.max(end, begin + 0.5);
        let next = boxes.firstEndingAfter(row, from + x / scale, box + 1);
        while (next < last && (boxes.begin[next] - from) * scale - x < 0.5 && x < width
               && (boxes.end[next] - boxes.begin[next]) * scale < 1.5
               && this.fillOf(next, this.frames.isCall(boxes.frame[next]), this.isFaded(next)) === fill) {
          x = Math.max((boxes.end[next] - from) * scale, x + 0.5);
          next = boxes.firstEndingAfter(row, from + x / scale, next + 1);
        }
        pen.fillRect(begin, y, Math.max(x - begin, 0.5), high);
        box = next;
        continue;
      }
      const size = end - begin - (end - begin > 3 ? 1 : 0.4);
      pen.fillRect(begin, y, size, high);
      if (size > LEAST_PATTERN) {
        const pattern = isCall || isFaded ? null : colours.pattern(pen, phase, this.ratio);
        if (pattern) {
          this.paintPattern(pattern, (boxes.begin[box] - from) * scale, begin, y, size, high);
        }
        if (size > LEAST_LABEL) {
          pen.fillStyle = isFaded ? colours.faint : isCall ? colours.text : colours.ink;
          this.paintLabel(box, begin, y, size);
        }
      }
      box++;
    }
  }

  /** A pattern begins where its box does, on the screen or left of it, so that it moves with the box. */
  paintPattern(pattern, origin, begin, y, size, high) {
    const { context: pen, ratio } = this;
    const tile = patternSize(ratio);
    // Patterns are made in device pixels and begin at one, so that they stay sharp.
    const left = Math.round(begin * ratio), top = Math.round(y * ratio);
    const shift = (left - Math.round(origin * ratio)) % tile;
    pen.fillStyle = pattern;
    pen.setTransform(1, 0, 0, 1, left - shift, top);
    pen.fillRect(shift, 0, Math.round((begin + size) * ratio) - left, Math.round(high * ratio));
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  /** Whether a box is none of those that are looked for. */
  isFaded(box) {
    return this.matches !== null && !this.matches[this.boxes.frame[box]]
      || this.phaseOnly >= 0 && this.boxes.phase[box] !== this.phaseOnly;
  }

  fillOf(box, isCall, isFaded) {
    const { colours, boxes } = this;
    if (isCall) return isFaded ? colours.fadedNeutral : colours.neutral;
    if (isFaded) return colours.faded[boxes.phase[box]];
    return (this.frames.kind[boxes.frame[box]] === NATIVE_KIND ? colours.paler : colours.fill)[boxes.phase[box]];
  }

  paintLabel(box, begin, y, size) {
    const left = Math.max(begin, 0) + 5;
    const room = Math.min(begin + size, this.width) - left - 4;
    const text = this.frames.label(this.boxes.frame[box]);
    const fitting = this.fit(text, room);
    if (fitting) this.context.fillText(fitting, left, y + ROW / 2);
  }

  /** As much of a text as fits, or nothing where that says nothing. */
  fit(text, room) {
    const ends = this.endsOf(text);
    if (ends[text.length] <= room) return text;
    const last = room - this.widthOf("…");
    let letters = 0, high = text.length - 1;
    while (letters < high) {
      const middle = (letters + high + 1) >> 1;
      if (ends[middle] <= last) letters = middle; else high = middle - 1;
    }
    return letters < 3 ? "" : `${start(text, letters)}…`;
  }

  /** Where each letter of a text ends. Measuring is dear, and a box is drawn many times. */
  endsOf(text) {
    let ends = this.ends.get(text);
    if (ends === undefined) {
      ends = new Float32Array(text.length + 1);
      let at = 0;
      for (const letter of text) {
        const end = ends[at] + this.widthOf(letter);
        for (let unit = 0; unit < letter.length; unit++) ends[++at] = end;
      }
      this.ends.set(text, ends);
    }
    return ends;
  }

  widthOf(text) {
    let width = this.widths.get(text);
    if (width === undefined) {
      width = this.context.measureText(text).width;
      this.widths.set(text, width);
    }
    return width;
  }

  outline(box, colour, thick) {
    if (box < 0 || !this.boxes || box >= this.boxes.count) return;
    const scale = this.width / (this.to - this.from);
    const x = (this.boxes.begin[box] - this.from) * scale;
    const end = (this.boxes.end[box] - this.from) * scale;
    if (end < 0 || x > this.width) return;
    const y = this.yOfRow(this.boxes.row[box]) - this.element.scrollTop;
    if (y < this.top - ROW) return;
    const { context: pen } = this;
    pen.strokeStyle = colour;
    pen.lineWidth = thick;
    const left = Math.max(x, 0) + thick / 2;
    pen.strokeRect(left, y + thick / 2, Math.max(Math.min(end, this.width) - left - thick / 2 - 1, 1), ROW - 1 - thick);
  }

  paintAxis() {
    const { context: pen, colours, width } = this;
    const span = this.to - this.from;
    pen.fillStyle = colours.background;
    pen.fillRect(0, 0, width, AXIS - 2);
    const step = roundStep(span / Math.max(2, width / 110));
    const origin = this.scale ? this.from : 0;
    pen.fillStyle = colours.faint;
    for (let at = Math.ceil((this.from - origin) / step) * step; at <= this.to - origin; at += step) {
      const x = (at + origin - this.from) / span * width;
      const words = this.axis(at, step);
      pen.fillRect(x, AXIS - 7, 1, 5);
      if (x + 4 + this.widthOf(words) < width) pen.fillText(words, x + 4, AXIS / 2 - 1);
    }
    pen.fillStyle = colours.rule;
    pen.fillRect(0, AXIS - 2, width, 1);
  }

  /** What is outside of the part that is marked fades, and the axis says how long it is. */
  paintRange() {
    const { context: pen, colours, width, height } = this;
    const scale = width / (this.to - this.from);
    const [begin, end] = this.range.map((place) => Math.min(Math.max((place - this.from) * scale, 0), width));
    pen.fillStyle = colours.veil;
    pen.fillRect(0, this.top, begin, height);
    pen.fillRect(end, this.top, width - end, height);
    pen.fillStyle = colours.background;
    pen.fillRect(begin, 0, end - begin, AXIS - 2);
    pen.fillStyle = colours.accent;
    pen.fillRect(begin, 0, 1, height);
    pen.fillRect(end - 1, 0, 1, height);
    const words = duration(this.range[1] - this.range[0]);
    const size = this.widthOf(words) + 10;
    const left = Math.min(Math.max((begin + end - size) / 2, 0), width - size);
    pen.fillRect(left, 0, size, AXIS - 3);
    pen.fillStyle = colours.background;
    pen.fillText(words, left + 5, AXIS / 2 - 1);
  }

  // --- mouse, wheel, touch, keys ---

  listen() {
    const host = this.element;
    host.addEventListener("scroll", () => this.draw());
    host.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    host.addEventListener("pointerdown", (event) => this.press(event));
    host.addEventListener("pointermove", (event) => this.move(event));
    host.addEventListener("pointerup", (event) => this.release(event));
    host.addEventListener("pointercancel", () => { this.drag = null; });
    // Two fingers are watched as touches: of pointers the browser would take them away for its own zoom.
    host.addEventListener("touchstart", (event) => this.touch(event), { passive: false });
    host.addEventListener("touchmove", (event) => this.pinch(event), { passive: false });
    for (const end of ["touchend", "touchcancel"]) host.addEventListener(end, () => { this.fingers = null; });
    host.addEventListener("pointerleave", () => { this.hovered = -1; this.act.hover?.(-1); this.draw(); });
    host.addEventListener("dblclick", (event) => {
      const box = this.boxAt(event);
      if (box >= 0) this.zoomTo(box);
    });
    host.addEventListener("keydown", (event) => this.key(event));
  }

  wheel(event) {
    if (!this.boxes) return;
    const across = event.deltaX || (event.shiftKey ? event.deltaY : 0);
    if (event.ctrlKey || event.metaKey || event.altKey) {
      event.preventDefault();
      const place = this.canvas.getBoundingClientRect();
      this.zoomBy(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.006), (event.clientX - place.left) / place.width);
    } else if (Math.abs(across) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
      event.preventDefault();
      this.pan(across / this.width);
    }
  }

  /** Where two fingers are: the place between them and how far they are from each other. */
  spread({ touches: [one, other] }) {
    const { left } = this.canvas.getBoundingClientRect();
    return {
      middle: (one.clientX + other.clientX) / 2 - left,
      apart: Math.max(Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY), LEAST_SPREAD) };
  }

  touch(event) {
    if (event.touches.length !== 2 || !this.boxes) return;
    event.preventDefault();
    this.drag = null;
    this.fingers = { ...this.spread(event), from: this.from, to: this.to };
  }

  /** What was between the fingers stays there; the view grows as they part. */
  pinch(event) {
    const { fingers } = this;
    if (event.touches.length !== 2 || !fingers) return;
    event.preventDefault();
    const { middle, apart } = this.spread(event);
    const span = (fingers.to - fingers.from) * fingers.apart / apart;
    const held = fingers.from + fingers.middle / this.width * (fingers.to - fingers.from);
    const from = held - middle / this.width * span;
    this.setView(from, from + span, false);
  }

  press(event) {
    if (event.button || event.isPrimary === false) return;
    const place = this.canvas.getBoundingClientRect();
    this.drag = { x: event.clientX, y: event.clientY, from: this.from, to: this.to, scroll: this.element.scrollTop, moved: false,
      marks: event.shiftKey || event.clientY - place.top < this.top, place: this.placeAt(event) };
  }

  move(event) {
    if (!this.boxes) return;
    const { drag } = this;
    if (drag && event.buttons & 1) {
      const across = event.clientX - drag.x, down = event.clientY - drag.y;
      if (!drag.moved && Math.abs(across) + Math.abs(down) > 4) {
        drag.moved = true;
        this.element.setPointerCapture(event.pointerId);
        if (!drag.marks) this.element.classList.add("dragged");
      }
      if (drag.moved && drag.marks) {
        const at = this.placeAt(event);
        this.mark([Math.min(drag.place, at), Math.max(drag.place, at)]);
        return;
      }
      if (drag.moved) {
        const shift = across / this.width * (drag.to - drag.from);
        this.setView(drag.from - shift, drag.to - shift, false);
        if (event.pointerType === "mouse") this.element.scrollTop = drag.scroll - down;
        this.act.hover?.(-1);
        return;
      }
    }
    if (event.pointerType === "touch") return;
    const box = this.boxAt(event);
    if (box !== this.hovered) {
      this.hovered = box;
      this.draw();
    }
    this.element.classList.toggle("over", box >= 0);
    this.act.hover?.(box, event);
  }

  /** The place on the axis beneath the mouse. */
  placeAt(event) {
    const place = this.canvas.getBoundingClientRect();
    const part = Math.min(Math.max((event.clientX - place.left) / place.width, 0), 1);
    return this.from + part * (this.to - this.from);
  }

  release(event) {
    const { drag, range } = this;
    this.drag = null;
    this.element.classList.remove("dragged");
    if (drag?.moved && drag.marks && range) {
      if (this.act.range) this.act.range(range);
      else {
        this.mark(null);
        this.setView(...range);
      }
    }
    if (!drag || drag.moved || event.button) return;
    const box = this.boxAt(event);
    this.range = null;
    this.select(box);
    this.act.select?.(box);
    if (box >= 0 && this.clickZooms) this.zoomTo(box);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.boxes) return;
    const step = event.shiftKey ? 0.5 : 0.12;
    const turned = this.upward ? { ArrowUp: "ArrowDown", ArrowDown: "ArrowUp" }[event.key] ?? event.key : event.key;
    const acts = {
      w: () => this.zoomBy(0.7), s: () => this.zoomBy(1 / 0.7), "+": () => this.zoomBy(0.7), "-": () => this.zoomBy(1 / 0.7),
      a: () => this.pan(-step), d: () => this.pan(step), "0": () => this.reset(),
      Enter: () => { if (this.selected >= 0) this.zoomTo(this.selected); },
      ArrowDown: () => this.walk(this.below()), ArrowUp: () => this.walk(this.above()),
      ArrowLeft: () => this.walk(this.beside(-1)), ArrowRight: () => this.walk(this.beside(1)),
      Home: () => this.walk(0),
    };
    const act = acts[turned] ?? acts[turned.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  walk(box) {
    if (box < 0) return;
    this.select(box, true);
    this.act.select?.(box);
  }

  /** The longest box below the selected one; the first box where none is selected. */
  below() {
    if (this.selected < 0) return this.boxes.count ? 0 : -1;
    const { boxes, selected } = this;
    const row = boxes.row[selected] + 1;
    if (row >= boxes.rowCount) return -1;
    let best = -1;
    for (let box = boxes.firstEndingAfter(row, boxes.begin[selected]);
      box < boxes.start[row + 1] && boxes.begin[box] < boxes.end[selected]; box++) {
      if (best < 0 || boxes.end[box] - boxes.begin[box] > boxes.end[best] - boxes.begin[best]) best = box;
    }
    return best >= 0 ? best : this.nextLane(row);
  }

  /** In time order the row below a lane may be the title of the next one. */
  nextLane(row) {
    const { boxes } = this;
    return boxes.titles.has(row) && row + 1 < boxes.rowCount ? boxes.start[row + 1] : -1;
  }

  above() {
    if (this.selected < 0) return -1;
    const { boxes, selected } = this;
    for (let row = boxes.row[selected] - 1; row >= 0; row--) {
      const box = boxes.at(row, boxes.begin[selected]);
      if (box >= 0) return box;
    }
    return -1;
  }

  beside(direction) {
    if (this.selected < 0) return this.boxes.count ? 0 : -1;
    const { boxes, selected } = this;
    const box = selected + direction;
    return box >= boxes.start[boxes.row[selected]] && box < boxes.start[boxes.row[selected] + 1] ? box : -1;
  }
}

/** A round number of at least `least`: 1, 2 or 5 and zeros. */
function roundStep(least) {
  const size = 10 ** Math.floor(Math.log10(Math.max(least, 1e-9)));
  return [1, 2, 5, 10].map((one) => one * size).find((one) => one >= least) ?? least;
}
