// @ts-check
// The answer: what a call takes, and what of it is what.

import { el, named } from "../dom.js";
import { milliseconds, percent, plural, printable, shorten } from "../words.js";
import { renderBusy } from "./devices.js";
import { renderFindings } from "./findings.js";
import { renderMostExpensiveLayers } from "./layers.js";
import { renderBar, renderPhases } from "./phases.js";
import { renderComparisons } from "./recipes.js";

/** @import { App } from "../app.js" */
/** @import { Comparison, ReportContent, Texts } from "../content.d.ts" */
/** @import { About, Child } from "../dom.js" */

/** @param {App} app */
export function renderAnswer(app) {
  const { report, texts } = app.content;
  // Only probes divide a call into phases; a session that tried changes alone has none.
  const attributed = report.captures.some((one) => one.name === "spans" && one.calls > 0);
  return [
    el(
      "div",
      { class: "figures" },
      renderMedian(report, texts),
      attributed && isDivided(report) ? renderModelShare(report.attribution.model_share) : null,
      renderBest(report.comparisons),
      renderCold(report),
    ),
    el("p", { class: "headline unseen" }, printable(texts.headline)),
    attributed ? renderBar(app) : null,
    renderFindings(app),
    renderBusy(report.attribution.devices),
    renderMostExpensiveLayers(report),
    renderComparisons(app),
    attributed ? renderPhases(app) : null,
    renderNotes(report.notes),
  ];
}

/**
 * @param {ReportContent} report
 * @param {Texts} texts
 */
function renderMedian({ calls, workload }, { call, inputs, interval }) {
  const { warm } = calls;
  const batch = workload.batch_size;
  return figure({
    kind: "chief",
    above: el("span", {}, named(call), " takes"),
    value: milliseconds(warm.median_ns),
    unit: "ms a call",
    below: [
      `${interval && `${interval} ms · `}${plural(warm.count, "warm call")} · `,
      named(inputs),
      batch ? `, batches of ${batch}` : "",
    ],
    about: { "data-ns": warm.median_ns, id: "median" },
  });
}

/**
 * Whether it is known what of a call runs the model: on other backends than TensorFlow it is not.
 * @param {ReportContent} report
 */
function isDivided({ attribution }) {
  return !attribution.phases.some((one) => one.phase === "undivided" && one.self_ns > 0);
}

/** @param {number} share */
function renderModelShare(share) {
  return figure({
    above: "of it runs your model",
    value: percent(share),
    below: share < 0.5 ? "the rest is work around the model" : "the rest is work around it",
    about: { id: "model-share" },
  });
}

/**
 * The recommended change: the first that is surely faster with the same outputs.
 * @param {Comparison[]} comparisons
 */
function renderBest(comparisons) {
  const best = comparisons.find((one) => one.verdict === "faster" && !one.approximate);
  if (!best || best.after_ns === null) return null;
  return figure({
    above: "could take",
    value: milliseconds(best.after_ns),
    unit: "ms a call",
    below: named(shorten(best.title, 80)),
    about: { id: "best" },
  });
}

/** @param {ReportContent} report */
function renderCold({ calls: { cold } }) {
  if (!cold.count) return null;
  return figure({
    above: cold.count === 1 ? "first call" : `${cold.count} first calls in total`,
    value: milliseconds(cold.total_ns),
    unit: "ms",
    below: "build, trace and compile",
    about: { "data-ns": cold.total_ns },
  });
}

/**
 * A figure with words above and below.
 * @param {{ above: Child, value: string, below: Child, about: About, kind?: string, unit?: string }} given
 */
function figure({ above, value, below, about, kind = "", unit = "" }) {
  return el(
    "div",
    { class: `figure ${kind}`, ...about },
    el("p", { class: "figure-above" }, above),
    el("p", { class: "figure-value" }, value, unit ? el("span", { class: "figure-unit" }, ` ${unit}`) : null),
    el("p", { class: "figure-below" }, below),
  );
}

/** @param {string[]} notes */
function renderNotes(notes) {
  if (!notes.length) return null;
  return el(
    "ul",
    { class: "notes" },
    notes.map((note) => el("li", {}, named(shorten(note, 2000)))),
  );
}
