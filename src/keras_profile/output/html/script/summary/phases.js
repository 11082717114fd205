// @ts-check
// The phases of a call, as a bar and as a table.

import { colourName, patternOf } from "../colours.js";
import { el, named, put } from "../dom.js";
import { count, milliseconds, percent, percents, phaseWords, shorten } from "../words.js";

/** @import { App } from "../app.js" */
/** @import { PhaseShare } from "../content.d.ts" */

/** A part of the bar that has less of the call has no words. */
const LEAST_SHARE = 0.035;

/** @param {App} app */
export function renderBar(app) {
  const { attribution } = app.content.report;
  const shown = attribution.phases.filter((phase) => phase.self_ns > 0);
  return el(
    "div",
    { class: "bar", role: "group", "aria-label": "Phases of a call, largest first" },
    shown.map((phase) => renderPart(app, phase, phase.self_ns / (attribution.total_ns || 1))),
  );
}

/**
 * @param {App} app
 * @param {PhaseShare} phase
 * @param {number} share
 */
function renderPart(app, { phase, self_ns: ns }, share) {
  const words = phaseWords(phase);
  const part = el("button", {
    type: "button",
    class: `bar-part pattern-${patternOf(phase)}`,
    "data-phase": phase,
    "aria-pressed": "false",
    title: `${words}: ${milliseconds(ns)} ms, ${percent(share)}`,
    "aria-label": `${words}, ${percent(share)}`,
    style: { "flex-grow": String(ns), "--fill": `var(--phase-${colourName(phase)})` },
    on: { click: () => app.phase.toggle(phase) },
  });
  if (share > LEAST_SHARE) {
    put(part, el("span", { class: "bar-name" }, words), el("span", { class: "bar-share" }, percent(share)));
  }
  return part;
}

/** @param {App} app */
export function renderPhases(app) {
  const { phases, total_ns: ns } = app.content.report.attribution;
  const most = Math.max(...phases.map((phase) => phase.share), 1e-9);
  const rows = phases.map((phase, number) =>
    renderRow(app, phase, app.content.texts.mostlyIn[number], (100 * phase.share) / most),
  );
  const total = el("td", { class: "number", id: "phases-total", "data-ns": ns }, milliseconds(ns));
  const table = el(
    "table",
    { class: "phases" },
    el("thead", {}, renderTitles()),
    el("tbody", {}, rows),
    el(
      "tfoot",
      {},
      el(
        "tr",
        {},
        el("th", { scope: "row" }, "total"),
        total,
        el("td", { class: "number" }, "100%"),
        el("td"),
        [1, 2, 3].map(() => el("td", { class: "wide-only" })),
      ),
    ),
  );
  return el(
    "div",
    { class: "scroller", tabindex: "0", role: "group", "aria-label": "Phases as a table" },
    table,
  );
}

function renderTitles() {
  return el(
    "tr",
    {},
    el("th", { scope: "col" }, "phase"),
    el("th", { scope: "col", class: "number" }, "ms"),
    el("th", { scope: "col", class: "number" }, "share"),
    el("th", { scope: "col" }, el("span", { class: "unseen" }, "as a bar")),
    el("th", { scope: "col", class: "number wide-only" }, "95% CI"),
    el("th", { scope: "col", class: "number wide-only" }, "per call"),
    el("th", { scope: "col", class: "wide-only" }, "mostly in"),
  );
}

/**
 * @param {App} app
 * @param {PhaseShare} phase
 * @param {string} mostlyIn
 * @param {number} width of its bar, in percent
 */
function renderRow(app, phase, mostlyIn, width) {
  const name = phase.phase;
  const meaning = app.content.phases.find((one) => one.name === name)?.meaning ?? "";
  const unnamed =
    phase.unnamed_share === null ? "" : `; ${percent(phase.unnamed_share)} of it in functions without a name`;
  const choice = el(
    "button",
    {
      type: "button",
      class: "phase-button",
      "aria-pressed": "false",
      title: meaning,
      on: { click: () => app.phase.toggle(name) },
    },
    app.colours.swatch(name),
    named(name),
  );
  const bar = el("span", {
    class: "share-bar",
    style: { width: `${width}%`, "--fill": `var(--phase-${colourName(name)})` },
  });
  return el(
    "tr",
    { "data-phase": name, class: phase.self_ns ? "" : "nothing" },
    el("th", { scope: "row" }, choice),
    el("td", { class: "number", "data-ns": phase.self_ns }, milliseconds(phase.self_ns)),
    el("td", { class: "number" }, percent(phase.share)),
    el("td", { class: "share-cell" }, bar),
    el("td", { class: "number interval wide-only" }, percents(phase.share_ci95)),
    el("td", { class: "number wide-only" }, phase.count_per_call ? `${count(phase.count_per_call)}×` : ""),
    el("td", { class: "mostly wide-only", title: `${meaning}${unnamed}` }, named(shorten(mostlyIn, 200))),
  );
}
