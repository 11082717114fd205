// @ts-check
// A merged call tree: its totals, and ways through it.

import { printable } from "../words.js";

/** @import { Column, Content, RawTree } from "../content.d.ts" */

/**
 * A row for each node: parents come before children, row 0 is the call. `self` is its own time
 * in ns, `count` how many samples or entries it has of its own.
 * @typedef {object} TreeColumns
 * @property {Column} frame
 * @property {Column} parent -1 for the call
 * @property {Column} phase
 * @property {Column} self
 * @property {Column} count
 */

/**
 * What is said of a tree. Of `folded` paths each had less than `foldedBelow` ns a call.
 * @typedef {object} AboutTree
 * @property {string} name
 * @property {string} basis
 * @property {boolean} countsSamples
 * @property {number} folded
 * @property {number} foldedBelow
 * @property {boolean} isInverted
 */

export class Tree {
  /**
   * @param {TreeColumns} columns
   * @param {Partial<AboutTree>} [about]
   */
  constructor({ frame, parent, phase, self, count }, about = {}) {
    this.frame = frame;
    this.parent = parent;
    this.phase = phase;
    this.self = self;
    this.count = count;
    /** @type {Readonly<AboutTree>} */
    this.about = {
      name: "",
      basis: "",
      countsSamples: false,
      folded: 0,
      foldedBelow: 0,
      isInverted: false,
      ...about,
    };
    this.countsSamples = this.about.countsSamples;
    this.isInverted = this.about.isInverted;
    this.size = frame.length;
    this.total = Float64Array.from(self);
    this.countTotal = Float64Array.from(count);
    for (let node = this.size - 1; node > 0; node--) {
      this.total[parent[node]] += this.total[node];
      if (this.countsSamples) this.countTotal[parent[node]] += this.countTotal[node];
    }
    /** @type {{ first: Int32Array, next: Int32Array } | null} */
    this.linked = null;
  }

  /**
   * @param {Pick<Content, "column">} content
   * @param {RawTree} raw
   */
  static read(content, raw) {
    const above = content.column(raw.above);
    const parent = new Int32Array(above.length);
    for (let node = 0; node < above.length; node++) parent[node] = node - above[node];
    return new Tree(
      {
        frame: content.column(raw.frame),
        parent,
        phase: content.column(raw.phase),
        self: content.column(raw.self),
        count: content.column(raw.count),
      },
      {
        name: raw.name,
        basis: printable(raw.basis),
        countsSamples: raw.countsSamples,
        folded: raw.folded,
        foldedBelow: raw.foldedBelow,
      },
    );
  }

  /** Children of each node as linked lists, the greatest first; -1 ends a list. */
  links() {
    if (this.linked) return this.linked;
    // A number for each node that sorts by time, then by place: sorting numbers needs no
    // function, which a million nodes would feel.
    const keys = new Float64Array(this.size);
    const fineness = 2 ** 30 / (this.total[0] || 1);
    const places = 2 ** 22;
    for (let node = 0; node < this.size; node++) {
      keys[node] = Math.round(this.total[node] * fineness) * places + (places - 1 - node);
    }
    keys.sort();
    const first = new Int32Array(this.size).fill(-1);
    const next = new Int32Array(this.size).fill(-1);
    for (let at = 0; at < this.size; at++) {
      const node = places - 1 - (keys[at] % places);
      const above = this.parent[node];
      if (above < 0) continue;
      next[node] = first[above];
      first[above] = node;
    }
    this.linked = { first, next };
    return this.linked;
  }

  /** @param {number} node */
  children(node) {
    const { first, next } = this.links();
    const found = [];
    for (let child = first[node]; child >= 0; child = next[child]) found.push(child);
    return found;
  }

  /**
   * From the call down to `node`.
   * @param {number} node
   */
  path(node) {
    const found = [];
    for (let at = node; at >= 0; at = this.parent[at]) found.push(at);
    return found.reverse();
  }

  /**
   * Frames from the call down to `node`, however the tree is turned.
   * @param {number} node
   */
  stack(node) {
    const path = this.path(node);
    return (this.isInverted ? path.slice(1).reverse() : path).map((at) => this.frame[at]);
  }

  /**
   * Own times of `node` and all below it, by phase.
   * @param {number} node
   * @param {number} phases how many there are
   */
  phaseTimes(node, phases) {
    const times = new Float64Array(phases);
    const { first, next } = this.links();
    const stack = [node];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      times[this.phase[at]] += this.self[at];
      for (let child = first[at]; child >= 0; child = next[child]) stack.push(child);
    }
    return times;
  }

  /**
   * Nodes of the frames that `matches` has, and the time of the outermost alone, so that
   * nothing counts twice.
   * @param {Uint8Array} matches 1 for each frame that is looked for
   */
  matching(matches) {
    const inside = new Uint8Array(this.size);
    let nodes = 0;
    let time = 0;
    for (let node = 0; node < this.size; node++) {
      const above = node ? inside[this.parent[node]] : 0;
      const hit = matches[this.frame[node]];
      if (hit) nodes++;
      if (hit && !above) time += this.total[node];
      inside[node] = above || hit;
    }
    return { nodes, time };
  }
}
