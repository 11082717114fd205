// The top of the page: the answer, the phases as a bar and a table, findings and recipes.

function renderTop(app) {
  const { report, texts } = app.content;
  return [
    el("div", { class: "brand" }, el("span", { class: "brand-name" }, "keras_profile"),
      named(shorten(report.recording, 80), { class: "brand-recording", title: printable(report.recording) })),
    el("p", { class: "brand-environment" }, printable(shorten(texts.environment, 200))),
    el("div", { class: "tools" },
      button("Copy link", () => copy(app.place.link()), { title: "Copies a link to this view (l)", id: "copy-link" }),
      button("Print", () => print(), { class: "wide-only" }),
      el("button", { type: "button", id: "theme", title: "Light, dark or as the system has it (t)", on: { click: () => app.nextTheme() } }),
      button("Keys ?", () => app.help.open(), { id: "help-button", title: "All keys (?)" })),
  ];
}

function renderAnswer(app) {
  const { report, texts } = app.content;
  const { warm, cold } = report.calls;
  const { attribution } = report;
  const [low, high] = warm.median_ci95_ns;
  const batch = report.workload.batch_size;
  // Only probes divide a call into phases; a session that tried changes alone has none.
  const attributed = report.captures.some((one) => one.name === "spans" && one.calls > 0);
  return [
    el("div", { class: "figures" },
      figure("chief", el("span", {}, named(texts.call), " takes"), milliseconds(warm.median_ns), "ms a call",
        [`95% CI ${milliseconds(low)}–${milliseconds(high)} ms · ${plural(warm.count, "warm call")} · `,
          named(texts.inputs), batch ? `, batches of ${batch}` : ""], { "data-ns": warm.median_ns, id: "median" }),
      !attributed ? null : figure("", "of it runs your model", percent(attribution.model_share), "",
        [attribution.model_share < 0.5 ? "the rest is work around the model" : "the rest is work around it"], { id: "model-share" }),
      renderBest(report.comparisons),
      cold.count ? figure("", cold.count === 1 ? "first call" : `${cold.count} first calls together`, milliseconds(cold.total_ns), "ms",
        ["build, trace and compile"], { "data-ns": cold.total_ns }) : null),
    el("p", { class: "headline unseen" }, printable(texts.headline)),
    attributed ? renderBar(app) : null,
    renderFindings(app),
    renderComparisons(app),
    attributed ? renderPhases(app) : null,
    renderNotes(report.notes),
  ];
}

/** The change that gains most, of those that are surely faster with the same outputs. */
function renderBest(comparisons) {
  const best = comparisons.find((one) => one.verdict === "faster" && !one.approximate);
  return best ? figure("", "could take", milliseconds(best.after_ns), "ms a call", [named(shorten(best.title, 80))], { id: "best" }) : null;
}

function figure(kind, above, value, unit, below, about) {
  return el("div", { class: `figure ${kind}`, ...about },
    el("p", { class: "figure-above" }, above),
    el("p", { class: "figure-value" }, value, unit ? el("span", { class: "figure-unit" }, ` ${unit}`) : null),
    el("p", { class: "figure-below" }, below));
}

function renderBar(app) {
  const { attribution } = app.content.report;
  const total = attribution.total_ns || 1;
  const shown = attribution.phases.filter((phase) => phase.self_ns > 0);
  return el("div", { class: "bar", role: "group", "aria-label": "Phases of a call, in the order of their time" },
    shown.map((phase) => {
      const share = phase.self_ns / total;
      const part = el("button", {
        type: "button", class: `bar-part pattern-${patternOf(phase.phase)}`, "data-phase": phase.phase,
        "aria-pressed": "false", title: `${phaseWords(phase.phase)}: ${milliseconds(phase.self_ns)} ms, ${percent(share)}`,
        "aria-label": `${phaseWords(phase.phase)}, ${percent(share)}`,
        style: { "flex-grow": String(phase.self_ns), "--fill": `var(--phase-${colourName(phase.phase)})` },
        on: { click: () => app.togglePhase(phase.phase) } });
      if (share > 0.035) put(part, el("span", { class: "bar-name" }, phaseWords(phase.phase)), el("span", { class: "bar-share" }, percent(share)));
      return part;
    }));
}

function renderPhases(app) {
  const { attribution } = app.content.report;
  const { texts } = app.content;
  const most = Math.max(...attribution.phases.map((phase) => phase.share), 1e-9);
  const rows = attribution.phases.map((phase, number) => {
    const meaning = app.content.phases.find((one) => one.name === phase.phase)?.meaning ?? "";
    const ownLines = phase.unnamed_share === null ? "" : `; ${percent(phase.unnamed_share)} of it in functions without a name`;
    return el("tr", { "data-phase": phase.phase, class: phase.self_ns ? "" : "nothing" },
      el("th", { scope: "row" }, el("button", {
        type: "button", class: "phase-button", "aria-pressed": "false", title: meaning, on: { click: () => app.togglePhase(phase.phase) } },
      app.colours.swatch(phase.phase), named(phase.phase))),
      el("td", { class: "number", "data-ns": phase.self_ns }, milliseconds(phase.self_ns)),
      el("td", { class: "number" }, percent(phase.share)),
      el("td", { class: "share-cell" }, el("span", {
        class: "share-bar", style: { width: `${100 * phase.share / most}%`, "--fill": `var(--phase-${colourName(phase.phase)})` } })),
      el("td", { class: "number interval wide-only" }, percents(phase.share_ci95)),
      el("td", { class: "number wide-only" }, phase.count_per_call ? `${count(phase.count_per_call)}×` : ""),
      el("td", { class: "mostly wide-only", title: `${meaning}${ownLines}` }, named(shorten(texts.mostlyIn[number], 200))));
  });
  return el("div", { class: "scroller", tabindex: "0", role: "group", "aria-label": "Phases as a table" }, el("table", { class: "phases" },
    el("thead", {}, el("tr", {},
      el("th", { scope: "col" }, "phase"), el("th", { scope: "col", class: "number" }, "ms"),
      el("th", { scope: "col", class: "number" }, "share"), el("th", { scope: "col" }, el("span", { class: "unseen" }, "as a bar")),
      el("th", { scope: "col", class: "number wide-only" }, "95% CI"),
      el("th", { scope: "col", class: "number wide-only" }, "a call"), el("th", { scope: "col", class: "wide-only" }, "mostly in"))),
    el("tbody", {}, rows),
    el("tfoot", {}, el("tr", {}, el("th", { scope: "row" }, "total"),
      el("td", { class: "number", id: "phases-total", "data-ns": attribution.total_ns }, milliseconds(attribution.total_ns)),
      el("td", { class: "number" }, "100%"), el("td"), el("td", { class: "wide-only" }), el("td", { class: "wide-only" }), el("td", { class: "wide-only" })))));
}

function renderNotes(notes) {
  return notes.length ? el("ul", { class: "notes" }, notes.map((note) => el("li", {}, named(shorten(note, 2000))))) : null;
}

/** A key that the report may have beyond those that it must have. */
function optional(value, render) { return value === undefined || value === null || value === "" ? null : render(value); }

// --- findings ---

function renderFindings(app) {
  const { findings } = app.content.report;
  if (!findings.length) return null;
  const found = findings.filter((one) => one.verdict === "found");
  const absent = findings.filter((one) => one.verdict === "not_found");
  const unknown = new Map();
  for (const one of findings) {
    if (one.verdict === "found" || one.verdict === "not_found") continue;
    const need = one.needs || one.evidence[0] || "";
    unknown.set(need, [...(unknown.get(need) ?? []), one]);
  }
  return el("section", { class: "findings", "aria-labelledby": "findings-title" },
    el("h2", { id: "findings-title" }, "Why"),
    found.length ? el("ol", { class: "cards" }, found.map((one) => renderFinding(app, one)))
      : el("p", { class: "quiet" }, "No cause was found."),
    absent.length || unknown.size ? el("details", { class: "quiet" },
      el("summary", {}, `${plural(findings.length - found.length, "other cause")} looked for`),
      el("ul", {},
        absent.length ? el("li", {}, "not found: ", absent.map((one, at) => [at ? ", " : "", named(one.title || one.rule)])) : null,
        [...unknown].map(([need, rules]) => el("li", {}, "cannot tell", need ? [" without ", named(shorten(need, 400))] : "", ": ",
          rules.map((one, at) => [at ? ", " : "", named(one.title || one.rule)]))))) : null);
}

function renderFinding(app, one) {
  const { report } = app.content;
  const total = report.attribution.total_ns || 1;
  return el("li", { class: "card finding", "data-rule": printable(one.rule) },
    el("div", { class: "card-head" }, one.phase ? app.colours.swatch(one.phase) : null, el("h3", {}, named(one.title)),
      one.cost_ns_per_call ? el("p", { class: "cost", "data-ns": one.cost_ns_per_call }, `${milliseconds(one.cost_ns_per_call)} ms`,
        el("span", { class: "quiet" }, ` a call, ${percent(one.share || one.cost_ns_per_call / total)}`)) : null),
    one.evidence.length ? el("ul", { class: "evidence" }, one.evidence.map((text) => el("li", {}, named(shorten(String(text), 1000))))) : null,
    optional(one.where, (where) => el("p", { class: "quiet" }, "at ", el("code", {}, named(shorten(where, 300))))),
    optional(one.sure, (sure) => el("p", { class: "quiet" }, "how sure: ", named(shorten(sure, 300)))),
    one.recipes.length ? el("p", { class: "quiet" }, "what may help: ", one.recipes.map((recipe, at) => [at ? ", " : "", renderMending(report, recipe)])) : null);
}

/** A recipe, with what it gained here where that was measured. */
function renderMending(report, recipe) {
  const measured = report.comparisons.find((one) => one.recipe === recipe && one.verdict === "faster" && one.speedup !== null);
  return [el("code", {}, named(recipe)), measured ? ` (${times(measured.speedup)} here)` : ""];
}

// --- recipes ---

const VERDICTS = {
  faster: "faster", slower: "slower", no_difference: "no difference", outputs_differ: "outputs differ", failed: "failed",
  not_applicable: "does not apply", not_tried: "not tried", cannot_tell: "cannot tell" };
/** An interval within this factor of 1 shows that there is no difference worth speaking of. */
const CLOSE = 1.1;

/** A factor with about three digits. */
function factor(value) {
  return value >= 99.5 ? value.toFixed(0) : value < 0.1 ? String(Number(value.toPrecision(3))) : value.toFixed(value >= 9.95 ? 1 : 2);
}
function times(value) { return `${factor(value)}×`; }

/** The verdict with its figures: words and, fainter, the interval. */
function speedupWords(one) {
  if (one.speedup === null || one.speedup_ci95 === null) return [verdictWords(one.verdict), ""];
  const [low, high] = one.speedup_ci95;
  if (one.verdict === "slower") return [`${times(1 / one.speedup)} slower`, `${factor(1 / high)}–${factor(1 / low)}`];
  const interval = `${factor(low)}–${factor(high)}`;
  if (one.verdict === "faster") return [times(one.speedup), interval];
  if (one.verdict === "no_difference") return [low >= 1 / CLOSE && high <= CLOSE ? "no difference" : "no difference shown", interval];
  return [verdictWords(one.verdict), interval];
}

function verdictWords(verdict) { return Object.hasOwn(VERDICTS, verdict) ? VERDICTS[verdict] : printable(shorten(verdict, 60)); }

/** Whether the outputs are the same, and how near. */
function outputsWords(one) {
  if (["outputs_differ", "cannot_tell"].includes(one.verdict)) return one.reason;
  if (one.verdict === "failed") return `failed: ${one.reason}`;
  if (one.outputs === null) return one.reason;
  const { equal, max_abs_error: error } = one.outputs;
  if (equal) return "outputs equal";
  return one.approximate ? `alters results, by up to ${error.toPrecision(1)}` : `outputs equal within ${error === null ? "?" : error.toExponential(0)}`;
}

/** So many changes are shown at once; the rest unfold, so that the flame graph stays near. */
const BEST = 4;

function renderComparisons(app) {
  const { comparisons } = app.content.report;
  if (!comparisons.length) return null;
  const measured = comparisons.filter((one) => one.after_ns !== null);
  const others = comparisons.filter((one) => one.after_ns === null);
  const most = Math.max(1, ...measured.map((one) => Math.max(one.before_ns, one.after_ns)));
  return el("section", { class: "recipes", "aria-labelledby": "recipes-title" },
    el("h2", { id: "recipes-title" }, "What to change"),
    measured.length ? el("ol", { class: "cards" }, measured.slice(0, BEST).map((one, at) => renderComparison(one, most, at === 0))) : null,
    measured.length > BEST ? el("details", {}, el("summary", { class: "quiet" }, `${plural(measured.length - BEST, "more change")} that were measured`),
      el("ol", { class: "cards", start: BEST + 1 }, measured.slice(BEST).map((one) => renderComparison(one, most, false)))) : null,
    renderScaling(app.content.report.scaling),
    others.length ? el("details", { class: "quiet" }, el("summary", {}, `${plural(others.length, "recipe")} not measured`),
      el("ul", {}, others.map((one) => el("li", {}, named(one.title), ` — ${verdictWords(one.verdict)}`,
        optional(one.reason, (text) => [": ", named(shorten(text, 400))]))))) : null);
}

function renderComparison(one, most, open) {
  const [speed, interval] = speedupWords(one);
  const outputs = outputsWords(one);
  const facts = [
    outputs && [" · ", named(shorten(outputs, 400))], one.calls > 1 && ` · ${one.calls} calls at once`,
    optional(one.warmup_ns, (ns) => ` · first call ${milliseconds(ns)} ms`)];
  return el("li", { class: `card recipe is-${Object.hasOwn(VERDICTS, one.verdict) ? one.verdict : "failed"}`, "data-recipe": printable(one.recipe) },
    el("div", { class: "card-head" }, el("h3", {}, named(one.title)),
      el("p", { class: "cost" }, speed, interval ? el("span", { class: "quiet" }, ` ${interval}`) : null)),
    el("div", { class: "pair", "aria-hidden": "true" },
      el("span", { class: "pair-bar before", style: { width: `${100 * one.before_ns / most}%` } }),
      el("span", { class: "pair-bar after", style: { width: `${100 * one.after_ns / most}%` } })),
    el("p", { class: "pair-words" }, `${milliseconds(one.before_ns)} → ${milliseconds(one.after_ns)} ms a call`, el("span", { class: "quiet" }, facts)),
    one.code ? el("details", open ? { open: "" } : {}, el("summary", { class: "quiet" }, "the code that was run"),
      el("pre", { class: "code", tabindex: "0" }, el("code", {}, one.code.split("\n").map((line, at) => [at ? "\n" : "", named(line)])))) : null);
}

/** What a call, a batch and a row cost now and with the best change. */
function renderScaling(scaling) {
  if (!scaling) return null;
  const cost = (ns) => ns === null ? "" : milliseconds(ns);
  const row = (title, model) => el("tr", {}, el("th", { scope: "row" }, named(title)),
    [model.fixed_ns, model.batch_ns, model.row_ns].map((ns) => el("td", { class: "number" }, cost(ns))));
  return el("div", { class: "scroller", tabindex: "0", role: "group", "aria-label": "Costs by rows" }, el("table", { class: "plain" },
    el("caption", {}, "What grows with the rows, ms"),
    el("thead", {}, el("tr", {}, ["", "a call", "a batch", "a row"].map((title, at) => el("th", { scope: "col", class: at ? "number" : "" }, title)))),
    el("tbody", {}, row("now", scaling.original), row(scaling.best.title, scaling.best))),
  el("p", { class: "quiet" }, scaling.crossover_rows === null ? "Faster whatever the number of rows."
    : scaling.crossover_rows <= 1 ? "The original call is as fast for any number of rows."
      : `Faster below ${scaling.crossover_rows.toLocaleString("en")} rows.`));
}
