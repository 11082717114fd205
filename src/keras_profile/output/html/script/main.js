// Puts the page together and keeps its parts in step.

const VIEWS = [["left", "Left heavy"], ["time", "Time order"], ["sandwich", "Sandwich"], ["table", "Table"]];
const THEMES = ["system", "light", "dark"];
const THEME_KEY = "keras_profile.theme";

class Search {
  constructor(app) {
    this.app = app;
    this.text = "";
    this.matches = this.test = null;
    this.at = -1;
    this.input = el("input", { type: "search", id: "search", placeholder: "Search", autocomplete: "off", spellcheck: "false",
      "aria-label": "Search names and modules", "aria-describedby": "search-count", on: {
        input: () => this.run(this.input.value),
        keydown: (event) => {
          if (event.key === "Enter") { event.preventDefault(); this.step(event.shiftKey ? -1 : 1); }
          if (event.key === "Escape") { this.input.value = ""; this.run(""); app.focusView(); }
        } } });
    this.count = el("output", { id: "search-count", class: "search-count", for: "search" });
  }

  focus() { this.input.focus(); this.input.select(); }

  run(text, remember = true) {
    this.text = text;
    this.at = -1;
    if (remember) this.app.place.set({ find: text });
    const wanted = text.trim().toLowerCase();
    const { frames } = this.app;
    this.test = wanted ? (name) => name.toLowerCase().includes(wanted) : null;
    this.matches = null;
    if (wanted) {
      const hits = frames.strings.map((name) => this.test(name) ? 1 : 0);
      this.matches = new Uint8Array(frames.count);
      for (let frame = 0; frame < frames.count; frame++) this.matches[frame] = hits[frames.names[frame]] | hits[frames.modules[frame]];
    }
    this.app.view.search(this.matches);
    this.tell();
  }

  /** How many boxes match, and which share of the time they have. */
  tell() {
    if (!this.matches) { this.count.textContent = ""; return; }
    const { nodes, time, whole } = this.app.view.matching(this.matches);
    this.count.textContent = nodes ? `${plural(nodes, "match", "matches")}, ${percent(time / (whole || 1))} of the ${this.app.view.whole}` : "no match";
    this.count.dataset.ns = String(Math.round(time));
  }

  step(by) {
    const { flame } = this.app.view;
    if (!this.matches || !flame?.boxes) return;
    const found = [];
    for (let box = 0; box < flame.boxes.count; box++) if (this.matches[flame.boxes.frame[box]]) found.push(box);
    if (!found.length) return;
    const now = found.indexOf(flame.selected);
    flame.walk(found[(now + by + found.length) % found.length] ?? found[0]);
  }
}

class App {
  constructor(content) {
    this.content = content;
    this.frames = new Frames(content);
    this.colours = new Colours(content.phases);
    this.place = new Place();
    this.trees = {};
    for (const raw of content.trees) this.trees[raw.name] = Tree.read(content, raw);
    this.collapsed = new Map();
    this.counted = this.readCounted();
    this.tip = new Tip();
    this.help = new Help();
    this.find = new Search(this);
    this.details = new Details(this);
    this.chart = new CallsChart(this);
    this.views = { left: new LeftHeavy(this), time: new TimeOrder(this), sandwich: new Sandwich(this), table: new TableView(this) };
    this.view = this.views.left;
  }

  readCounted() {
    const raw = this.content.functions;
    if (!raw) return null;
    const read = { calls: raw.calls, wall: raw.wall };
    for (const name of ["frame", "phase", "totalCalls", "self", "total", "caller", "callee", "edgeCalls", "edgeTotal"]) read[name] = this.content.column(raw[name]);
    read.rowOfFrame = new Map(Array.from(read.frame, (frame, row) => [frame, row]));
    return read;
  }

  // --- trees ---

  treeName() {
    const wanted = this.place.get("tree");
    return Object.hasOwn(this.trees, wanted) ? wanted : Object.keys(this.trees)[0];
  }

  /** The tree that is looked at, without noise where that is hidden. */
  shownTree() {
    const tree = this.trees[this.treeName()];
    if (!tree || this.place.get("noise") !== "hidden") return tree;
    if (!this.collapsed.has(tree)) this.collapsed.set(tree, withoutNoise(tree, this.frames));
    return this.collapsed.get(tree);
  }

  /** A tree that has a frame, noise included. */
  fullTreeWith(frame) { return Object.values(this.trees).find((tree) => tree.frame.includes(frame)); }
  hasFrame(frame) { return Boolean(this.fullTreeWith(frame)) || Boolean(this.counted?.rowOfFrame.has(frame)); }

  // --- what is shown ---

  render() {
    clear(byId("top"), renderTop(this));
    clear(byId("answer"), renderAnswer(this));
    clear(byId("explore"), this.renderExplorer());
    clear(byId("calls"), this.chart.render());
    clear(byId("basis"), renderBasis(this));
    clear(byId("foot"), el("p", {}, "Made by keras_profile. Everything is in this file; nothing was loaded from elsewhere."));
    byId("loading").remove();
    for (const id of ["answer", "explore", "calls", "basis"]) byId(id).hidden = false;
    this.applyTheme();
    this.restore();
    // A link leads to what it is of; a phase is picked out in all of the page.
    if (Object.keys(Place.read()).some((name) => name !== "phase")) byId("explore").scrollIntoView({ behavior: "instant" });
    this.place.changed(() => this.restore());
    listenToKeys(this);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
    addEventListener("beforeprint", () => this.toPaper());
    addEventListener("afterprint", () => this.fromPaper());
  }

  renderExplorer() {
    this.tabs = VIEWS.map(([name, title], at) => el("button", {
      type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "view", "aria-selected": "false", tabindex: "-1", title: `${at + 1}`,
      on: { click: () => this.turnTo(name), keydown: (event) => this.tabKey(event, at) } }, title));
    this.treeChoice = el("div", { class: "segments", role: "group", "aria-label": "What the tree is made of" },
      Object.keys(this.trees).map((name) => button({ samples: "Samples", spans: "Spans" }[name] ?? name, () => this.chooseTree(name),
        { "data-tree": name, title: this.trees[name].basis })));
    this.noiseSwitch = el("label", { class: "switch", title: "c" }, el("input", { type: "checkbox", id: "noise", on: { change: () => this.toggleNoise() } }), "hide wrappers and library");
    this.turnSwitch = el("label", { class: "switch", title: "i" }, el("input", { type: "checkbox", id: "turn", on: { change: () => this.toggleTurn() } }), "invert");
    this.holder = el("div", { id: "view", role: "tabpanel" });
    return [
      el("div", { class: "explore-head" }, el("h2", { id: "explore-title" }, "Where the time goes"),
        el("div", { class: "tabs", role: "tablist", "aria-label": "Views" }, this.tabs)),
      el("div", { class: "explore-bar" }, this.treeChoice, this.noiseSwitch, this.turnSwitch,
        el("div", { class: "search" }, this.find.input, this.find.count),
        this.phaseNote = el("p", { class: "phase-note", hidden: true })),
      el("div", { class: "explore-grid" }, this.holder, this.details.element),
    ];
  }

  tabKey(event, at) {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: VIEWS.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (to + VIEWS.length) % VIEWS.length;
    this.turnTo(VIEWS[next][0]);
    this.tabs[next].focus();
  }

  /** Shows what the address says. */
  restore() {
    if (this.find.text !== this.place.get("find")) this.find.input.value = this.place.get("find");
    this.showView(this.place.get("view"), false);
    this.find.run(this.place.get("find"), false);
    this.markPhase();
  }

  /** Goes to another view as a person does: the sandwich is of what is selected. */
  turnTo(name) {
    const frame = name === "sandwich" ? this.view.selection()?.frame : undefined;
    if (frame !== undefined && !this.frames.isCall(frame)) this.place.set({ frame });
    this.showView(name);
  }

  showView(name, remember = true) {
    if (!Object.hasOwn(this.views, name)) name = "left";
    if (remember) this.place.set({ view: name });
    this.view = this.views[name];
    this.tip.hide();
    VIEWS.forEach(([one], at) => {
      this.tabs[at].setAttribute("aria-selected", String(one === name));
      this.tabs[at].tabIndex = one === name ? 0 : -1;
    });
    this.holder.setAttribute("aria-labelledby", `tab-${name}`);
    if (this.holder.firstChild !== this.view.element) clear(this.holder, this.view.element);
    this.treeChoice.hidden = !["left", "sandwich"].includes(name) || Object.keys(this.trees).length < 2;
    this.details.element.hidden = false;
    this.holder.parentElement.classList.remove("alone");
    if (name === "table") this.withoutDetails();
    const hasTree = this.shownTree() !== undefined;
    this.noiseSwitch.hidden = !hasTree || !["left", "sandwich"].includes(name);
    this.turnSwitch.hidden = !hasTree || name !== "left";
    this.turnSwitch.querySelector("input").checked = this.isInverted();
    for (const one of this.treeChoice.children) one.setAttribute("aria-pressed", String(one.dataset.tree === this.treeName()));
    this.noiseSwitch.querySelector("input").checked = this.place.get("noise") === "hidden";
    this.view.activate();
    this.view.search(this.find.matches);
    this.view.highlightPhase(this.phaseChosen());
    this.find.tell();
  }

  withoutDetails() {
    this.details.element.hidden = true;
    this.holder.parentElement.classList.add("alone");
  }

  focusView() { (this.holder.querySelector(".flame") ?? this.holder.querySelector("[tabindex]"))?.focus(); }

  chooseTree(name) { this.place.set({ tree: name, node: "" }); this.showView(this.place.get("view"), false); }
  nextTree() {
    const names = Object.keys(this.trees);
    if (names.length > 1) this.chooseTree(names[(names.indexOf(this.treeName()) + 1) % names.length]);
  }
  toggleNoise() {
    this.place.set({ noise: this.place.get("noise") === "hidden" ? "shown" : "hidden", node: "" });
    this.showView(this.place.get("view"), false);
  }
  isInverted() { return this.place.get("turn") === "inverted"; }
  toggleTurn() {
    this.place.set({ turn: this.isInverted() ? "" : "inverted", node: "" });
    this.showView("left");
  }
  showSandwich(frame) { this.place.set({ frame }); this.showView("sandwich"); }
  showCall(number) {
    this.place.set({ call: number, box: "", from: "", to: "", mark: "" });
    this.showView("time");
    byId("explore").scrollIntoView({ behavior: stillMotion.matches ? "auto" : "smooth" });
  }
  stepCall(by) { if (this.view === this.views.time) this.view.step(by); }

  // --- one phase picked out ---

  phaseChosen() { return this.colours.number(this.place.get("phase")); }
  togglePhase(name) {
    this.place.set({ phase: this.place.get("phase") === name ? "" : name });
    this.markPhase();
    this.view.highlightPhase(this.phaseChosen());
  }
  markPhase() {
    const chosen = this.place.get("phase");
    for (const one of document.querySelectorAll("#answer [aria-pressed]")) {
      const mine = one.dataset.phase ?? one.closest("[data-phase]").dataset.phase;
      one.setAttribute("aria-pressed", String(mine === chosen));
    }
    document.documentElement.classList.toggle("one-phase", this.phaseChosen() >= 0);
    this.phaseNote.hidden = this.phaseChosen() < 0;
    clear(this.phaseNote, this.phaseChosen() < 0 ? null : [this.colours.swatch(chosen), phaseWords(chosen), button("×", () => this.togglePhase(chosen), { "aria-label": "Show all phases" })]);
  }

  escape() {
    if (this.find.text) { this.find.input.value = ""; this.find.run(""); }
    else if (this.place.get("phase")) this.togglePhase(this.place.get("phase"));
    else this.view.reset();
  }

  copySelection(whole) {
    const found = this.view.selection();
    if (found) copy(whole ? found.stack() : this.frames.words(found.frame));
  }

  /** Whether the flame graph is on the screen, so that its search may take Ctrl F. */
  seesExplorer() {
    const place = byId("explore").getBoundingClientRect();
    return place.top < innerHeight * 0.8 && place.bottom > innerHeight * 0.2;
  }

  // --- themes ---

  theme() {
    try { return THEMES.includes(localStorage.getItem(THEME_KEY)) ? localStorage.getItem(THEME_KEY) : "system"; } catch { return this.lastTheme ?? "system"; }
  }
  nextTheme() {
    const next = THEMES[(THEMES.indexOf(this.theme()) + 1) % THEMES.length];
    this.lastTheme = next;
    try { localStorage.setItem(THEME_KEY, next); } catch { /* a page without storage forgets its theme */ }
    this.applyTheme();
  }
  applyTheme() {
    const theme = this.theme();
    document.documentElement.dataset.theme = theme;
    byId("theme").textContent = { system: "Theme: system", light: "Theme: light", dark: "Theme: dark" }[theme];
    this.repaint();
  }
  /** Paper is light, and has no way to unfold what is folded. */
  toPaper() {
    this.unfolded = [...document.querySelectorAll(".fold:not([open])")];
    for (const one of this.unfolded) one.open = true;
    document.documentElement.dataset.theme = "light";
    this.colours.read();
    for (const flame of this.view.flames()) {
      flame.overview?.forget();
      flame.paint();
    }
    this.chart.paint();
  }
  fromPaper() {
    for (const one of this.unfolded ?? []) one.open = false;
    this.applyTheme();
  }
  repaint() {
    this.colours.read();
    this.view.repaint();
    this.chart.paint();
  }
}

/** What the figures rest on: instruments side by side, captures, layers, environment. */
function renderBasis(app) {
  const { report, texts } = app.content;
  const { attribution } = report;
  const parts = [];
  if (attribution.agreement.length) {
    const causes = new Map();
    for (const one of attribution.agreement) for (const cause of one.because) causes.set(cause, [...(causes.get(cause) ?? []), one.phase]);
    parts.push(folded("How sure", [
      el("p", {}, printable(texts.basis)),
      plainTable(["phase", "spans", "95% CI", "sampled", "95% CI", "verdict", "cProfile", "verdict"], "lrrrrlrl", attribution.agreement.map((one) => [
        [app.colours.swatch(one.phase), named(one.phase)], percent(one.spans_share), percents(one.spans_ci95), one.sampled_share === null ? "" : percent(one.sampled_share),
        percents(one.sampled_ci95), one.verdict, one.counted_share === null ? "" : percent(one.counted_share), one.counted_verdict])),
      causes.size ? [el("p", {}, "Where they differ, believe the spans. What is known of the causes:"),
        el("ul", {}, [...causes].map(([cause, phases]) => el("li", {}, named(shorten(cause, 600)), el("span", { class: "quiet" }, ` (${phases.map(phaseWords).join(", ")})`))))] : null]));
  }
  if (attribution.layers.length) {
    parts.push(folded("Layers, by the time of their kernels on all threads", plainTable(["layer", "class", "ms", "share of kernels", "ops"], "llrrl",
      attribution.layers.map((one) => [named(shorten(one.layer, 200)), named(shorten(one.class, 100)), milliseconds(one.self_ns), percent(one.share), named(shorten(one.ops.join(", "), 300))]))));
  }
  parts.push(folded("Captures", plainTable(["capture", "status", "calls", "median ms", "against bare"], "llrrr", report.captures.map((one) => [
    named(one.name), named(shorten(one.status + (one.reason ? `: ${one.reason}` : ""), 400)), one.calls.toLocaleString("en"),
    one.median_ns === null ? "" : milliseconds(one.median_ns), one.inflation === null ? "" : `${one.inflation.toFixed(2)}×`]))));
  if (report.calls.cold.phases.length) {
    parts.push(folded("The first call", plainTable(["phase", "ms", "share"], "lrr", report.calls.cold.phases.map((one) => [
      [app.colours.swatch(one.phase), named(one.phase)], milliseconds(one.self_ns), percent(one.self_ns / (report.calls.cold.total_ns || 1))]))));
  }
  const plain = (value) => value !== null && value !== "" && !(Array.isArray(value) && !value.length);
  const words = (value) => named(shorten(typeof value === "object" ? JSON.stringify(value) : String(value), 600));
  parts.push(folded("Environment and workload", plainTable(["", ""], "ll", [
    ...Object.entries(report.environment), ...Object.entries(report.workload).filter(([key]) => !["layers"].includes(key))]
    .filter(([, value]) => plain(value)).map(([key, value]) => [named(shorten(key, 60)), words(value)]))));
  return [el("h2", {}, "What it rests on"), ...parts];
}

function folded(title, content) { return el("details", { class: "fold" }, el("summary", {}, title), el("div", { class: "scroller", tabindex: "0", role: "group", "aria-label": title }, content)); }

function plainTable(titles, sides, rows) {
  const cell = (at) => sides[at] === "r" ? "number" : "";
  return el("table", { class: "plain" },
    titles.some(Boolean) ? el("thead", {}, el("tr", {}, titles.map((title, at) => el("th", { scope: "col", class: cell(at) }, title)))) : null,
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((value, at) => el(at ? "td" : "th", { class: cell(at), scope: at ? null : "row" }, value))))));
}

async function main() {
  const element = byId("data");
  try {
    if (!("DecompressionStream" in window)) throw new Error("this browser cannot unpack the report (it has no DecompressionStream); a newer one can");
    const content = await unpackData(element.textContent);
    element.remove();
    const app = new App(content);
    app.render();
    document.documentElement.dataset.state = "ready";
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("drawn")));
  } catch (error) {
    const place = byId("loading") ?? byId("foot");
    place.textContent = `The report could not be shown: ${error.message}`;
    document.documentElement.dataset.state = "failed";
    throw error;
  }
}

main();
