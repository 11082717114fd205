// @ts-check
// Tables of the summary, and what folds.

import { el } from "../dom.js";

/** @import { Child } from "../dom.js" */

/**
 * Something that is folded at first.
 * @param {string} title
 * @param {Child} content
 */
export function folded(title, content) {
  const scroller = el(
    "div",
    { class: "scroller", tabindex: "0", role: "group", "aria-label": title },
    content,
  );
  return el("details", { class: "fold" }, el("summary", {}, title), scroller);
}

/**
 * @param {string[]} titles of the columns, all empty for no head
 * @param {string} sides `l` or `r` for each column: where its text is
 * @param {Child[][]} rows
 */
export function plainTable(titles, sides, rows) {
  const side = (/** @type {number} */ at) => (sides[at] === "r" ? "number" : "");
  const heads = titles.map((title, at) => el("th", { scope: "col", class: side(at) }, title));
  const cells = (/** @type {Child[]} */ row) =>
    row.map((value, at) => el(at ? "td" : "th", { class: side(at), scope: at ? null : "row" }, value));
  return el(
    "table",
    { class: "plain" },
    titles.some(Boolean) ? el("thead", {}, el("tr", {}, heads)) : null,
    el(
      "tbody",
      {},
      rows.map((row) => el("tr", {}, cells(row))),
    ),
  );
}

/**
 * A key that the report may have beyond those that it must have.
 * @template Value
 * @param {Value | null | undefined | ""} value
 * @param {(value: Value) => Child} render
 */
export function optional(value, render) {
  return value === undefined || value === null || value === "" ? null : render(value);
}
