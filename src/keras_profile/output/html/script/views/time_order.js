// @ts-check
// One call in the order of time: its threads below each other, and what a part of it has.

import { heldBy, holderOf, laneOf, longestOfFrame, matchingInTime, stackOf } from "../boxes/lanes.js";
import { boxesOfCall } from "../boxes/of_call.js";
import { ownTimes } from "../boxes/own_times.js";
import { captureInTime } from "../captures.js";
import { button, el, put } from "../dom.js";
import { Flame } from "../flame/flame.js";
import { copy, say } from "../notices.js";
import { axisWords, duration, percent, printable, threadWords } from "../words.js";
import { callOptions, usualCall } from "./call_choice.js";
import { exactFacts } from "./exact_facts.js";
import { FlameView } from "./flame_view.js";

/** @import { App } from "../app.js" */
/** @import { Content } from "../content.d.ts" */
/** @import { Action, Fact, Link, LinkList } from "../details.js" */
/** @import { Range } from "../flame/axis.js" */
/** @import { Matching, Selection } from "./flame_view.js" */

const USE =
  "For the calling thread. Click a box for its details; drag on the axis, or with Shift, to mark a part; " +
  "drag to pan; zoom with Ctrl and wheel, or two fingers.";
/** So long the view rests until what is in sight is described, in ms. */
const REST = 150;
/** Places of the axis have so many digits in the address. */
const DIGITS = 7;
const MOST_HELD = 12;
const MOST_FRAMES = 10;
/** Less time, in ns, comes of rounding. */
const LEAST_TIME = 0.5;

/** What the address says of a call once another one is shown. */
export const NO_PLACE = { box: "", from: "", to: "", mark: "" };

export class TimeOrder extends FlameView {
  /** @param {App} app */
  constructor(app) {
    super(app);
    const { frames, colours, content } = app;
    this.choice = el(
      "select",
      {
        id: "call-choice",
        "aria-label": "Which call",
        on: { change: () => this.showCall(Number(this.choice.value)) },
      },
      renderOptions(content),
    );
    this.graph = new Flame({
      label: "One call in time order",
      frames,
      colours,
      clickZooms: false,
      overview: true,
      axis: axisWords,
      act: {
        select: (box) => this.selected(box),
        hover: (box, event) => app.tip.show(this.graph, box, event, () => this.words(box)),
        range: (range) => this.marked(range),
        moved: (from, to) => this.moved(from, to),
      },
    });
    this.flames = [this.graph];
    put(this.element, this.renderBar(), this.graph.overview?.element, this.graph.element, this.basis);
    /** The number of the call that is shown. */
    this.number = -1;
    /** @type {number | undefined} */
    this.timer = undefined;
  }

  get whole() {
    return "call";
  }

  /** The call that is shown. */
  get call() {
    return this.app.content.calls[this.number];
  }

  /** What is known of its capture. */
  get capture() {
    return captureInTime(this.app.content.capturesInTime, this.call.capture);
  }

  renderBar() {
    return el(
      "div",
      { class: "call-bar" },
      button("‹", () => this.step(-1), { "aria-label": "Previous call", title: "Previous call ([)" }),
      this.choice,
      button("›", () => this.step(1), { "aria-label": "Next call", title: "Next call (])" }),
      button("Whole call", () => this.reset(), { title: "0" }),
    );
  }

  // --- what is shown ---

  activate() {
    const { app, graph } = this;
    const wanted = app.place.number("call");
    const number =
      wanted in app.content.calls ? wanted : usualCall(app.content.calls, app.content.capturesInTime);
    if (number < 0) {
      this.empty(nothingWords(app.content));
      return;
    }
    this.choice.value = String(number);
    if (number !== this.number) {
      this.number = number;
      graph.show(boxesOfCall(app.content, this.call));
      this.basis.textContent = this.capture.basis;
      const notes = app.content.notes.map((note) => ` ${printable(note)}.`);
      put(
        this.basis,
        notes.map((note) => el("span", { class: "basis-note" }, note)),
      );
    }
    graph.resize();
    this.restore();
  }

  /** Shows the part and the box that the address says. */
  restore() {
    const { app, graph } = this;
    const [from, to] = [app.place.get("from"), app.place.get("to")].map((text) =>
      text === "" ? NaN : Number(text),
    );
    if (to > from) graph.setView(from, to, false);
    const box = graph.boxes.byId(app.place.number("box"));
    graph.select(box, box >= 0 && !(to > from));
    const [begin, end] = app.place.get("mark").split("-").map(Number);
    graph.mark(box < 0 && end > begin ? [begin, end] : null);
    this.describe(box);
  }

  /** @param {number} number */
  showCall(number) {
    this.app.place.set({ call: number, ...NO_PLACE });
    this.activate();
  }

  /** @param {number} by */
  step(by) {
    const { calls } = this.app.content;
    if (calls.length) this.showCall((this.number + by + calls.length) % calls.length);
  }

  /** @param {number} box */
  selected(box) {
    this.app.place.set({ box: box < 0 ? "" : this.graph.boxes.id[box], mark: "" });
    this.describe(box);
  }

  /** @param {Range} range */
  marked([from, to]) {
    this.graph.select(-1);
    this.app.place.set({ box: "", mark: `${from.toPrecision(DIGITS)}-${to.toPrecision(DIGITS)}` });
    say(`${duration(to - from)} marked, starting at ${duration(from)}`);
    this.describe(-1);
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  moved(from, to) {
    const { app, graph } = this;
    const isWhole = from <= graph.boxes.from && to >= graph.boxes.to;
    app.place.set(
      isWhole ? { from: "", to: "" } : { from: from.toPrecision(DIGITS), to: to.toPrecision(DIGITS) },
    );
    // What is in sight is described once the view rests.
    clearTimeout(this.timer);
    if (graph.selected >= 0 || graph.range) return;
    this.timer = setTimeout(() => {
      if (app.explorer.view === this) this.describe(graph.selected);
    }, REST);
  }

  reset() {
    if (this.graph.isEmpty) return;
    const isMarked = this.graph.range !== null;
    this.unmark();
    if (!isMarked) this.graph.reset();
  }

  unmark() {
    this.graph.mark(null);
    this.app.place.set({ mark: "" });
    this.describe(this.graph.selected);
  }

  back() {
    if (!this.graph.isEmpty) this.graph.zoomBy(2);
  }

  /**
   * @param {Uint8Array} matches
   * @returns {Matching}
   */
  matching(matches) {
    if (this.graph.isEmpty) return { nodes: 0, time: 0, whole: 0 };
    return { ...matchingInTime(this.graph.boxes, matches), whole: this.call.wall };
  }

  // --- what is described ---

  /** Estimates of samples are marked. */
  get about() {
    return this.capture.approximate ? "≈ " : "";
  }

  /** @param {number} box */
  words(box) {
    const { boxes } = this.graph;
    const time = boxes.length(box);
    const share = percent(time / (this.call.wall || 1));
    return `${this.about}${duration(time)}, starting at ${duration(boxes.begin[box])}, ${share} of this call`;
  }

  /** @param {number} box */
  describe(box) {
    if (this.graph.isEmpty) return;
    if (box < 0) this.describePart();
    else this.describeBox(box);
  }

  /** What is described where no box is selected: the part that is marked, or else that is in sight. */
  describePart() {
    const { app, graph, about, call } = this;
    const { range, isWhole, boxes } = graph;
    /** @type {Range} */
    const part = range ?? (isWhole ? [boxes.from, boxes.to] : graph.goal);
    const [from, to] = part;
    const { phases, frames } = this.ownTimes(part);
    /** @type {Fact[]} */
    const facts = [["takes", `${about}${duration(to - from)}`, { "data-ns": Math.round(to - from) }]];
    if (range || !isWhole) {
      facts.push(["of this call", percent((to - from) / (call.wall || 1))]);
      facts.push(["begins after", duration(from)]);
    }
    const words = (/** @type {number} */ time) => `${about}${duration(time)}, ${percent(time / (to - from))}`;
    const links = greatestFirst(frames, 0)
      .slice(0, MOST_FRAMES)
      .map(([frame, time]) => this.frameLink(frame, time, part));
    app.details.part({
      title: range ? "Marked part" : isWhole ? "Whole call" : "Visible part",
      facts,
      phases: greatestFirst(phases.entries(), LEAST_TIME).map(([phase, time]) => [phase, words(time), time]),
      actions: range ? this.rangeActions(range) : [],
      lists: [["most own time", links]],
      note: USE,
    });
  }

  /** @param {Range} part */
  ownTimes([from, to]) {
    const { colours, content } = this.app;
    const { begin, end, phase } = this.call.own;
    const own = { begin: content.column(begin), end: content.column(end), phase: content.column(phase) };
    return ownTimes(this.graph.boxes, own, from, to, colours.phases.length);
  }

  /**
   * @param {number} frame
   * @param {number} time
   * @param {Range} part in which its longest box is gone to
   * @returns {Link}
   */
  frameLink(frame, time, [from, to]) {
    return [frame, duration(time), () => this.graph.walk(longestOfFrame(this.graph.boxes, frame, from, to))];
  }

  /**
   * @param {Range} range
   * @returns {Action[]}
   */
  rangeActions(range) {
    const zoom = () => {
      this.unmark();
      this.graph.setView(...range);
    };
    return [
      ["Zoom in", zoom, ""],
      ["Unmark", () => this.unmark(), "Esc"],
    ];
  }

  /** @param {number} box */
  describeBox(box) {
    const { boxes } = this.graph;
    this.app.details.show({
      frame: boxes.frame[box],
      phase: boxes.row[box] ? boxes.phase[box] : -1,
      facts: this.facts(box),
      actions: this.actions(box),
      lists: this.links(box),
    });
  }

  /**
   * @param {number} box
   * @returns {Fact[]}
   */
  facts(box) {
    const { call } = this;
    const { boxes } = this.graph;
    const time = boxes.length(box);
    const self = heldBy(boxes, box).reduce((rest, one) => rest - boxes.length(one), time);
    return [
      ["took", duration(time), { "data-ns": time }],
      ["self", duration(Math.max(0, self))],
      ["began after", duration(boxes.begin[box])],
      ["of this call", percent(time / (call.wall || 1))],
      ["thread", threadWords(call.lanes[laneOf(boxes, box)].thread)],
      ...exactFacts(this.app, boxes.frame[box]),
    ];
  }

  /**
   * @param {number} box
   * @returns {Action[]}
   */
  actions(box) {
    const { app, graph } = this;
    const frame = graph.boxes.frame[box];
    /** @type {Action[]} */
    const actions = [["Zoom in", () => graph.zoomTo(box), "Enter"]];
    if (app.hasCallers(frame)) {
      actions.push(["Callers and callees", () => app.explorer.showSandwich(frame), "3"]);
    }
    actions.push(["Copy frame", () => copy(app.frames.words(frame)), "y"]);
    actions.push(["Copy stack", () => copy(this.stack(box)), "Y"]);
    return actions;
  }

  /**
   * @param {number} box
   * @returns {LinkList[]}
   */
  links(box) {
    const { boxes } = this.graph;
    /** @type {(one: number) => Link} */
    const link = (one) => [boxes.frame[one], duration(boxes.length(one)), () => this.graph.walk(one)];
    const holder = holderOf(boxes, box);
    const held = heldBy(boxes, box).sort((a, b) => boxes.length(b) - boxes.length(a));
    return [
      ["within", holder >= 0 ? [link(holder)] : []],
      ["holds", held.slice(0, MOST_HELD).map(link)],
    ];
  }

  /** @param {number} box */
  stack(box) {
    return this.app.frames.stackWords(stackOf(this.graph.boxes, box));
  }

  /** @returns {Selection | null} */
  selection() {
    const { selected: box } = this.graph;
    return box < 0 ? null : { frame: this.graph.boxes.frame[box], stack: () => this.stack(box) };
  }
}

/**
 * Those that have more than `least` time, the most first.
 * @param {Iterable<[number, number]>} times by number
 * @param {number} least
 */
function greatestFirst(times, least) {
  return [...times].filter(([, time]) => time > least).sort((a, b) => b[1] - a[1]);
}

/** @param {Content} content */
function nothingWords({ capturesInTime }) {
  const names = capturesInTime.map((one) => one.name);
  return (
    `This recording has no calls in time order: ${names.slice(0, -1).join(", ")} and ` +
    `${names[names.length - 1]} record them, and it was made with other captures, or these failed.`
  );
}

/** @param {Content} content */
function renderOptions({ calls, capturesInTime }) {
  return callOptions(calls, capturesInTime).map(([title, options]) =>
    el(
      "optgroup",
      { label: title },
      options.map(([number, text]) => el("option", { value: number }, text)),
    ),
  );
}
