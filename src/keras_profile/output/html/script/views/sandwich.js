// @ts-check
// Who calls a frame and what it calls, wherever that was.

import { boxesOfTree } from "../boxes/of_tree.js";
import { edgesOf, mostOwnTime } from "../counted.js";
import { button, clear, el, named, put } from "../dom.js";
import { Flame } from "../flame/flame.js";
import { copy } from "../notices.js";
import { calleesOf, callersOf } from "../trees/callers.js";
import { mostOwnTimeInTree } from "../trees/totals.js";
import { count, milliseconds, percent, plural, shorten } from "../words.js";
import { exactFacts } from "./exact_facts.js";
import { FlameView } from "./flame_view.js";
import { shareWords } from "./share_words.js";

/** @import { App } from "../app.js" */
/** @import { Counted } from "../counted.js" */
/** @import { Action, Fact, LinkList } from "../details.js" */
/** @import { Tree } from "../trees/tree.js" */
/** @import { Selection } from "./flame_view.js" */

const NOTHING =
  "This recording has no callers: samples, spans and cprofile record them, " +
  "and it was made with other captures, or these failed.";
const MOST_LINKS = 10;
const MOST_EDGES = 20;

/**
 * A flame graph, the tree in it, and whether its boxes are callers.
 * @typedef {{ graph: Flame, tree: Tree | null, isOfCallers: boolean }} Half
 */

export class Sandwich extends FlameView {
  /** @param {App} app */
  constructor(app) {
    super(app, { class: "sandwich" });
    this.callers = this.makeHalf("Callers of the chosen frame", true);
    this.callees = this.makeHalf("Callees of the chosen frame", false);
    this.flames = [this.callers.graph, this.callees.graph];
    /**
     * The one that the mouse was on last.
     * @type {Flame | null}
     */
    this.pointed = null;
    this.title = el("p", { class: "sandwich-title", "aria-live": "polite" });
    this.edges = el("div", { class: "edges" });
    const above = el("p", { class: "lane-title" }, "called by");
    const below = el("p", { class: "lane-title" }, "calls");
    const [callers, callees] = this.flames.map((flame) => flame.element);
    /** What is hidden where no tree has the frame. */
    this.inTree = [above, callers, callees, below];
    put(this.element, above, callers, this.title, callees, below, this.basis, this.edges);
    this.frame = -1;
    /**
     * The whole tree that both halves are of.
     * @type {Tree | null}
     */
    this.tree = null;
  }

  get flame() {
    return this.pointed;
  }

  /**
   * @param {string} label
   * @param {boolean} isOfCallers
   * @returns {Half}
   */
  makeHalf(label, isOfCallers) {
    const { frames, colours, tip } = this.app;
    const graph = new Flame({
      label,
      frames,
      colours,
      upward: isOfCallers,
      clickZooms: false,
      act: {
        select: (box) => this.describe(half, box),
        hover: (box, event) => {
          if (box >= 0) this.pointed = graph;
          tip.show(graph, box, event, () => this.words(half, graph.boxes.id[box]));
        },
      },
    });
    graph.element.addEventListener("dblclick", () => {
      if (graph.selected >= 0) this.app.explorer.showSandwich(graph.boxes.frame[graph.selected]);
    });
    /** @type {Half} */
    const half = { graph, tree: null, isOfCallers };
    return half;
  }

  activate() {
    const { app } = this;
    const tree = app.trees.shown();
    const frame = this.wantedFrame(tree);
    if (frame < 0) {
      this.empty(NOTHING);
      return;
    }
    this.frame = frame;
    this.tree = (tree?.frame.includes(frame) ? tree : app.trees.withFrame(frame)) ?? null;
    clear(this.title, "chosen: ", el("strong", {}, named(shorten(app.frames.name(frame), 300))));
    for (const one of this.inTree) one.hidden = !this.tree;
    if (this.tree) this.showTree(this.tree);
    else this.basis.textContent = tree ? "This frame has no samples." : "";
    clear(this.edges, app.counted ? this.renderEdges(app.counted) : null);
    this.describe(this.callees, this.tree ? 0 : -1);
    this.search(app.search.matches);
  }

  /**
   * The frame that the address says, or the function of most own time; -1 where there is none.
   * @param {Tree | undefined} tree
   */
  wantedFrame(tree) {
    const { frames, place, counted } = this.app;
    const wanted = place.number("frame");
    if (wanted >= 0 && wanted < frames.count) return wanted;
    if (tree) return mostOwnTimeInTree(tree, frames);
    return counted ? mostOwnTime(counted) : -1;
  }

  /** @param {Tree} tree */
  showTree(tree) {
    const callees = calleesOf(tree, this.frame);
    this.callers.tree = callersOf(tree, this.frame);
    this.callees.tree = callees;
    this.callers.graph.wasShown = false;
    for (const half of [this.callers, this.callees]) if (half.tree) half.graph.show(boxesOfTree(half.tree));
    put(this.title, ` ${shareWords(tree, callees.total[0])}`);
    this.basis.textContent = tree.about.basis;
  }

  /**
   * cProfile's callers and callees: exact counts, which samples do not have.
   * @param {Counted} counted
   */
  renderEdges(counted) {
    const row = counted.rowOfFrame.get(this.frame);
    if (row === undefined) return null;
    const calls = plural(counted.calls, "call");
    const note = `cProfile: exact counts over ${calls}, times as measured under cProfile.`;
    return [
      el("p", { class: "basis" }, note),
      el(
        "div",
        { class: "edge-tables" },
        this.renderEdgeTable(counted, "callers, exact counts", "callee", "caller", row),
        this.renderEdgeTable(counted, "callees, exact counts", "caller", "callee", row),
      ),
    ];
  }

  /**
   * @param {Counted} counted
   * @param {string} title
   * @param {"caller" | "callee"} mine the end of an edge that `row` is
   * @param {"caller" | "callee"} other
   * @param {number} row
   */
  renderEdgeTable(counted, title, mine, other, row) {
    const edges = edgesOf(counted, mine, row);
    const left = edges.length - MOST_EDGES;
    const more = el("tr", {}, el("td", { colspan: 3, class: "quiet" }, `${left} more in cprofile.prof`));
    const titles = [
      el("th", { scope: "col" }, "function"),
      el("th", { scope: "col", class: "number" }, "per call"),
      el("th", { scope: "col", class: "number" }, "ms"),
    ];
    const rows = edges
      .slice(0, MOST_EDGES)
      .map((edge) => this.renderEdge(counted, counted[other][edge], edge));
    return el(
      "table",
      { class: "plain" },
      el("caption", {}, title),
      el("thead", {}, el("tr", {}, titles)),
      el("tbody", {}, rows, left > 0 ? more : null),
    );
  }

  /**
   * @param {Counted} counted
   * @param {number} row
   * @param {number} edge
   */
  renderEdge(counted, row, edge) {
    const { frames, explorer } = this.app;
    const frame = counted.frame[row];
    const name = button(frames.label(frame), () => explorer.showSandwich(frame), { class: "name-button" });
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, name),
      el("td", { class: "number" }, `${count(counted.edgeCalls[edge] / counted.calls)}×`),
      el("td", { class: "number" }, milliseconds(counted.edgeTotal[edge] / counted.calls)),
    );
  }

  /**
   * @param {Half} half
   * @param {number} node
   */
  words(half, node) {
    return half.tree && this.tree ? `${shareWords(this.tree, half.tree.total[node])} of it` : "";
  }

  /**
   * @param {Half} half
   * @param {number} box
   */
  describe(half, box) {
    const { app, frame } = this;
    if (!this.tree || !half.tree) {
      app.details.show({ frame, phase: -1, facts: exactFacts(app, frame) });
      return;
    }
    const node = box < 0 ? 0 : half.graph.boxes.id[box];
    app.details.show({
      frame: half.tree.frame[node],
      phase: half.tree.phase[node],
      facts: this.facts(half, half.tree, node),
      actions: this.actions(half.tree.frame[node], node > 0),
      lists: [this.links("callers", this.callers.tree), this.links("callees", this.callees.tree)],
    });
  }

  /**
   * @param {Half} half
   * @param {Tree} tree the half's
   * @param {number} node
   * @returns {Fact[]}
   */
  facts(half, tree, node) {
    const about = tree.countsSamples ? "≈ " : "";
    const total = half.isOfCallers && node ? "calls it for" : "total";
    /** @type {Fact[]} */
    const facts = [[total, this.words(half, node), { "data-ns": tree.total[node] }]];
    if (!half.isOfCallers) facts.push(["self", `${about}${milliseconds(tree.self[node])} ms a call`]);
    return [...facts, ...exactFacts(this.app, tree.frame[node])];
  }

  /**
   * @param {number} frame
   * @param {boolean} isOther whether it is not the one that is chosen
   * @returns {Action[]}
   */
  actions(frame, isOther) {
    const { frames, explorer } = this.app;
    /** @type {Action} */
    const choose = ["Choose this frame", () => explorer.showSandwich(frame), "double-click"];
    /** @type {Action} */
    const copies = ["Copy frame", () => copy(frames.words(frame)), "y"];
    return isOther ? [choose, copies] : [copies];
  }

  /**
   * @param {string} title
   * @param {Tree | null} tree
   * @returns {LinkList}
   */
  links(title, tree) {
    if (!tree) return [title, []];
    const whole = this.tree?.total[0] || 1;
    const children = tree.children(0).slice(0, MOST_LINKS);
    return [
      title,
      children.map((child) => [
        tree.frame[child],
        percent(tree.total[child] / whole),
        () => this.app.explorer.showSandwich(tree.frame[child]),
      ]),
    ];
  }

  reset() {
    for (const flame of this.flames) if (!flame.isEmpty) flame.reset();
  }

  back() {
    this.reset();
  }

  /** @returns {Selection | null} */
  selection() {
    const { frame } = this;
    return frame < 0 ? null : { frame, stack: () => this.app.frames.words(frame) };
  }
}
