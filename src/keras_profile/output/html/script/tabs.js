// @ts-check
// The tabs of the views.

import { el } from "./dom.js";

/** @typedef {"left" | "time" | "sandwich" | "table"} ViewName */

/** @type {[name: ViewName, title: string][]} */
const VIEWS = [
  ["left", "Left heavy"],
  ["time", "Time order"],
  ["sandwich", "Sandwich"],
  ["table", "Table"],
];

/**
 * The view of this name, or the first.
 * @param {string} name
 */
export function viewNamed(name) {
  return (VIEWS.find(([one]) => one === name) ?? VIEWS[0])[0];
}

/**
 * Where a key leads to from a tab, around the ends; undefined where it leads nowhere.
 * @param {string} key
 * @param {number} at
 * @param {number} count
 */
export function tabAfter(key, at, count) {
  if (key === "ArrowRight") return (at + 1) % count;
  if (key === "ArrowLeft") return (at - 1 + count) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : undefined;
}

export class Tabs {
  /** @param {(name: ViewName) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.tabs = VIEWS.map(([name, title], at) =>
      el(
        "button",
        {
          type: "button",
          role: "tab",
          id: `tab-${name}`,
          "aria-controls": "view",
          "aria-selected": "false",
          tabindex: "-1",
          title: `${at + 1}`,
          on: { click: () => choose(name), keydown: (event) => this.key(event, at) },
        },
        title,
      ),
    );
    this.element = el("div", { class: "tabs", role: "tablist", "aria-label": "Views" }, this.tabs);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} at
   */
  key(event, at) {
    const next = tabAfter(event.key, at, VIEWS.length);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.choose(VIEWS[next][0]);
    this.tabs[next].focus();
  }

  /** @param {ViewName} name the view that is shown */
  mark(name) {
    VIEWS.forEach(([one], at) => {
      this.tabs[at].setAttribute("aria-selected", String(one === name));
      this.tabs[at].tabIndex = one === name ? 0 : -1;
    });
  }
}
