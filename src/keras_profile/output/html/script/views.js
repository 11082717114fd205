// The views: left heavy, time order, sandwich, table. Each one shows itself and tells its details.

/** What is common: a flame, its details, the note at the mouse. */
class FlameView {
  constructor(app) {
    this.app = app;
    this.basis = el("p", { class: "basis" });
  }
  search(matches) { this.flame?.highlight(matches); }
  /** How many boxes match, and the time of the outermost of them. */
  matching(matches) { return matchingInTree(this.app, matches); }
  get whole() { return "time"; }
  /** Says why there is nothing to see, in place of figures without boxes. */
  empty(text) {
    clear(this.element, el("p", { class: "empty" }, text));
    this.app.withoutDetails();
  }
  highlightPhase(phase) { this.flame?.highlightPhase(phase); }
  flames() { return [this.flame]; }
  repaint() { for (const flame of this.flames()) flame.redraw(); }
  tip(box, event, words) {
    if (box < 0) { this.app.tip.hide(); return; }
    const { frames, colours } = this.app;
    const { boxes } = this.flame;
    const frame = boxes.frame[box];
    this.app.tip.show(event,
      el("strong", {}, named(shorten(frames.name(frame), 300))),
      frames.module(frame) ? el("span", { class: "quiet" }, named(shorten(frames.module(frame), 200))) : null,
      el("span", {}, words),
      el("span", { class: "tip-phase" }, colours.swatch(colours.phases[boxes.phase[box]]), phaseWords(colours.phases[boxes.phase[box]])));
  }
}

function matchingInTree(app, matches) {
  const tree = app.shownTree();
  return tree ? { ...tree.matching(matches), whole: tree.total[0] } : { nodes: 0, time: 0, whole: 0 };
}

/** Exact facts of a frame, from captures other than the view's. */
function exactFacts(app, frame) {
  const found = [];
  const { report } = app.content;
  const { frames } = app;
  const internal = report.attribution.internals.find((one) => one.qualname === frames.name(frame) && one.module === frames.module(frame));
  if (internal) {
    found.push(["exact total", `${milliseconds(internal.total_ns)} ms a call, ${percent(internal.total_share)}, by spans`]);
    found.push(["exact self", `${milliseconds(internal.self_ns)} ms a call, by spans`]);
    found.push(["exact calls", `${count(internal.count_per_call)} a call, by spans`]);
  }
  const row = app.counted ? app.counted.rowOfFrame.get(frame) : undefined;
  if (row !== undefined) {
    found.push([internal ? "" : "exact calls", `${count(app.counted.totalCalls[row] / (app.counted.calls || 1))} a call, by cProfile`]);
  }
  return found;
}

/** A stack as it is copied, the call first. */
function stackText(app, tree, node) {
  const path = tree.path(node);
  return (tree.isInverted ? path.slice(1).reverse() : path).map((at) => app.frames.words(tree.frame[at])).join("\n");
}

// --- left heavy ---

class LeftHeavy extends FlameView {
  constructor(app) {
    super(app);
    const { frames, colours } = app;
    this.crumbs = el("nav", { class: "crumbs", "aria-label": "Path to what is shown" });
    this.flame = new Flame({ label: "Merged call tree, the greatest to the left", frames, colours, axis: axisWords, scale: true, overview: true, act: {
      select: (box) => this.selected(box),
      hover: (box, event) => this.tip(box, event, box < 0 ? "" : this.words(this.flame.boxes.id[box])) } });
    this.element = el("div", {}, this.crumbs, this.flame.overview.element, this.flame.element, this.basis);
    this.turned = new Map();
  }

  /** The tree that is shown: as it was called, or from the functions' own time up. */
  chosenTree() {
    const tree = this.app.shownTree();
    if (!tree || !this.app.isInverted()) return tree;
    if (!this.turned.has(tree)) this.turned.set(tree, inverted(tree));
    return this.turned.get(tree);
  }

  /** Boxes are those that are seen; their time is that of the tree as it was called, which has all callers. */
  matching(matches) {
    const found = super.matching(matches);
    return this.tree?.isInverted ? { ...found, nodes: this.tree.matching(matches).nodes } : found;
  }

  activate() {
    const { app } = this;
    const tree = this.chosenTree();
    if (!tree) {
      this.empty("This recording has neither samples nor spans, of which call trees are made: it was made with other captures, or these failed.");
      return;
    }
    if (tree !== this.tree) {
      this.tree = tree;
      this.flame.show(boxesOfTree(tree));
      this.basis.textContent = `${tree.basis}${tree.folded
        ? ` ${tree.folded.toLocaleString("en")} paths of less than ${duration(tree.foldedBelow)} a call are folded into boxes that say so.` : ""}`
        + (app.place.get("noise") === "hidden" ? " Wrappers and the standard library are part of their callers: c shows them." : "");
    }
    this.flame.resize();
    const box = this.flame.boxes.byId(app.place.number("node"));
    if (box > 0) {
      this.flame.select(box);
      this.flame.setView(this.flame.boxes.begin[box], this.flame.boxes.end[box], false);
      this.flame.scrollToRow(Math.max(0, this.flame.boxes.row[box] - 3));
    }
    this.tell(box >= 0 ? this.tree && app.place.number("node") : 0);
  }

  selected(box) {
    const node = box < 0 ? 0 : this.flame.boxes.id[box];
    this.app.place.set({ node: node || "" });
    this.tell(node);
  }

  go(node) {
    const box = this.flame.boxes.byId(node);
    if (box < 0) return;
    this.flame.select(box, true);
    this.flame.zoomTo(box);
    this.selected(box);
  }

  back() {
    const node = this.app.place.number("node");
    if (node > 0) this.go(this.tree.parent[node]); else this.flame.reset();
  }

  reset() { this.flame.reset(); this.flame.select(-1); this.flame.element.scrollTop = 0; this.app.place.set({ node: "" }); this.tell(0); }

  words(node) {
    const { tree } = this;
    const whole = tree.total[0] || 1;
    return `${tree.countsSamples ? "≈ " : ""}${milliseconds(tree.total[node])} ms a call, ${percent(tree.total[node] / whole)}`
      + (tree.countsSamples ? ` · ${plural(tree.countTotal[node], "sample")}` : "");
  }

  tell(node) {
    const { tree, app } = this;
    if (!tree) return;
    const about = tree.countsSamples ? "≈ " : "";
    const whole = tree.total[0] || 1;
    const phase = tree.phase[node];
    const own = tree.phaseTimes(node, app.colours.phases.length), all = this.wholePhases ??= new Map();
    if (!all.has(tree)) all.set(tree, tree.phaseTimes(0, app.colours.phases.length));
    const ofPhase = all.get(tree)[phase];
    const share = (time) => `${about}${milliseconds(time)} ms a call, ${percent(time / whole)} of it`;
    const isTurned = tree.isInverted && node > 0;
    const facts = [
      [!isTurned ? "total" : tree.parent[node] ? "calls it for" : "self", share(tree.total[node]), { "data-ns": tree.total[node], id: "details-total" }],
      isTurned ? null : ["self", share(tree.self[node]), { "data-ns": tree.self[node] }],
      tree.isInverted ? null : tree.countsSamples
        ? ["samples", `${plural(tree.countTotal[node], "sample")}, ${count(tree.count[node])} of them its own`]
        : ["entries", `${count(tree.count[node] / Math.max(1, app.content.report.captures.find((one) => one.name === "spans")?.calls ?? 1))} a call`],
      node && ofPhase && !isTurned ? ["of its phase", percent(own[phase] / ofPhase)] : null,
      ...(node ? exactFacts(app, tree.frame[node]) : []),
    ].filter(Boolean);
    const children = tree.children(node).slice(0, 12);
    app.details.show({
      frame: tree.frame[node], phase: node ? phase : -1, facts,
      note: tree.countsSamples ? "≈ marks estimates from samples." : "",
      actions: node ? [
        ["Zoom in", () => this.go(node), "Enter"],
        ["Callers and callees", () => app.showSandwich(tree.frame[node]), "3"],
        ["Copy frame", () => copy(app.frames.words(tree.frame[node])), "y"],
        ["Copy stack", () => copy(stackText(app, tree, node)), "Y"]] : [],
      lists: [
        [isTurned ? "calls" : "called by", node > 0 && !(isTurned && !tree.parent[node])
          ? [[tree.frame[tree.parent[node]], percent(tree.total[tree.parent[node]] / whole), () => this.go(tree.parent[node])]] : []],
        [!tree.isInverted ? "calls" : node ? "called by" : "by own time", children.map((child) => [tree.frame[child], percent(tree.total[child] / whole), () => this.go(child)])],
      ] });
    this.renderCrumbs();
  }

  renderCrumbs() {
    const node = Math.max(0, this.app.place.number("node"));
    const path = this.tree.path(Math.min(node, this.tree.size - 1));
    const shown = path.length > 7 ? [path[0], -1, ...path.slice(-5)] : path;
    clear(this.crumbs, el("ol", {}, shown.map((at, number) => el("li", {}, at < 0 ? el("span", { class: "quiet" }, `… ${path.length - 6} more`)
      : button(this.app.frames.label(this.tree.frame[at]), () => at ? this.go(at) : this.reset(),
        { "aria-current": number === shown.length - 1 ? "true" : null })))));
  }

  selection() {
    if (!this.tree) return null;
    const node = Math.max(0, this.app.place.number("node"));
    return { frame: this.tree.frame[node], stack: () => stackText(this.app, this.tree, node) };
  }
}

// --- time order ---

class TimeOrder extends FlameView {
  constructor(app) {
    super(app);
    const { frames, colours } = app;
    this.choice = el("select", { id: "call-choice", "aria-label": "Which call", on: { change: () => { app.place.set({ call: this.choice.value, box: "", from: "", to: "", mark: "" }); this.activate(); } } },
      this.options());
    this.flame = new Flame({ label: "One call in the order of time", frames, colours, clickZooms: false, overview: true,
      axis: axisWords, act: {
        select: (box) => { app.place.set({ box: box < 0 ? "" : this.flame.boxes.id[box], mark: "" }); this.tell(box); },
        hover: (box, event) => this.tip(box, event, box < 0 ? "" : this.words(box)),
        range: ([from, to]) => {
          this.flame.select(-1);
          app.place.set({ box: "", mark: `${from.toPrecision(7)}-${to.toPrecision(7)}` });
          say(`${duration(to - from)} marked, from ${duration(from)} on`);
          this.tell(-1);
        },
        moved: (from, to) => {
          app.place.set(this.flame.boxes && from <= this.flame.boxes.from && to >= this.flame.boxes.to
            ? { from: "", to: "" } : { from: from.toPrecision(7), to: to.toPrecision(7) });
          // What is in sight is told once the view rests.
          clearTimeout(this.timer);
          if (this.flame.selected < 0 && !this.flame.range) this.timer = setTimeout(() => { if (app.view === this) this.tell(this.flame.selected); }, 150);
        } } });
    this.element = el("div", {},
      el("div", { class: "call-bar" }, button("‹", () => this.step(-1), { "aria-label": "Call before", title: "Call before ([)" }), this.choice,
        button("›", () => this.step(1), { "aria-label": "Next call", title: "Next call (])" }), button("Whole call", () => this.reset(), { title: "0" })),
      this.flame.overview.element, this.flame.element, this.basis);
  }

  options() {
    const groups = new Map();
    this.app.content.calls.forEach((call, number) => {
      const title = call.cold ? "cold, exact (spans)" : this.capture(call).heading;
      if (!groups.has(title)) groups.set(title, []);
      groups.get(title).push(el("option", { value: number }, `${call.cold ? "cold call" : `call ${call.number + 1}`} · ${milliseconds(call.wall)} ms · ${call.capture}`));
    });
    return [...groups].map(([title, options]) => el("optgroup", { label: title }, options));
  }

  /** What the page knows of a call's capture. */
  capture(call) { return this.app.content.capturesInTime.find((one) => one.name === call.capture); }

  /** The call to begin with: a warm one of the capture that shows most, if there is one. */
  usual() {
    const { calls, capturesInTime } = this.app.content;
    for (const { name } of [...capturesInTime].sort((a, b) => a.preference - b.preference)) {
      const walls = calls.map((call, number) => [call.wall, number]).filter(([, number]) => calls[number].capture === name && !calls[number].cold);
      walls.sort((a, b) => a[0] - b[0]);
      if (walls.length) return walls[(walls.length - 1) >> 1][1];
    }
    return calls.length ? 0 : -1;
  }

  activate() {
    const { app } = this;
    let number = app.place.number("call");
    if (!(number in app.content.calls)) number = this.usual();
    if (number < 0) {
      const names = app.content.capturesInTime.map((one) => one.name);
      this.empty(`This recording has no call in the order of time: ${names.slice(0, -1).join(", ")} and ${names[names.length - 1]} give them, and it was made with other captures, or these failed.`);
      return;
    }
    const call = app.content.calls[number];
    this.choice.value = String(number);
    if (number !== this.number) {
      this.number = number;
      this.flame.show(boxesOfCall(app.content, call));
      this.basis.textContent = this.capture(call).basis;
      put(this.basis, app.content.notes.map((note) => el("span", { class: "basis-note" }, ` ${printable(note)}.`)));
    }
    this.flame.resize();
    const [from, to] = [app.place.get("from"), app.place.get("to")].map((text) => text === "" ? NaN : Number(text));
    if (to > from) this.flame.setView(from, to, false);
    const box = this.flame.boxes.byId(app.place.number("box"));
    this.flame.select(box, box >= 0 && !(to > from));
    const [begin, end] = app.place.get("mark").split("-").map(Number);
    this.flame.mark(box < 0 && end > begin ? [begin, end] : null);
    this.tell(box);
  }

  step(by) {
    const { calls } = this.app.content;
    if (!calls.length) return;
    this.app.place.set({ call: (this.number + by + calls.length) % calls.length, box: "", from: "", to: "", mark: "" });
    this.activate();
  }

  reset() {
    if (!this.flame.boxes) return;
    const isMarked = this.flame.range !== null;
    this.unmark();
    if (!isMarked) this.flame.reset();
  }
  unmark() {
    this.flame.mark(null);
    this.app.place.set({ mark: "" });
    this.tell(this.flame.selected);
  }
  back() { if (this.flame.boxes) this.flame.zoomBy(2); }

  /** Rows of the calling thread: those above the title of the next one. */
  callingRows() {
    const { boxes } = this.flame;
    return Math.min(boxes.rowCount, ...[...boxes.titles.keys()].filter((row) => row >= 0));
  }

  /** What the calling thread did in a part of the call: own times by phase and by frame. */
  ownTimes(from, to) {
    const { boxes } = this.flame;
    const phases = new Float64Array(this.app.colours.phases.length), frames = new Map();
    const add = (box, time) => {
      phases[boxes.phase[box]] += time;
      frames.set(boxes.frame[box], (frames.get(boxes.frame[box]) ?? 0) + time);
    };
    this.addCallsOwn(phases, from, to);
    for (let row = 1; row < this.callingRows(); row++) {
      let above = boxes.firstEndingAfter(row - 1, from);
      for (let box = boxes.firstEndingAfter(row, from); box < boxes.start[row + 1] && boxes.begin[box] < to; box++) {
        const time = Math.min(boxes.end[box], to) - Math.max(boxes.begin[box], from);
        add(box, time);
        if (row === 1) continue;
        // Boxes of both rows run from left to right: what holds this one is the last to begin before it.
        while (above + 1 < boxes.start[row] && boxes.begin[above + 1] <= boxes.begin[box]) above++;
        if (above < boxes.start[row] && boxes.end[above] > from) add(above, -time);
      }
    }
    return { phases, frames };
  }

  /**
   * The call's own time, by the rules of the report's partition: before its first internal it
   * is that one's phase, after the last one teardown; collections and destructors are neither.
   */
  addCallsOwn(phases, from, to) {
    const { boxes } = this.flame;
    const [teardown, collection] = ["teardown", "garbage_collection"].map((name) => this.app.colours.number(name));
    const [begin, end] = this.callingRows() > 1 ? [boxes.start[1], boxes.start[2]] : [0, 0];
    let first = -1, last = -1;
    for (let box = begin; box < end; box++) {
      if ([teardown, collection].includes(boxes.phase[box])) continue;
      if (first < 0) first = box;
      last = box;
    }
    let at = boxes.begin[0];
    for (let box = begin; box <= end; box++) {
      const until = box < end ? boxes.begin[box] : boxes.end[0];
      const time = Math.min(until, to) - Math.max(at, from);
      const phase = first < 0 ? boxes.phase[0] : until <= boxes.begin[first] ? boxes.phase[first] : at >= boxes.end[last] ? teardown : boxes.phase[0];
      if (time > 0) phases[phase] += time;
      if (box < end) at = boxes.end[box];
    }
  }

  /** What is told where no box is selected: the part that is marked, or else that is in sight. */
  tellPart() {
    const { app } = this;
    const { boxes, range, goal, isWhole } = this.flame;
    const call = app.content.calls[this.number];
    const [from, to] = (range ?? (isWhole ? [boxes.from, boxes.to] : goal ?? [this.flame.from, this.flame.to]));
    const { phases, frames } = this.ownTimes(from, to);
    const about = this.capture(call).approximate ? "≈ " : "";
    const words = (time) => `${about}${duration(time)}, ${percent(time / (to - from))}`;
    const dearest = [...frames].filter(([, time]) => time > 0).sort((a, b) => b[1] - a[1]).slice(0, 10);
    app.details.part({
      title: range ? "The part that is marked" : isWhole ? "The whole call" : "The part in sight",
      facts: [["takes", `${about}${duration(to - from)}`, { "data-ns": Math.round(to - from) }],
        ...isWhole && !range ? [] : [["of this call", percent((to - from) / (call.wall || 1))], ["begins after", duration(from)]]],
      phases: Array.from(phases, (time, phase) => [phase, time]).filter(([, time]) => time > 0.5).sort((a, b) => b[1] - a[1]).map(([phase, time]) => [phase, words(time), time]),
      actions: range ? [["Zoom in", () => { this.unmark(); this.flame.setView(...range); }, ""], ["Unmark", () => this.unmark(), "Esc"]] : [],
      lists: [["most own time", dearest.map(([frame, time]) => [frame, duration(time), () => this.goToLongest(frame, from, to)])]],
      note: "Of the calling thread. Click a box for its details; drag on the axis, or with Shift, to mark a part; drag to pan; Ctrl and wheel, or two fingers, zoom." });
  }

  /** The longest box of a frame in a part of the call, on the calling thread. */
  goToLongest(frame, from, to) {
    const { boxes } = this.flame;
    let best = -1;
    for (let box = 0; box < boxes.start[this.callingRows()]; box++) {
      if (boxes.frame[box] !== frame || boxes.end[box] <= from || boxes.begin[box] >= to) continue;
      if (best < 0 || boxes.end[box] - boxes.begin[box] > boxes.end[best] - boxes.begin[best]) best = box;
    }
    if (best >= 0) this.flame.walk(best);
  }

  /** Boxes of all threads are matches; time is that of the calling thread, which the call's is of. */
  matching(matches) {
    const { boxes } = this.flame;
    let nodes = 0, time = 0;
    if (!boxes) return { nodes, time, whole: 0 };
    const ends = this.callingRows();
    const found = [];
    for (let box = 0; box < boxes.count; box++) {
      if (!matches[boxes.frame[box]]) continue;
      nodes++;
      if (boxes.row[box] < ends) found.push(box);
    }
    // From left to right, the outer before the inner: what begins within the last one is in it.
    found.sort((a, b) => boxes.begin[a] - boxes.begin[b] || boxes.row[a] - boxes.row[b]);
    let last = -Infinity;
    for (const box of found) {
      if (boxes.begin[box] < last) continue;
      time += boxes.end[box] - boxes.begin[box];
      last = boxes.end[box];
    }
    return { nodes, time, whole: this.app.content.calls[this.number].wall };
  }
  get whole() { return "call"; }

  words(box) {
    const { boxes } = this.flame;
    const call = this.app.content.calls[this.number];
    const time = boxes.end[box] - boxes.begin[box];
    return `${this.capture(call).approximate ? "≈ " : ""}${duration(time)} from ${duration(boxes.begin[box])} on, ${percent(time / (call.wall || 1))} of this call`;
  }

  tell(box) {
    const { app } = this;
    const { boxes } = this.flame;
    if (!boxes) return;
    if (box < 0) {
      this.tellPart();
      return;
    }
    const call = app.content.calls[this.number];
    const time = boxes.end[box] - boxes.begin[box];
    const within = this.within(box);
    const self = within.reduce((rest, one) => rest - (boxes.end[one] - boxes.begin[one]), time);
    const frame = boxes.frame[box];
    const lane = boxes.laneTops.filter((top) => top <= boxes.row[box]).length - 1;
    const above = this.aboveOf(box);
    app.details.show({
      frame, phase: boxes.row[box] ? boxes.phase[box] : -1,
      facts: [
        ["took", duration(time), { "data-ns": time }], ["self", duration(Math.max(0, self))], ["began after", duration(boxes.begin[box])],
        ["of this call", percent(time / (call.wall || 1))],
        ["thread", threadWords(call.lanes[lane].thread)], ...exactFacts(app, frame)],
      actions: [["Zoom in", () => this.flame.zoomTo(box), "Enter"],
        app.hasFrame(frame) ? ["Callers and callees", () => app.showSandwich(frame), "3"] : null,
        ["Copy frame", () => copy(app.frames.words(frame)), "y"], ["Copy stack", () => copy(this.stack(box)), "Y"]].filter(Boolean),
      lists: [["within", above >= 0 ? [[boxes.frame[above], duration(boxes.end[above] - boxes.begin[above]), () => this.flame.walk(above)]] : []],
        ["holds", within.sort((a, b) => boxes.end[b] - boxes.begin[b] - boxes.end[a] + boxes.begin[a]).slice(0, 12)
          .map((one) => [boxes.frame[one], duration(boxes.end[one] - boxes.begin[one]), () => this.flame.walk(one)])]] });
  }

  within(box) {
    const { boxes } = this.flame;
    const row = boxes.row[box] + 1;
    const found = [];
    if (row >= boxes.rowCount || boxes.titles.has(row)) return found;
    for (let one = boxes.firstEndingAfter(row, boxes.begin[box]); one < boxes.start[row + 1] && boxes.begin[one] < boxes.end[box]; one++) found.push(one);
    return found;
  }

  /** The box directly above, on the same thread. */
  aboveOf(box) {
    const { boxes } = this.flame;
    const row = boxes.row[box];
    return row === 0 || boxes.titles.has(row - 1) ? -1 : boxes.at(row - 1, boxes.begin[box]);
  }

  stack(box) {
    const names = [];
    for (let at = box; at >= 0; at = this.aboveOf(at)) names.push(this.app.frames.words(this.flame.boxes.frame[at]));
    return names.reverse().join("\n");
  }

  selection() {
    const box = this.flame.selected;
    return box < 0 ? null : { frame: this.flame.boxes.frame[box], stack: () => this.stack(box) };
  }
}

function axisWords(ns, step) {
  const [scale, unit] = step >= 1e8 ? [1e9, "s"] : step >= 1e5 ? [1e6, "ms"] : step >= 100 ? [1e3, "µs"] : [1, "ns"];
  return `${Number((ns / scale).toFixed(3))} ${unit}`;
}

// --- sandwich ---

class Sandwich extends FlameView {
  constructor(app) {
    super(app);
    const { frames, colours } = app;
    const make = (label, upward) => new Flame({ label, frames, colours, upward, clickZooms: false, act: {
      select: (box) => this.tell(upward ? this.callers : this.callees, box, upward),
      hover: (box, event) => this.hover(upward ? this.callers : this.callees, box, event) } });
    this.callers = make("Callers of the chosen frame", true);
    this.callees = make("Callees of the chosen frame", false);
    for (const flame of [this.callers, this.callees]) {
      flame.element.addEventListener("dblclick", () => { const at = flame.selected; if (at >= 0) app.showSandwich(flame.boxes.frame[at]); });
    }
    this.title = el("p", { class: "sandwich-title", "aria-live": "polite" });
    this.edges = el("div", { class: "edges" });
    this.inTree = [el("p", { class: "lane-title" }, "called by"), this.callers.element, this.callees.element, el("p", { class: "lane-title" }, "calls")];
    const [above, callers, callees, below] = this.inTree;
    this.element = el("div", { class: "sandwich" }, above, callers, this.title, callees, below, this.basis, this.edges);
  }

  activate() {
    const { app } = this;
    const tree = app.shownTree();
    let frame = app.place.number("frame");
    if (frame < 0 || frame >= app.frames.count) frame = tree ? this.usual(tree) : this.usualCounted();
    if (frame < 0) {
      this.empty("This recording has nothing that knows callers: samples, spans and cprofile do, and it was made with other captures, or these failed.");
      return;
    }
    this.frame = frame;
    const inTree = tree && tree.frame.includes(frame) ? tree : app.fullTreeWith(frame);
    clear(this.title, "chosen: ", el("strong", {}, named(shorten(app.frames.name(frame), 300))));
    this.tree = inTree;
    for (const one of this.inTree) one.hidden = !inTree;
    if (inTree) {
      this.trees = [callersOf(inTree, frame), calleesOf(inTree, frame)];
      this.callers.wasShown = false;
      this.callers.show(boxesOfTree(this.trees[0]));
      this.callees.show(boxesOfTree(this.trees[1]));
      const total = this.trees[1].total[0];
      put(this.title, ` ${inTree.countsSamples ? "≈ " : ""}${milliseconds(total)} ms a call, ${percent(total / (inTree.total[0] || 1))}`);
      this.basis.textContent = inTree.basis;
    } else {
      this.basis.textContent = tree ? "No sample was taken in this frame." : "";
    }
    this.renderEdges(frame);
    this.tell(this.callees, inTree ? 0 : -1, false);
    this.search(app.find.matches);
  }

  /** The frame to begin with: the dearest function by its own time. */
  usual(tree) {
    const { frames } = this.app;
    const sums = functionTotals(tree, frames.count);
    let best = -1;
    for (let frame = 0; frame < frames.count; frame++) {
      if (frames.kind[frame] !== PART_KIND && sums.self[frame] > (best < 0 ? 0 : sums.self[best])) best = frame;
    }
    return best;
  }

  /** The same where there is no tree, by cProfile. */
  usualCounted() {
    const { counted } = this.app;
    if (!counted) return -1;
    let best = -1;
    for (let row = 0; row < counted.self.length; row++) if (best < 0 || counted.self[row] > counted.self[best]) best = row;
    return best < 0 ? -1 : counted.frame[best];
  }

  /** cProfile's callers and callees: exact counts, which samples do not have. */
  renderEdges(frame) {
    const { counted, frames } = this.app;
    const row = counted?.rowOfFrame.get(frame);
    if (row === undefined) { clear(this.edges); return; }
    const list = (title, mine, other) => {
      const found = [];
      for (let edge = 0; edge < mine.length; edge++) if (mine[edge] === row) found.push(edge);
      found.sort((a, b) => counted.edgeTotal[b] - counted.edgeTotal[a]);
      return el("table", { class: "plain" }, el("caption", {}, title),
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "function"), el("th", { scope: "col", class: "number" }, "a call"), el("th", { scope: "col", class: "number" }, "ms"))),
        el("tbody", {}, found.slice(0, 20).map((edge) => {
          const its = counted.frame[other[edge]];
          return el("tr", {}, el("th", { scope: "row" }, button(frames.label(its), () => this.app.showSandwich(its), { class: "name-button" })),
            el("td", { class: "number" }, `${count(counted.edgeCalls[edge] / counted.calls)}×`),
            el("td", { class: "number" }, milliseconds(counted.edgeTotal[edge] / counted.calls)));
        }), found.length > 20 ? el("tr", {}, el("td", { colspan: 3, class: "quiet" }, `${found.length - 20} more in cprofile.prof`)) : null));
    };
    clear(this.edges, el("p", { class: "basis" }, `cProfile: exact counts over ${plural(counted.calls, "call")}, times as measured under cProfile.`),
      el("div", { class: "edge-tables" }, list("callers, exact counts", counted.callee, counted.caller), list("callees, exact counts", counted.caller, counted.callee)));
  }

  hover(flame, box, event) {
    if (box < 0) { this.app.tip.hide(); return; }
    this.flame = flame;
    this.tip(box, event, this.words(flame, box));
  }

  words(flame, box) {
    const tree = this.trees[flame === this.callers ? 0 : 1];
    const node = flame.boxes.id[box];
    return `${tree.countsSamples ? "≈ " : ""}${milliseconds(tree.total[node])} ms a call, ${percent(tree.total[node] / (this.tree.total[0] || 1))} of it`;
  }

  tell(flame, box, upward) {
    const { app } = this;
    if (!this.tree) {
      app.details.show({ frame: this.frame, phase: -1, facts: exactFacts(app, this.frame) });
      return;
    }
    const tree = this.trees[upward ? 0 : 1];
    const node = box < 0 ? 0 : flame.boxes.id[box];
    const whole = this.tree.total[0] || 1;
    const about = tree.countsSamples ? "≈ " : "";
    const frame = tree.frame[node];
    app.details.show({
      frame, phase: tree.phase[node],
      facts: [[upward && node ? "calls it for" : "total", `${about}${milliseconds(tree.total[node])} ms a call, ${percent(tree.total[node] / whole)} of it`, { "data-ns": tree.total[node] }],
        upward ? null : ["self", `${about}${milliseconds(tree.self[node])} ms a call`], ...exactFacts(app, frame)].filter(Boolean),
      actions: [node ? ["Choose this frame", () => app.showSandwich(frame), "double-click"] : null, ["Copy frame", () => copy(app.frames.words(frame)), "y"]].filter(Boolean),
      lists: [["callers", this.trees[0].children(0).slice(0, 10).map((child) => [this.trees[0].frame[child], percent(this.trees[0].total[child] / whole), () => app.showSandwich(this.trees[0].frame[child])])],
        ["callees", this.trees[1].children(0).slice(0, 10).map((child) => [this.trees[1].frame[child], percent(this.trees[1].total[child] / whole), () => app.showSandwich(this.trees[1].frame[child])])]] });
  }

  search(matches) { this.callers.highlight(matches); this.callees.highlight(matches); }
  highlightPhase(phase) { this.callers.highlightPhase(phase); this.callees.highlightPhase(phase); }
  flames() { return [this.callers, this.callees]; }
  reset() { for (const flame of [this.callers, this.callees]) if (flame.boxes) flame.reset(); }
  back() { this.reset(); }
  selection() { return this.frame === undefined ? null : { frame: this.frame, stack: () => this.app.frames.words(this.frame) }; }
}

// --- table ---

class TableView {
  constructor(app) {
    this.app = app;
    this.table = new FunctionTable(app);
    this.element = this.table.element;
  }
  activate() { this.table.render(); this.app.details.nothing("Choose a name to see its callers and callees."); }
  search() { this.table.render(); }
  highlightPhase() { this.table.render(); }
  matching(matches) { return matchingInTree(this.app, matches); }
  get whole() { return "time"; }
  flames() { return []; }
  repaint() {}
  reset() {}
  back() {}
  selection() { return null; }
}
