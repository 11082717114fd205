// One colour and one pattern for each phase, the same in every view.

/** Which pattern lies over which phase's colour: neighbours in a call differ in it. */
const PATTERNS = {
  entry: "plain", loop: "rising", input_standardization: "dots", data_adapter: "rising",
  dataset_building: "plain", iterator_creation: "falling", batch_fetching: "lines",
  function_building: "dots", function_tracing: "plain", compilation: "falling", dispatch: "rising",
  execution: "plain", eager_execution: "falling", callbacks: "dots", progress_bar: "lines",
  output_assembly: "falling", state_reset: "rising", synchronization: "plain", distribution: "dots",
  teardown: "plain", garbage_collection: "falling", unattributed: "rising",
};

const PATTERN_SIZE = 8;

function patternOf(phase) { return Object.hasOwn(PATTERNS, phase) ? PATTERNS[phase] : "rising"; }
/** The phase whose colour is to be used: a phase that the page does not know has the one of unattributed. */
function colourName(phase) { return Object.hasOwn(PATTERNS, phase) ? phase : "unattributed"; }

/** How much of its colour is left of what is not looked for, and how much white is in TensorFlow's own events. */
const FADED = 0.16, PALER = 0.3;

/** A pattern repeats after so many pixels of the screen. */
function patternSize(ratio) { return Math.round(PATTERN_SIZE * ratio); }

/** `colour` with a part of another in it; both are written as #rrggbb. */
function mixed(colour, other, part) {
  const number = (text, at) => parseInt(text.slice(at, at + 2), 16);
  return `rgb(${[1, 3, 5].map((at) => Math.round(number(colour, at) * (1 - part) + number(other, at) * part)).join(" ")})`;
}

class Colours {
  constructor(phases) {
    this.phases = phases.map((phase) => phase.name);
    this.meanings = phases.map((phase) => phase.meaning);
    this.read();
  }

  /** Reads the colours of the theme that is on. */
  read() {
    const style = getComputedStyle(document.documentElement);
    const value = (name) => style.getPropertyValue(name).trim();
    this.fill = this.phases.map((name) => value(`--phase-${name}`) || value("--phase-unattributed"));
    this.ink = value("--phase-ink");
    this.background = value("--surface");
    this.text = value("--text");
    this.neutral = value("--neutral");
    // Mixed once: boxes that are drawn through are dearer, and their words harder to read.
    this.paler = this.fill.map((colour) => mixed(colour, "#ffffff", PALER));
    this.faded = this.fill.map((colour) => mixed(this.background, colour, FADED));
    this.fadedNeutral = mixed(this.background, this.neutral, 0.5);
    this.faint = value("--faint");
    this.rule = value("--rule");
    this.accent = value("--accent");
    this.mark = value("--mark");
    this.veil = value("--veil");
    this.font = `${value("--canvas-size") || "12px"} ${value("--sans")}`;
    this.patterns = null;
  }

  /** The canvas patterns of this theme, made when first needed. */
  pattern(context, phase, ratio) {
    if (!this.patterns || this.ratio !== ratio) {
      this.ratio = ratio;
      this.patterns = this.phases.map((name) => makePattern(context, patternOf(name), ratio));
    }
    return this.patterns[phase];
  }

  number(name) { return this.phases.indexOf(name); }

  /** A small sample of a phase's colour and pattern. */
  swatch(name) {
    return el("span", {
      class: `swatch pattern-${patternOf(name)}`, "aria-hidden": "true",
      style: { "--fill": `var(--phase-${colourName(name)})` } });
  }
}

function makePattern(context, kind, ratio) {
  if (!kind || kind === "plain") return null;
  const size = patternSize(ratio);
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const pen = tile.getContext("2d");
  pen.strokeStyle = pen.fillStyle = "rgb(0 0 0 / 0.17)";
  pen.lineWidth = 1.4 * ratio;
  pen.beginPath();
  if (kind === "rising" || kind === "falling") {
    for (const shift of [-size, 0, size]) {
      const [from, to] = kind === "rising" ? [size, 0] : [0, size];
      pen.moveTo(shift - 1, from + (kind === "rising" ? 1 : -1));
      pen.lineTo(shift + size + 1, to + (kind === "rising" ? -1 : 1));
    }
    pen.stroke();
  } else if (kind === "lines") {
    pen.moveTo(size / 2, 0);
    pen.lineTo(size / 2, size);
    pen.stroke();
  } else {
    pen.arc(size / 2, size / 2, 1.3 * ratio, 0, 2 * Math.PI);
    pen.fill();
  }
  return context.createPattern(tile, "repeat");
}
