// @ts-check
// What to change: the changes that were measured, and what they cost by rows.

import { el, named } from "../dom.js";
import { milliseconds, plural, printable, shorten } from "../words.js";
import { fasterRowsWords, isVerdict, outputsWords, speedupWords, verdictWords } from "./recipe_words.js";
import { optional } from "./tables.js";

/** @import { App } from "../app.js" */
/** @import { Comparison, CostModel, Scaling } from "../content.d.ts" */

/** So many changes are shown at once; the rest unfold, so that the flame graph stays near. */
const BEST = 4;

/** @param {App} app */
export function renderComparisons(app) {
  const { comparisons, scaling } = app.content.report;
  if (!comparisons.length) return null;
  const measured = comparisons.filter((one) => one.after_ns !== null);
  const others = comparisons.filter((one) => one.after_ns === null);
  const most = Math.max(1, ...measured.flatMap((one) => [one.before_ns, one.after_ns ?? 0]));
  const cards = measured.map((one, at) => renderComparison(one, most, at === 0));
  return el(
    "section",
    { class: "recipes", "aria-labelledby": "recipes-title" },
    el("h2", { id: "recipes-title" }, "What to change"),
    cards.length ? el("ol", { class: "cards" }, cards.slice(0, BEST)) : null,
    cards.length > BEST ? renderMore(cards.slice(BEST)) : null,
    scaling ? renderScaling(scaling) : null,
    others.length ? renderOthers(others) : null,
  );
}

/** @param {HTMLElement[]} cards */
function renderMore(cards) {
  return el(
    "details",
    {},
    el("summary", { class: "quiet" }, `${plural(cards.length, "more measured change")}`),
    el("ol", { class: "cards", start: BEST + 1 }, cards),
  );
}

/** @param {Comparison[]} others */
function renderOthers(others) {
  return el(
    "details",
    { class: "quiet" },
    el("summary", {}, `${plural(others.length, "recipe")} not measured`),
    el(
      "ul",
      {},
      others.map((one) =>
        el(
          "li",
          {},
          named(one.title),
          ` — ${verdictWords(one.verdict)}`,
          optional(one.reason, (text) => [": ", named(shorten(text, 400))]),
        ),
      ),
    ),
  );
}

/**
 * @param {Comparison} one
 * @param {number} most the longest time of all
 * @param {boolean} open whether its code is unfolded
 */
function renderComparison(one, most, open) {
  const [speed, interval] = speedupWords(one);
  const width = (/** @type {number} */ ns) => ({ width: `${(100 * ns) / most}%` });
  const after = one.after_ns ?? 0;
  return el(
    "li",
    {
      class: `card recipe is-${isVerdict(one.verdict) ? one.verdict : "failed"}`,
      "data-recipe": printable(one.recipe),
    },
    el(
      "div",
      { class: "card-head" },
      el("h3", {}, named(one.title)),
      el("p", { class: "cost" }, speed, interval ? el("span", { class: "quiet" }, ` ${interval}`) : null),
    ),
    el(
      "div",
      { class: "pair", "aria-hidden": "true" },
      el("span", { class: "pair-bar before", style: width(one.before_ns) }),
      el("span", { class: "pair-bar after", style: width(after) }),
    ),
    el(
      "p",
      { class: "pair-words" },
      `${milliseconds(one.before_ns)} → ${milliseconds(after)} ms a call`,
      el("span", { class: "quiet" }, renderFacts(one)),
    ),
    one.code ? renderCode(one.code, open) : null,
  );
}

/** @param {Comparison} one */
function renderFacts(one) {
  return [
    optional(outputsWords(one), (outputs) => [" · ", named(shorten(outputs, 400))]),
    one.calls > 1 && ` · ${one.calls} calls at once`,
    optional(one.warmup_ns, (ns) => ` · first call ${milliseconds(ns)} ms`),
    (one.pays_off_after ?? 0) > 1 && ` · pays off after ${plural(one.pays_off_after ?? 0, "call")}`,
  ];
}

/**
 * @param {string} code
 * @param {boolean} open
 */
function renderCode(code, open) {
  const lines = code.split("\n").map((line, at) => [at ? "\n" : "", named(line)]);
  return el(
    "details",
    { open },
    el("summary", { class: "quiet" }, "the code that was run"),
    el("pre", { class: "code", tabindex: "0" }, el("code", {}, lines)),
  );
}

/**
 * What a call, a batch and a row cost now and with the best change.
 * @param {Scaling} scaling
 */
function renderScaling({ original, best, faster_rows: rows }) {
  const titles = ["", "per call", "per batch", "per row"].map((title, at) =>
    el("th", { scope: "col", class: at ? "number" : "" }, title),
  );
  const table = el(
    "table",
    { class: "plain" },
    el("caption", {}, "Cost by call, batch and row, ms"),
    el("thead", {}, el("tr", {}, titles)),
    el("tbody", {}, renderCosts("as it is", original), renderCosts(best.title, best)),
  );
  const about = { class: "scroller", tabindex: "0", role: "group", "aria-label": "Costs by rows" };
  return [el("div", about, table), el("p", { class: "quiet" }, fasterRowsWords(rows))];
}

/**
 * @param {string} title
 * @param {CostModel} model
 */
function renderCosts(title, { fixed_ns: fixed, batch_ns: batch, row_ns: row }) {
  const cost = (/** @type {number | null} */ ns) =>
    el("td", { class: "number" }, ns === null ? "" : milliseconds(ns));
  return el("tr", {}, el("th", { scope: "row" }, named(title)), [fixed, batch, row].map(cost));
}
