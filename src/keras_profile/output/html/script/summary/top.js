// @ts-check
// The head of the page: what it is of, and its tools.

import { button, el, named } from "../dom.js";
import { copy } from "../notices.js";
import { printable, shorten } from "../words.js";

/** @import { App } from "../app.js" */

/** @param {App} app */
export function renderTop(app) {
  const { above, report, texts } = app.content;
  const recording = named(shorten(report.recording, 80), {
    class: "brand-recording",
    title: printable(report.recording),
  });
  // Only what leads to the page of the program beside it: no address comes from a recording.
  const back = above === "../report.html" ? el("a", { href: above, id: "above" }, "← the program") : null;
  return [
    el("div", { class: "brand" }, el("span", { class: "brand-name" }, "keras_profile"), recording, back),
    el("p", { class: "brand-environment" }, printable(shorten(texts.environment, 200))),
    el(
      "div",
      { class: "tools" },
      button("Copy link", () => copy(app.place.link()), {
        title: "Copies a link to this view (l)",
        id: "copy-link",
      }),
      button("Print", () => print(), { class: "wide-only" }),
      button("", () => app.theme.next(), { id: "theme", title: "Light, dark or system theme (t)" }),
      button("Keys ?", () => app.help.open(), { id: "help-button", title: "All keys (?)" }),
    ),
  ];
}
