// @ts-check
// The search of names and modules: what it finds, and the field that it is typed into.

import { el } from "./dom.js";
import { percent, plural } from "./words.js";

/** @import { App } from "./app.js" */
/** @import { Frames } from "./frames.js" */

/**
 * Whether a name has what is looked for; null where nothing is.
 * @param {string} text
 * @returns {((name: string) => boolean) | null}
 */
export function finder(text) {
  const wanted = text.trim().toLowerCase();
  return wanted ? (name) => name.toLowerCase().includes(wanted) : null;
}

/**
 * 1 for each frame whose name or module has what is looked for.
 * @param {Pick<Frames, "strings" | "names" | "modules" | "count">} frames
 * @param {(name: string) => boolean} test
 */
export function matchingFrames(frames, test) {
  const hits = frames.strings.map((name) => (test(name) ? 1 : 0));
  const matches = new Uint8Array(frames.count);
  for (let frame = 0; frame < frames.count; frame++) {
    matches[frame] = hits[frames.names[frame]] | hits[frames.modules[frame]];
  }
  return matches;
}

/**
 * The match to go to from the one that is selected, around the end; undefined where there is none.
 * @param {number[]} found
 * @param {number} selected
 * @param {number} by
 */
export function nextMatch(found, selected, by) {
  const now = found.indexOf(selected);
  return found[(now + by + found.length) % found.length] ?? found[0];
}

export class Search {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.text = "";
    /** @type {Uint8Array | null} */
    this.matches = null;
    /** @type {((name: string) => boolean) | null} */
    this.test = null;
    this.input = el("input", {
      type: "search",
      id: "search",
      placeholder: "Search",
      autocomplete: "off",
      spellcheck: "false",
      "aria-label": "Search names and modules",
      "aria-describedby": "search-count",
      on: { input: () => this.run(this.input.value), keydown: (event) => this.key(event) },
    });
    this.count = el("output", { id: "search-count", class: "search-count", for: "search" });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === "Enter") {
      event.preventDefault();
      this.step(event.shiftKey ? -1 : 1);
    }
    if (event.key === "Escape") {
      this.clear();
      this.app.explorer.focusView();
    }
  }

  focus() {
    this.input.focus();
    this.input.select();
  }

  clear() {
    this.input.value = "";
    this.run("");
  }

  /** Searches what the address says. */
  restore() {
    const text = this.app.place.get("find");
    if (text !== this.text) this.input.value = text;
    this.run(text, false);
  }

  /**
   * @param {string} text
   * @param {boolean} [remember] in the address
   */
  run(text, remember = true) {
    this.text = text;
    if (remember) this.app.place.set({ find: text });
    this.test = finder(text);
    this.matches = this.test && matchingFrames(this.app.frames, this.test);
    this.app.explorer.view.search(this.matches);
    this.showCount();
  }

  /** How many boxes match, and which share of the time they have. */
  showCount() {
    if (!this.matches) {
      this.count.textContent = "";
      return;
    }
    const { view } = this.app.explorer;
    const { nodes, time, whole } = view.matching(this.matches);
    const share = `${percent(time / (whole || 1))} of the ${view.whole}`;
    this.count.textContent = nodes ? `${plural(nodes, "match", "matches")}, ${share}` : "no match";
    this.count.dataset.ns = String(Math.round(time));
  }

  /** @param {number} by */
  step(by) {
    const { flame } = this.app.explorer.view;
    if (!this.matches || !flame || flame.isEmpty) return;
    const { frame, count } = flame.boxes;
    const found = [];
    for (let box = 0; box < count; box++) if (this.matches[frame[box]]) found.push(box);
    const box = nextMatch(found, flame.selected, by);
    if (box !== undefined) flame.walk(box);
  }
}
