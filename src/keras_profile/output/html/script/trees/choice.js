// @ts-check
// Which tree is looked at: of samples or spans, with noise or without, as called or inverted.

import { inverted } from "./inverted.js";
import { withoutNoise } from "./noise.js";
import { Tree } from "./tree.js";

/** @import { Content } from "../content.d.ts" */
/** @import { Frames } from "../frames.js" */
/** @import { Place } from "../place.js" */

export class TreeChoice {
  /**
   * @param {Pick<Content, "trees" | "column">} content
   * @param {Pick<Frames, "isNoise">} frames
   * @param {Pick<Place, "get">} place
   */
  constructor(content, frames, place) {
    this.frames = frames;
    this.place = place;
    /** @type {Map<string, Tree>} */
    this.byName = new Map(content.trees.map((raw) => [raw.name, Tree.read(content, raw)]));
    /** @type {Map<Tree, Tree>} */
    this.collapsed = new Map();
    /** @type {Map<Tree, Tree>} */
    this.turned = new Map();
  }

  get names() {
    return [...this.byName.keys()];
  }

  /** The name of the tree that is looked at. */
  get name() {
    const wanted = this.place.get("tree");
    return this.byName.has(wanted) ? wanted : this.names[0];
  }

  /** The name of the one after it. */
  get nextName() {
    return this.names[(this.names.indexOf(this.name) + 1) % this.names.length];
  }

  get hidesNoise() {
    return this.place.get("noise") === "hidden";
  }

  get isInverted() {
    return this.place.get("turn") === "inverted";
  }

  /** The tree that is looked at, without noise where that is hidden. */
  shown() {
    const tree = this.byName.get(this.name);
    return tree && this.hidesNoise ? kept(this.collapsed, tree, () => withoutNoise(tree, this.frames)) : tree;
  }

  /** The same, from the functions' own time up where it is inverted. */
  turnedShown() {
    const tree = this.shown();
    return tree && this.isInverted ? kept(this.turned, tree, () => inverted(tree)) : tree;
  }

  /**
   * A tree that has a frame, noise included.
   * @param {number} frame
   */
  withFrame(frame) {
    return [...this.byName.values()].find((tree) => tree.frame.includes(frame));
  }

  /**
   * How many nodes of the tree that is looked at are looked for, and the time of the outermost.
   * @param {Uint8Array} matches
   */
  matching(matches) {
    const tree = this.shown();
    return tree ? { ...tree.matching(matches), whole: tree.total[0] } : { nodes: 0, time: 0, whole: 0 };
  }
}

/**
 * What was made of a tree before, or is made now.
 * @param {Map<Tree, Tree>} made
 * @param {Tree} tree
 * @param {() => Tree} make
 */
function kept(made, tree, make) {
  let found = made.get(tree);
  if (!found) {
    found = make();
    made.set(tree, found);
  }
  return found;
}
