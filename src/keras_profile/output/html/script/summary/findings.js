// @ts-check
// Why: the causes that were found, and those that were looked for.

import { button, el, named, prose } from "../dom.js";
import { milliseconds, percent, plural, printable, shorten } from "../words.js";
import { times } from "./recipe_words.js";
import { optional } from "./tables.js";

/** @import { App } from "../app.js" */
/** @import { Finding, ReportContent } from "../content.d.ts" */
/** @import { Child } from "../dom.js" */

/** @param {App} app */
export function renderFindings(app) {
  const { findings } = app.content.report;
  if (!findings.length) return null;
  const found = findings.filter((one) => one.verdict === "found");
  return el(
    "section",
    { class: "findings", "aria-labelledby": "findings-title" },
    el("h2", { id: "findings-title" }, "Why"),
    found.length
      ? el(
          "ol",
          { class: "cards" },
          found.map((one) => renderFinding(app, one)),
        )
      : el("p", { class: "quiet" }, "No cause was found."),
    renderOthers(findings.filter((one) => one.verdict !== "found" && one.verdict !== "included")),
  );
}

/** @param {Finding[]} others that were not found, or are not known */
function renderOthers(others) {
  if (!others.length) return null;
  const absent = others.filter((one) => one.verdict === "not_found");
  const unknown = byNeed(others.filter((one) => one.verdict !== "not_found"));
  return el(
    "details",
    { class: "quiet" },
    el("summary", {}, `${plural(others.length, "other cause")} checked`),
    el(
      "ul",
      {},
      absent.length ? el("li", {}, "not found: ", renderNames(absent)) : null,
      [...unknown].map(([need, causes]) =>
        el(
          "li",
          {},
          "cannot tell",
          need ? [" without ", named(shorten(need, 400))] : "",
          ": ",
          renderNames(causes),
        ),
      ),
    ),
  );
}

/**
 * Causes by what is missing to know of them.
 * @param {Finding[]} findings
 */
export function byNeed(findings) {
  /** @type {Map<string, Finding[]>} */
  const found = new Map();
  for (const one of findings) {
    const need = one.needs || one.evidence[0] || "";
    found.set(need, [...(found.get(need) ?? []), one]);
  }
  return found;
}

/** @param {Finding[]} findings */
function renderNames(findings) {
  return findings.map((one, at) => [at ? ", " : "", named(one.title || one.rule)]);
}

/**
 * @param {App} app
 * @param {Finding} finding
 */
function renderFinding(app, finding) {
  const { report } = app.content;
  const { evidence, recipes } = finding;
  const lines = evidence.map((text) => el("li", {}, prose(shorten(String(text), 1000))));
  const fixes = recipes.map((recipe, at) => [at ? "; " : "", renderRecipe(report, recipe)]);
  const quiet = (/** @type {Child[]} */ ...children) => el("p", { class: "quiet" }, ...children);
  return el(
    "li",
    { class: "card finding", "data-rule": printable(finding.rule) },
    el(
      "div",
      { class: "card-head" },
      finding.phase ? app.colours.swatch(finding.phase) : null,
      el("h3", {}, prose(finding.title)),
      renderCost(report, finding),
    ),
    lines.length ? el("ul", { class: "evidence" }, lines) : null,
    optional(finding.where, (where) => quiet("at ", el("code", {}, named(shorten(where, 300))))),
    optional(finding.sure, (sure) => quiet("confidence: ", named(shorten(sure, 300)))),
    optional(finding.advice, (advice) =>
      el("p", { class: "advice" }, "what helps: ", prose(shorten(advice, 300))),
    ),
    fixes.length ? quiet("changes that may help: ", fixes) : null,
  );
}

/**
 * @param {ReportContent} report
 * @param {Finding} finding
 */
function renderCost(report, { cost_ns_per_call: ns, share }) {
  if (!ns) return null;
  const part = percent(share || ns / (report.attribution.total_ns || 1));
  return el(
    "p",
    { class: "cost", "data-ns": ns },
    `${milliseconds(ns)} ms`,
    el("span", { class: "quiet" }, ` a call, ${part}`),
  );
}

/**
 * A recipe, with what it gained here where that was measured: then it leads to its code.
 * @param {ReportContent} report
 * @param {string} recipe
 */
function renderRecipe(report, recipe) {
  const tried = report.comparisons.filter((one) => one.recipe === recipe);
  const faster = tried.filter((one) => one.verdict === "faster");
  const title = named((faster[0] ?? tried[0])?.title ?? recipe);
  const gain = faster.map((one) => one.speedup).find((speedup) => speedup !== null) ?? null;
  if (gain === null) return title;
  const lead = button("", () => showRecipe(recipe), { class: "to-recipe", title: "Shows its code" });
  lead.append(title);
  return [lead, ` (${times(gain)} here)`];
}

/** @param {string} recipe */
function showRecipe(recipe) {
  const cards = [...document.querySelectorAll(".recipe")];
  const card = cards.find((one) => one.getAttribute("data-recipe") === printable(recipe));
  card?.scrollIntoView({ block: "center" });
  card?.querySelector("details")?.setAttribute("open", "");
}
