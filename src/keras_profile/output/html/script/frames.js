// @ts-check
// The frames of all views: names by number, and what each frame is.

import { LONGEST_LABEL, printable, shorten, shortName } from "./words.js";

/** @import { Content } from "./content.d.ts" */

/** Kinds of frames, as the program numbers them: the first is a function of the user or a library. */
export const KIND_NAMES = [
  "function",
  "wrapper",
  "Python's standard library",
  "built-in function",
  "TensorFlow event",
  "part of the call",
];
const WRAPPER_KIND = 1;
const BUILTIN_KIND = 3;
export const NATIVE_KIND = 4;
export const PART_KIND = 5;
const CALL_NAME = "the call";

export class Frames {
  /** @param {Pick<Content, "frames" | "column">} content */
  constructor(content) {
    const { name, module, file, line, kind, strings } = content.frames;
    this.strings = strings;
    this.names = content.column(name);
    this.modules = content.column(module);
    this.files = content.column(file);
    this.line = content.column(line);
    this.kind = content.column(kind);
    this.count = this.names.length;
    /** @type {(string | undefined)[]} */
    this.labels = new Array(this.count);
  }

  /** @param {number} frame */
  name(frame) {
    return this.strings[this.names[frame]];
  }

  /** @param {number} frame */
  module(frame) {
    return this.strings[this.modules[frame]];
  }

  /** @param {number} frame */
  file(frame) {
    return this.strings[this.files[frame]];
  }

  /**
   * A short name that can be shown on one line.
   * @param {number} frame
   * @returns {string}
   */
  label(frame) {
    return (this.labels[frame] ??= shorten(printable(shortName(this.name(frame))), LONGEST_LABEL));
  }

  /**
   * The number of the frame of this name and module, or -1.
   * @param {string} name
   * @param {string} module
   */
  find(name, module) {
    for (let frame = 0; frame < this.count; frame++) {
      if (this.name(frame) === name && this.module(frame) === module) return frame;
    }
    return -1;
  }

  /**
   * A frame as it is copied: its name and where it is.
   * @param {number} frame
   */
  words(frame) {
    const file = this.file(frame);
    return file ? `${this.name(frame)} (${file}:${this.line[frame]})` : this.name(frame);
  }

  /**
   * A stack as it is copied, a line a frame.
   * @param {number[]} stack
   */
  stackWords(stack) {
    return stack.map((frame) => this.words(frame)).join("\n");
  }

  /**
   * The module of a function, or else what kind of thing it is.
   * @param {number} frame
   */
  moduleOrKind(frame) {
    return this.module(frame) || KIND_NAMES[this.kind[frame]];
  }

  /**
   * Whether a frame is the measured call itself.
   * @param {number} frame
   */
  isCall(frame) {
    return this.isPart(frame) && this.strings[this.names[frame]] === CALL_NAME;
  }

  /**
   * Whether a frame is a part of the call and no function.
   * @param {number} frame
   */
  isPart(frame) {
    return this.kind[frame] === PART_KIND;
  }

  /**
   * Wrappers, Python's standard library and built-in functions: what is hidden at first.
   * @param {number} frame
   */
  isNoise(frame) {
    const kind = this.kind[frame];
    return kind >= WRAPPER_KIND && kind <= BUILTIN_KIND;
  }
}
