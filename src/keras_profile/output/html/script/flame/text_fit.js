// @ts-check
// How much of a text fits. Measuring takes long, and a box is drawn many times: each letter is measured once.

import { start } from "../words.js";

/** Fewer letters say nothing. */
const LEAST_LETTERS = 3;

export class TextFit {
  /** @param {(text: string) => number} measure how wide a text is */
  constructor(measure) {
    this.measure = measure;
    /** @type {Map<string, number>} */
    this.widths = new Map();
    /** @type {Map<string, Float32Array>} */
    this.ends = new Map();
  }

  /** The font is another one. */
  forget() {
    this.widths.clear();
    this.ends.clear();
  }

  /**
   * As much of a text as fits, or nothing where that says nothing.
   * @param {string} text
   * @param {number} room
   */
  fit(text, room) {
    const ends = this.endsOf(text);
    if (ends[text.length] <= room) return text;
    const last = room - this.widthOf("…");
    let letters = 0;
    let high = text.length - 1;
    while (letters < high) {
      const middle = (letters + high + 1) >> 1;
      if (ends[middle] <= last) letters = middle;
      else high = middle - 1;
    }
    return letters < LEAST_LETTERS ? "" : `${start(text, letters)}…`;
  }

  /**
   * Where each letter of a text ends.
   * @param {string} text
   */
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

  /** @param {string} text */
  widthOf(text) {
    let width = this.widths.get(text);
    if (width === undefined) {
      width = this.measure(text);
      this.widths.set(text, width);
    }
    return width;
  }
}
