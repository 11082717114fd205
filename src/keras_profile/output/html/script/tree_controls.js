// @ts-check
// What chooses the tree: of samples or spans, with noise or without, as called or inverted.

import { TREE_TITLES } from "./captures.js";
import { button, el } from "./dom.js";

/** @import { ViewName } from "./tabs.js" */
/** @import { TreeChoice } from "./trees/choice.js" */

/** The views that are of trees. */
const OF_TREES = ["left", "sandwich"];

export class TreeControls {
  /**
   * @param {TreeChoice} trees
   * @param {{ chooseTree(name: string): void, toggleNoise(): void, toggleTurn(): void }} act
   */
  constructor(trees, act) {
    this.trees = trees;
    this.buttons = trees.names.map((name) =>
      button(TREE_TITLES[name] ?? name, () => act.chooseTree(name), {
        "data-tree": name,
        title: trees.byName.get(name)?.about.basis,
      }),
    );
    this.choice = el(
      "div",
      { class: "segments", role: "group", "aria-label": "Source of the tree" },
      this.buttons,
    );
    this.noise = el("input", { type: "checkbox", id: "noise", on: { change: () => act.toggleNoise() } });
    this.turn = el("input", { type: "checkbox", id: "turn", on: { change: () => act.toggleTurn() } });
    this.noiseSwitch = el("label", { class: "switch", title: "c" }, this.noise, "hide wrappers and library");
    this.turnSwitch = el("label", { class: "switch", title: "i" }, this.turn, "invert");
    this.elements = [this.choice, this.noiseSwitch, this.turnSwitch];
  }

  /** @param {ViewName} view the one that is shown */
  mark(view) {
    const { trees } = this;
    const isOfTrees = OF_TREES.includes(view);
    const hasTree = trees.names.length > 0;
    this.choice.hidden = !isOfTrees || trees.names.length < 2;
    this.noiseSwitch.hidden = !hasTree || !isOfTrees;
    this.turnSwitch.hidden = !hasTree || view !== "left";
    this.turn.checked = trees.isInverted;
    this.noise.checked = trees.hidesNoise;
    for (const one of this.buttons) one.setAttribute("aria-pressed", String(one.dataset.tree === trees.name));
  }
}
