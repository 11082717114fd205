// @ts-check
// Where the time goes: the views, which one is shown, and what chooses it.

import { byId, clear, el } from "./dom.js";
import { stillMotion } from "./motion.js";
import { Tabs, viewNamed } from "./tabs.js";
import { TreeControls } from "./tree_controls.js";
import { FunctionTable } from "./views/function_table.js";
import { LeftHeavy } from "./views/left_heavy.js";
import { Sandwich } from "./views/sandwich.js";
import { NO_PLACE, TimeOrder } from "./views/time_order.js";

/** @import { App } from "./app.js" */
/** @import { ViewName } from "./tabs.js" */
/** @import { View } from "./views/flame_view.js" */

export class Explorer {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    this.time = new TimeOrder(app);
    /** @type {Record<ViewName, View>} */
    this.views = {
      left: new LeftHeavy(app),
      time: this.time,
      sandwich: new Sandwich(app),
      table: new FunctionTable(app),
    };
    /** The view that is shown. */
    this.view = this.views.left;
    this.tabs = new Tabs((name) => this.turnTo(name));
    this.controls = new TreeControls(app.trees, this);
    this.holder = el("div", { id: "view", role: "tabpanel" });
    this.grid = el("div", { class: "explore-grid" }, this.holder, app.details.element);
  }

  render() {
    const { search, phase } = this.app;
    return [
      el(
        "div",
        { class: "explore-head" },
        el("h2", { id: "explore-title" }, "Where the time goes"),
        this.tabs.element,
      ),
      el(
        "div",
        { class: "explore-bar" },
        this.controls.elements,
        el("div", { class: "search" }, search.input, search.count),
        phase.note,
      ),
      this.grid,
    ];
  }

  // --- what is shown ---

  /** Shows the view that the address says. */
  restore() {
    const { app } = this;
    const name = viewNamed(app.place.get("view"));
    this.view = this.views[name];
    app.tip.hide();
    this.tabs.mark(name);
    this.holder.setAttribute("aria-labelledby", `tab-${name}`);
    if (this.holder.firstChild !== this.view.element) clear(this.holder, this.view.element);
    this.showDetails(name !== "table");
    this.controls.mark(name);
    this.view.activate();
    this.view.search(app.search.matches);
    this.view.highlightPhase(app.phase.number);
    app.search.showCount();
  }

  /** @param {ViewName} name */
  showView(name) {
    this.app.place.set({ view: name });
    this.restore();
  }

  /**
   * Goes to another view as a person does: the sandwich is of what is selected.
   * @param {ViewName} name
   */
  turnTo(name) {
    const frame = name === "sandwich" ? this.view.selection()?.frame : undefined;
    if (frame !== undefined && !this.app.frames.isCall(frame)) this.app.place.set({ frame });
    this.showView(name);
  }

  /** @param {number} frame */
  showSandwich(frame) {
    this.app.place.set({ frame });
    this.showView("sandwich");
  }

  /** @param {number} number of a call in time order */
  showCall(number) {
    this.app.place.set({ call: number, ...NO_PLACE });
    this.showView("time");
    byId("explore").scrollIntoView({ behavior: stillMotion.matches ? "auto" : "smooth" });
  }

  /** @param {number} by */
  stepCall(by) {
    if (this.view === this.time) this.time.step(by);
  }

  /** @param {boolean} isShown */
  showDetails(isShown) {
    this.app.details.element.hidden = !isShown;
    this.grid.classList.toggle("alone", !isShown);
  }

  withoutDetails() {
    this.showDetails(false);
  }

  focusView() {
    const found = this.holder.querySelector(".flame") ?? this.holder.querySelector("[tabindex]");
    if (found instanceof HTMLElement) found.focus();
  }

  /** Whether the flame graph is on the screen, so that its search may take Ctrl F. */
  get isInSight() {
    const place = byId("explore").getBoundingClientRect();
    return place.top < innerHeight * 0.8 && place.bottom > innerHeight * 0.2;
  }

  // --- the tree ---

  /** @param {string} name */
  chooseTree(name) {
    this.app.place.set({ tree: name, node: "" });
    this.restore();
  }

  nextTree() {
    const { trees } = this.app;
    if (trees.names.length > 1) this.chooseTree(trees.nextName);
  }

  toggleNoise() {
    const { place, trees } = this.app;
    place.set({ noise: trees.hidesNoise ? "shown" : "hidden", node: "" });
    this.restore();
  }

  toggleTurn() {
    const { place, trees } = this.app;
    place.set({ turn: trees.isInverted ? "" : "inverted", node: "" });
    this.showView("left");
  }
}
