// @ts-check
// The list of all keys.

import { el } from "./dom.js";
import { keyParts, KEYS } from "./keys.js";

export class Help {
  constructor() {
    this.dialog = el(
      "dialog",
      { id: "help", "aria-labelledby": "help-title" },
      el("h2", { id: "help-title" }, "Keys"),
      el(
        "dl",
        { class: "keys" },
        KEYS.map(([keys, meaning]) => [el("dt", {}, renderKeys(keys)), el("dd", {}, meaning)]),
      ),
      el(
        "p",
        { class: "quiet" },
        "Click a box in left heavy to zoom in; " +
          "in the other views a click selects and a double click zooms or chooses.",
      ),
      el("form", { method: "dialog" }, el("button", { autofocus: true }, "Close")),
    );
    document.body.append(this.dialog);
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
  }

  open() {
    if (!this.dialog.open) this.dialog.showModal();
  }
}

/** @param {string} keys */
function renderKeys(keys) {
  return keyParts(keys).map(({ text, isKey }) => (isKey ? el("kbd", {}, text) : ` ${text} `));
}
