// @ts-check
// One colour and one pattern for each phase, the same in every view.

import { el, penOf } from "./dom.js";

/** @import { Phase } from "./content.d.ts" */

/**
 * Which pattern lies over which phase's colour: neighbours in a call differ in it.
 * @type {Record<string, string>}
 */
const PATTERNS = {
  entry: "plain",
  loop: "rising",
  input_standardization: "dots",
  data_adapter: "rising",
  dataset_building: "plain",
  iterator_creation: "falling",
  batch_fetching: "lines",
  function_building: "dots",
  function_tracing: "plain",
  compilation: "falling",
  dispatch: "rising",
  execution: "plain",
  eager_execution: "falling",
  callbacks: "dots",
  progress_bar: "lines",
  output_assembly: "falling",
  state_reset: "rising",
  synchronization: "plain",
  distribution: "dots",
  teardown: "plain",
  garbage_collection: "falling",
  undivided: "lines",
  unattributed: "rising",
};

const PATTERN_SIZE = 8;

/** @param {string} phase */
export function patternOf(phase) {
  return Object.hasOwn(PATTERNS, phase) ? PATTERNS[phase] : "rising";
}

/**
 * The phase whose colour is to be used: a phase that the page does not know has the one of unattributed.
 * @param {string} phase
 */
export function colourName(phase) {
  return Object.hasOwn(PATTERNS, phase) ? phase : "unattributed";
}

/** How much of its colour is left of what is not looked for. */
const FADED = 0.16;
/** How much white is in the colour of TensorFlow's own events. */
const PALER = 0.3;

/**
 * A pattern repeats after so many pixels of the screen.
 * @param {number} ratio
 */
export function patternSize(ratio) {
  return Math.round(PATTERN_SIZE * ratio);
}

/**
 * `colour` with a part of another in it; both are written as #rrggbb.
 * @param {string} colour
 * @param {string} other
 * @param {number} part
 */
export function mixed(colour, other, part) {
  const parts = [1, 3, 5].map((at) => {
    const [one, its] = [colour, other].map((text) => parseInt(text.slice(at, at + 2), 16));
    return Math.round(one * (1 - part) + its * part);
  });
  return `rgb(${parts.join(" ")})`;
}

/**
 * The colours of the theme that is on, as the style sheet has them.
 * @param {string[]} phases
 */
function themeColours(phases) {
  const style = getComputedStyle(document.documentElement);
  const value = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const fill = phases.map((name) => value(`--phase-${name}`) || value("--phase-unattributed"));
  const background = value("--surface");
  const neutral = value("--neutral");
  return {
    fill,
    // Mixed once: boxes that are drawn through take more time, and their words are harder to read.
    paler: fill.map((colour) => mixed(colour, "#ffffff", PALER)),
    faded: fill.map((colour) => mixed(background, colour, FADED)),
    background,
    neutral,
    fadedNeutral: mixed(background, neutral, 0.5),
    ink: value("--phase-ink"),
    text: value("--text"),
    faint: value("--faint"),
    rule: value("--rule"),
    accent: value("--accent"),
    mark: value("--mark"),
    veil: value("--veil"),
    font: `${value("--canvas-size") || "12px"} ${value("--sans")}`,
  };
}

export class Colours {
  /** @param {Phase[]} phases */
  constructor(phases) {
    this.phases = phases.map((phase) => phase.name);
    this.meanings = phases.map((phase) => phase.meaning);
    this.theme = themeColours(this.phases);
    this.ratio = 1;
    /** @type {(CanvasPattern | null)[] | null} */
    this.patterns = null;
  }

  /** Reads the colours of the theme that is on. */
  read() {
    this.theme = themeColours(this.phases);
    this.patterns = null;
  }

  /**
   * The canvas pattern of a phase in this theme; all are made when one is first needed.
   * @param {CanvasRenderingContext2D} context
   * @param {number} phase
   * @param {number} ratio
   */
  pattern(context, phase, ratio) {
    if (!this.patterns || this.ratio !== ratio) {
      this.ratio = ratio;
      this.patterns = this.phases.map((name) => makePattern(context, patternOf(name), ratio));
    }
    return this.patterns[phase];
  }

  /**
   * The number of a phase, or -1.
   * @param {string} name
   */
  number(name) {
    return this.phases.indexOf(name);
  }

  /**
   * A small sample of a phase's colour and pattern.
   * @param {string} name
   */
  swatch(name) {
    return el("span", {
      class: `swatch pattern-${patternOf(name)}`,
      "aria-hidden": "true",
      style: { "--fill": `var(--phase-${colourName(name)})` },
    });
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} kind
 * @param {number} ratio
 */
function makePattern(context, kind, ratio) {
  if (kind === "plain") return null;
  const size = patternSize(ratio);
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const pen = penOf(tile);
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
