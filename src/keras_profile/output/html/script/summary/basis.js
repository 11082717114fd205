// @ts-check
// What the figures rest on: instruments in comparison, captures, layers, environment.

import { el, named } from "../dom.js";
import { milliseconds, percent, percents, phaseWords, printable, shorten } from "../words.js";
import { renderDevices } from "./devices.js";
import { renderLayers } from "./layers.js";
import { folded, plainTable } from "./tables.js";

/** @import { App } from "../app.js" */
/** @import { Agreement, CaptureFigures, ReportContent } from "../content.d.ts" */
/** @import { Colours } from "../colours.js" */

/** @param {App} app */
export function renderBasis({ content, colours }) {
  const { report, texts } = content;
  const { agreement, layers, devices } = report.attribution;
  return [
    el("h2", {}, "Basis of the figures"),
    agreement.length ? renderAgreement(agreement, texts.basis, colours) : null,
    renderLayers(layers, devices),
    renderDevices(devices),
    renderCaptures(report.captures),
    report.calls.cold.phases.length ? renderCold(report, colours) : null,
    renderFacts([...Object.entries(report.environment), ...Object.entries(report.workload)]),
  ];
}

/**
 * @param {Agreement[]} agreement
 * @param {string} basis
 * @param {Colours} colours
 */
function renderAgreement(agreement, basis, colours) {
  const titles = ["phase", "spans", "95% CI", "sampled", "95% CI", "verdict", "cProfile", "verdict"];
  const share = (/** @type {number | null} */ value) => (value === null ? "" : percent(value));
  const rows = agreement.map((one) => [
    [colours.swatch(one.phase), named(one.phase)],
    percent(one.spans_share),
    percents(one.spans_ci95),
    share(one.sampled_share),
    percents(one.sampled_ci95),
    one.verdict,
    share(one.counted_share),
    one.counted_verdict,
  ]);
  return folded("Confidence", [
    el("p", {}, printable(basis)),
    plainTable(titles, "lrrrrlrl", rows),
    renderCauses(phasesByCause(agreement)),
  ]);
}

/**
 * The known causes of differences, and the phases that have each.
 * @param {Pick<Agreement, "phase" | "because">[]} agreement
 */
export function phasesByCause(agreement) {
  /** @type {Map<string, string[]>} */
  const causes = new Map();
  for (const { phase, because } of agreement) {
    for (const cause of because) causes.set(cause, [...(causes.get(cause) ?? []), phase]);
  }
  return causes;
}

/** @param {Map<string, string[]>} causes */
function renderCauses(causes) {
  if (!causes.size) return null;
  const lines = [...causes].map(([cause, phases]) => {
    const where = ` (${phases.map(phaseWords).join(", ")})`;
    return el("li", {}, named(shorten(cause, 600)), el("span", { class: "quiet" }, where));
  });
  return [el("p", {}, "If they differ, trust the spans. Known causes:"), el("ul", {}, lines)];
}

/** @param {CaptureFigures[]} captures */
function renderCaptures(captures) {
  const rows = captures.map((one) => [
    named(one.name),
    named(shorten(one.status + (one.reason ? `: ${one.reason}` : ""), 400)),
    one.calls.toLocaleString("en"),
    one.median_ns === null ? "" : milliseconds(one.median_ns),
    one.inflation === null ? "" : `${one.inflation.toFixed(2)}×`,
  ]);
  return folded(
    "Captures",
    plainTable(["capture", "status", "calls", "median ms", "against bare"], "llrrr", rows),
  );
}

/**
 * @param {ReportContent} report
 * @param {Colours} colours
 */
function renderCold({ calls: { cold } }, colours) {
  const rows = cold.phases.map((one) => [
    [colours.swatch(one.phase), named(one.phase)],
    milliseconds(one.self_ns),
    percent(one.self_ns / (cold.total_ns || 1)),
  ]);
  return folded("The first call", plainTable(["phase", "ms", "share"], "lrr", rows));
}

/** @param {[key: string, value: unknown][]} facts */
function renderFacts(facts) {
  const rows = facts
    .filter(([key, value]) => key !== "layers" && isKnown(value))
    .map(([key, value]) => [named(shorten(key, 60)), named(shorten(factWords(value), 600))]);
  return folded("Environment and workload", plainTable(["", ""], "ll", rows));
}

/** @param {unknown} value */
function isKnown(value) {
  return value !== null && value !== "" && !(Array.isArray(value) && !value.length);
}

/** @param {unknown} value */
function factWords(value) {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
