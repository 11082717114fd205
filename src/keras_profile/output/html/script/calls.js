// Every call that was measured, as a point in the order they were made.

const CALLS_HEIGHT = 190;
/** One mark for each capture, told apart by shape too. */
const CAPTURE_MARKS = ["disc", "square", "up", "diamond", "down"];

class CallsChart {
  constructor(app) {
    this.app = app;
    const { content } = app;
    const { measured } = content;
    this.captures = measured.captures;
    this.capture = content.column(measured.capture);
    this.cold = content.column(measured.cold);
    this.wall = content.column(measured.wall);
    this.gc = content.column(measured.gc);
    this.shown = new Set(this.captures);
    this.canvas = el("canvas", { role: "img", "aria-label": "Time of each call in the order they were made; the table beside it has the figures" });
    this.host = el("div", { class: "calls-chart" }, this.canvas);
    this.readout = el("p", { class: "calls-readout quiet", "aria-live": "polite" });
    this.canvas.addEventListener("pointermove", (event) => this.hover(event));
    this.canvas.addEventListener("pointerleave", () => { this.at = -1; this.paint(); this.readout.textContent = this.hint(); });
    this.canvas.addEventListener("click", (event) => { this.hover(event); this.open(); });
    this.at = -1;
    this.readout.textContent = this.hint();
    new ResizeObserver(() => this.paint()).observe(this.host);
  }

  hint() {
    if (!this.captures.includes("spans")) return "Garbage collections are seen in calls under spans alone, and there are none.";
    const collections = this.gc.reduce((sum, time) => sum + (time > 0 ? 1 : 0), 0);
    return collections
      ? `A ring marks a call with a garbage collection (${plural(collections, "call")} of those under spans, which alone see them).`
      : "No garbage collection ran in the calls under spans, which alone see them.";
  }

  render() {
    const rows = this.captures.map((name, number) => {
      const walls = [], collected = [];
      for (let call = 0; call < this.wall.length; call++) {
        if (this.capture[call] === number && !this.cold[call]) walls.push(this.wall[call]);
        if (this.capture[call] === number && !this.cold[call] && this.gc[call] > 0) collected.push(this.gc[call]);
      }
      walls.sort((a, b) => a - b);
      const at = (part) => walls.length ? quantile(walls, part) : null;
      const cell = (value) => el("td", { class: "number" }, value === null ? "" : milliseconds(value));
      return el("tr", {},
        el("th", { scope: "row" }, el("label", { class: "capture-choice" },
          el("input", { type: "checkbox", checked: true, on: { change: (event) => {
            if (event.target.checked) this.shown.add(name); else this.shown.delete(name);
            this.paint();
          } } }), this.markSample(number), named(name))),
        el("td", { class: "number" }, walls.length.toLocaleString("en")),
        [0, 0.25, 0.5, 0.75, 0.95, 1].map((part) => cell(at(part))),
        el("td", { class: "number" }, collected.length ? `${collected.length} × ${milliseconds(collected.reduce((a, b) => a + b, 0) / collected.length)}` : ""));
    });
    return [
      el("h2", { id: "calls-title" }, "Every call"),
      el("div", { class: "calls-grid" },
        el("div", {}, this.host, this.readout),
        el("div", { class: "scroller", tabindex: "0", role: "group", "aria-label": "Percentiles" },
          el("table", { class: "plain percentiles" },
            el("caption", {}, "Warm calls, ms"),
            el("thead", {}, el("tr", {}, ["capture", "calls", "least", "25%", "median", "75%", "95%", "most", "collected"].map(
              (title, at) => el("th", { scope: "col", class: at ? "number" : "" }, title)))),
            el("tbody", {}, rows)),
          el("p", { class: "quiet" }, printable(this.app.content.texts.calls)))),
    ];
  }

  markSample(number) {
    const canvas = el("canvas", { class: "capture-mark", width: 28, height: 28, "aria-hidden": "true" });
    this.samples ??= [];
    this.samples.push([canvas, number]);
    return canvas;
  }

  paintSamples() {
    for (const [canvas, number] of this.samples ?? []) {
      const pen = canvas.getContext("2d");
      pen.setTransform(2, 0, 0, 2, 0, 0);
      pen.clearRect(0, 0, 14, 14);
      this.mark(pen, number, 7, 7, 3.6);
    }
  }

  /** Places a call: across by order, up by the logarithm of its time. */
  scales() {
    const width = this.host.clientWidth;
    let low = Infinity, high = 0;
    for (let call = 0; call < this.wall.length; call++) {
      if (!this.shown.has(this.captures[this.capture[call]])) continue;
      low = Math.min(low, this.wall[call]);
      high = Math.max(high, this.wall[call]);
    }
    if (!high) [low, high] = [1e5, 1e7];
    const [bottom, top] = [Math.log(low * 0.93), Math.log(high * 1.09)];
    const left = 54, right = 12, over = 10, under = 20;
    return {
      width, low, high, left, right,
      x: (call) => left + (this.wall.length < 2 ? 0.5 : call / (this.wall.length - 1)) * (width - left - right - 8) + 4,
      y: (ns) => over + (1 - (Math.log(ns) - bottom) / (top - bottom)) * (CALLS_HEIGHT - over - under),
    };
  }

  paint() {
    const { colours } = this.app;
    const ratio = devicePixelRatio || 1;
    const { width, x, y, low, high, left, right } = this.scales();
    if (!width) return;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(CALLS_HEIGHT * ratio);
    this.canvas.style.setProperty("width", `${width}px`);
    this.canvas.style.setProperty("height", `${CALLS_HEIGHT}px`);
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.font = colours.font;
    pen.textBaseline = "middle";
    this.paintSamples();
    for (const at of gridValues(low * 0.93, high * 1.09)) {
      pen.fillStyle = colours.rule;
      pen.fillRect(left, Math.round(y(at)), width - left - right, 1);
      pen.fillStyle = colours.faint;
      pen.textAlign = "right";
      pen.fillText(axisWords(at, Math.min(at, at < 1e9 ? 1e7 : at)), left - 6, y(at));
    }
    pen.textAlign = "left";
    pen.fillStyle = colours.faint;
    pen.fillText("first call", left, CALLS_HEIGHT - 8);
    pen.textAlign = "right";
    pen.fillText("last", width - right, CALLS_HEIGHT - 8);
    pen.textAlign = "left";
    const size = this.wall.length > 2000 ? 1.6 : this.wall.length > 300 ? 2.4 : 3.6;
    for (let call = 0; call < this.wall.length; call++) {
      if (!this.shown.has(this.captures[this.capture[call]])) continue;
      this.mark(pen, this.capture[call], x(call), y(this.wall[call]), size);
      if (this.gc[call] > 0) this.ring(pen, x(call), y(this.wall[call]), size + 3, colours.mark);
      if (this.cold[call]) {
        pen.fillStyle = colours.text;
        pen.fillText("cold", x(call) + size + 8, y(this.wall[call]));
      }
    }
    if (this.at >= 0) this.ring(pen, x(this.at), y(this.wall[this.at]), size + 4, colours.accent);
  }

  mark(pen, capture, x, y, size) {
    pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--capture-${capture % CAPTURE_MARKS.length}`);
    pen.beginPath();
    const shape = CAPTURE_MARKS[capture % CAPTURE_MARKS.length];
    if (shape === "disc") pen.arc(x, y, size, 0, 2 * Math.PI);
    else if (shape === "square") pen.rect(x - size * 0.85, y - size * 0.85, size * 1.7, size * 1.7);
    else {
      const corners = { up: [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]], down: [[0, 1.2], [1.1, -0.8], [-1.1, -0.8]],
        diamond: [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]] }[shape];
      corners.forEach(([across, down], at) => pen[at ? "lineTo" : "moveTo"](x + across * size, y + down * size));
    }
    pen.fill();
  }

  ring(pen, x, y, size, colour) {
    pen.strokeStyle = colour;
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.arc(x, y, size, 0, 2 * Math.PI);
    pen.stroke();
  }

  hover(event) {
    const place = this.canvas.getBoundingClientRect();
    const { x, y } = this.scales();
    let best = -1, nearest = 24 ** 2;
    for (let call = 0; call < this.wall.length; call++) {
      if (!this.shown.has(this.captures[this.capture[call]])) continue;
      const away = (x(call) - (event.clientX - place.left)) ** 2 + (y(this.wall[call]) - (event.clientY - place.top)) ** 2;
      if (away < nearest) { nearest = away; best = call; }
    }
    if (best === this.at) return;
    this.at = best;
    this.paint();
    this.readout.textContent = best < 0 ? this.hint() : this.words(best);
  }

  words(call) {
    const kept = this.kept(call);
    return `Call ${call + 1} of ${this.wall.length}: ${milliseconds(this.wall[call])} ms under ${printable(this.captures[this.capture[call]])}`
      + (this.cold[call] ? ", cold" : "") + (this.gc[call] > 0 ? `, ${milliseconds(this.gc[call])} ms of it garbage collection` : "")
      + (kept >= 0 ? ". Click shows it in time order." : ".");
  }

  /** Which of the calls in time order a measured call is, or -1. */
  kept(call) {
    const name = this.captures[this.capture[call]];
    let number = 0;
    for (let before = 0; before < call; before++) {
      if (this.capture[before] === this.capture[call] && this.cold[before] === this.cold[call]) number++;
    }
    return this.app.content.calls.findIndex(
      (one) => one.capture === name && one.cold === Boolean(this.cold[call]) && one.number === number);
  }

  open() {
    const kept = this.at < 0 ? -1 : this.kept(this.at);
    if (kept >= 0) this.app.showCall(kept);
  }
}

/** The value below which a part of sorted values lies, as the report has it: between two by line. */
function quantile(sorted, part) {
  const at = (sorted.length - 1) * part;
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (at - low);
}

/** Values for lines across a logarithmic axis. */
function gridValues(low, high) {
  const found = [];
  const factors = high / low > 30 ? [1] : high / low > 2.5 ? [1, 2, 5] : [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9];
  for (let size = 10 ** Math.floor(Math.log10(low)); size <= high; size *= 10) {
    for (const factor of factors) if (size * factor >= low && size * factor <= high) found.push(size * factor);
  }
  return found.length > 7 ? found.filter((_, at) => at % 2 === 0) : found;
}
