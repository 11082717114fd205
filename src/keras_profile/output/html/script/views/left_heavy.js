// @ts-check
// The merged call tree, the greatest to the left; or inverted, functions by their own time.

import { boxesOfTree } from "../boxes/of_tree.js";
import { button, clear, el, put } from "../dom.js";
import { Flame } from "../flame/flame.js";
import { copy } from "../notices.js";
import { axisWords, count, duration, percent, plural } from "../words.js";
import { exactFacts } from "./exact_facts.js";
import { FlameView } from "./flame_view.js";
import { shareWords } from "./share_words.js";

/** @import { App } from "../app.js" */
/** @import { Action, Fact, Link, LinkList } from "../details.js" */
/** @import { Tree } from "../trees/tree.js" */
/** @import { Matching, Selection } from "./flame_view.js" */

const NOTHING =
  "This recording has no samples or spans to make call trees from: " +
  "it was made with other captures, or these failed.";
/** Of a longer path the middle is left out. */
const LONGEST_PATH = 7;
const MOST_LINKS = 12;

export class LeftHeavy extends FlameView {
  /** @param {App} app */
  constructor(app) {
    super(app);
    const { frames, colours } = app;
    this.crumbs = el("nav", { class: "crumbs", "aria-label": "Path to the shown frame" });
    this.graph = new Flame({
      label: "Merged call tree, largest on the left",
      frames,
      colours,
      axis: axisWords,
      scale: true,
      overview: true,
      act: {
        select: (box) => this.selected(box),
        hover: (box, event) =>
          app.tip.show(this.graph, box, event, () => this.words(this.graph.boxes.id[box])),
      },
    });
    this.flames = [this.graph];
    put(this.element, this.crumbs, this.graph.overview?.element, this.graph.element, this.basis);
    /** @type {Tree | null} */
    this.tree = null;
    /**
     * Own times by phase of whole trees.
     * @type {Map<Tree, Float64Array>}
     */
    this.wholePhases = new Map();
  }

  /**
   * Boxes are those that are seen; their time is that of the tree as it was called, which has all callers.
   * @param {Uint8Array} matches
   * @returns {Matching}
   */
  matching(matches) {
    const found = super.matching(matches);
    return this.tree?.isInverted ? { ...found, nodes: this.tree.matching(matches).nodes } : found;
  }

  activate() {
    const { app, graph } = this;
    const tree = app.trees.turnedShown();
    if (!tree) {
      this.empty(NOTHING);
      return;
    }
    if (tree !== this.tree) {
      this.tree = tree;
      graph.show(boxesOfTree(tree));
      this.basis.textContent = basisWords(tree, app.trees.hidesNoise);
    }
    graph.resize();
    const node = app.place.number("node");
    const box = graph.boxes.byId(node);
    if (box > 0) {
      graph.select(box);
      graph.setView(graph.boxes.begin[box], graph.boxes.end[box], false);
      graph.scrollToRow(Math.max(0, graph.boxes.row[box] - 3));
    }
    this.describe(box >= 0 ? node : 0);
  }

  /** @param {number} box */
  selected(box) {
    const node = box < 0 ? 0 : this.graph.boxes.id[box];
    this.app.place.set({ node: node || "" });
    this.describe(node);
  }

  /** @param {number} node */
  go(node) {
    const box = this.graph.boxes.byId(node);
    if (box < 0) return;
    this.graph.select(box, true);
    this.graph.zoomTo(box);
    this.selected(box);
  }

  back() {
    const node = this.app.place.number("node");
    if (node > 0 && this.tree) this.go(this.tree.parent[node]);
    else if (!this.graph.isEmpty) this.graph.reset();
  }

  reset() {
    if (this.graph.isEmpty) return;
    this.graph.reset();
    this.graph.select(-1);
    this.graph.element.scrollTop = 0;
    this.app.place.set({ node: "" });
    this.describe(0);
  }

  /** @param {number} node */
  words(node) {
    const { tree } = this;
    if (!tree) return "";
    const samples = tree.countsSamples ? ` · ${plural(tree.countTotal[node], "sample")}` : "";
    return `${shareWords(tree, tree.total[node])}${samples}`;
  }

  /** @param {number} node */
  describe(node) {
    const { tree, app } = this;
    if (!tree) return;
    app.details.show({
      frame: tree.frame[node],
      phase: node ? tree.phase[node] : -1,
      facts: this.facts(tree, node),
      note: tree.countsSamples ? "≈ marks estimates from samples." : "",
      actions: node ? this.actions(tree, node) : [],
      lists: this.links(tree, node),
    });
    this.renderCrumbs(tree);
  }

  /**
   * @param {Tree} tree
   * @param {number} node
   * @returns {Fact[]}
   */
  facts(tree, node) {
    const isTurned = tree.isInverted && node > 0;
    const total = !isTurned ? "total" : tree.parent[node] ? "calls it for" : "self";
    const ns = tree.total[node];
    /** @type {Fact[]} */
    const facts = [[total, `${shareWords(tree, ns)} of it`, { "data-ns": ns, id: "details-total" }]];
    if (!isTurned) {
      facts.push(["self", `${shareWords(tree, tree.self[node])} of it`, { "data-ns": tree.self[node] }]);
    }
    if (!tree.isInverted) facts.push(this.countFact(tree, node));
    if (node && !isTurned) {
      const phase = tree.phase[node];
      const whole = this.phasesOf(tree)[phase];
      const own = tree.phaseTimes(node, this.app.colours.phases.length)[phase];
      if (whole) facts.push(["of its phase", percent(own / whole)]);
    }
    return node ? [...facts, ...exactFacts(this.app, tree.frame[node])] : facts;
  }

  /**
   * @param {Tree} tree
   * @param {number} node
   * @returns {Fact}
   */
  countFact(tree, node) {
    if (tree.countsSamples) {
      return [
        "samples",
        `${plural(tree.countTotal[node], "sample")}, ${count(tree.count[node])} of them its own`,
      ];
    }
    const spans = this.app.content.report.captures.find((one) => one.name === "spans");
    return ["entries", `${count(tree.count[node] / Math.max(1, spans?.calls ?? 1))} a call`];
  }

  /** @param {Tree} tree */
  phasesOf(tree) {
    let found = this.wholePhases.get(tree);
    if (!found) {
      found = tree.phaseTimes(0, this.app.colours.phases.length);
      this.wholePhases.set(tree, found);
    }
    return found;
  }

  /**
   * @param {Tree} tree
   * @param {number} node
   * @returns {Action[]}
   */
  actions(tree, node) {
    const { frames, explorer } = this.app;
    const frame = tree.frame[node];
    return [
      ["Zoom in", () => this.go(node), "Enter"],
      ["Callers and callees", () => explorer.showSandwich(frame), "3"],
      ["Copy frame", () => copy(frames.words(frame)), "y"],
      ["Copy stack", () => copy(frames.stackWords(tree.stack(node))), "Y"],
    ];
  }

  /**
   * @param {Tree} tree
   * @param {number} node
   * @returns {LinkList[]}
   */
  links(tree, node) {
    const whole = tree.total[0] || 1;
    /** @type {(one: number) => Link} */
    const link = (one) => [tree.frame[one], percent(tree.total[one] / whole), () => this.go(one)];
    const isTurned = tree.isInverted && node > 0;
    const above = tree.parent[node];
    const hasAbove = node > 0 && !(isTurned && !above);
    const down = !tree.isInverted ? "calls" : node ? "called by" : "by own time";
    return [
      [isTurned ? "calls" : "called by", hasAbove ? [link(above)] : []],
      [down, tree.children(node).slice(0, MOST_LINKS).map(link)],
    ];
  }

  /** @param {Tree} tree */
  renderCrumbs(tree) {
    const path = tree.path(Math.min(this.node, tree.size - 1));
    const isLong = path.length > LONGEST_PATH;
    const last = path[path.length - 1];
    const crumb = (/** @type {number} */ at) =>
      button(this.app.frames.label(tree.frame[at]), () => (at ? this.go(at) : this.reset()), {
        "aria-current": at === last ? "true" : null,
      });
    const ends = isLong ? path.slice(2 - LONGEST_PATH) : path.slice(1);
    const leftOut = el("span", { class: "quiet" }, `… ${path.length - LONGEST_PATH + 1} more`);
    const shown = [crumb(path[0]), isLong ? leftOut : null, ...ends.map(crumb)].filter((one) => one !== null);
    clear(
      this.crumbs,
      el(
        "ol",
        {},
        shown.map((one) => el("li", {}, one)),
      ),
    );
  }

  /** The node that the address says, or the call. */
  get node() {
    return Math.max(0, this.app.place.number("node"));
  }

  /** @returns {Selection | null} */
  selection() {
    const { tree, node } = this;
    if (!tree) return null;
    return { frame: tree.frame[node], stack: () => this.app.frames.stackWords(tree.stack(node)) };
  }
}

/**
 * What a tree rests on, and what of it is left out.
 * @param {Tree} tree
 * @param {boolean} hidesNoise
 */
function basisWords(tree, hidesNoise) {
  const { basis, folded, foldedBelow } = tree.about;
  const paths = `${folded.toLocaleString("en")} paths below ${duration(foldedBelow)} a call`;
  return (
    basis +
    (folded ? ` ${paths} are folded into boxes that say so.` : "") +
    (hidesNoise ? " Wrappers and the standard library count for their callers: c shows them." : "")
  );
}
