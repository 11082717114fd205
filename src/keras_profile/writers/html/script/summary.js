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

const CALL_NAMES = {
  call: "model(x)", call_inference: "model(x, training=False)", function: "tf.function(model)(x)", signature: "signature(x)" };

function renderAnswer(app) {
  const { report, texts } = app.content;
  const { warm, cold } = report.calls;
  const { attribution } = report;
  const entry = String(report.workload.entry_point);
  const [low, high] = warm.median_ci95_ns;
  const batch = report.workload.batch_size;
  return [
    el("div", { class: "figures" },
      figure("chief", el("span", {}, named(CALL_NAMES[entry] ?? `${entry}()`), " takes"), milliseconds(warm.median_ns), "ms a call",
        [`95% CI ${milliseconds(low)}–${milliseconds(high)} ms · ${plural(warm.count, "warm call")} · `,
          named(texts.inputs), batch ? `, batches of ${batch}` : ""], { "data-ns": warm.median_ns, id: "median" }),
      figure("", "of it runs your model", percent(attribution.model_share), "",
        [attribution.model_share < 0.5 ? "the rest is work around the model" : "the rest is work around it"], { id: "model-share" }),
      cold.count ? figure("", cold.count === 1 ? "first call" : `${cold.count} first calls together`, milliseconds(cold.total_ns), "ms",
        ["build, trace and compile"], { "data-ns": cold.total_ns }) : null),
    el("p", { class: "headline unseen" }, printable(texts.headline)),
    renderBar(app),
    renderPhases(app),
    renderNotes(report.notes),
    renderFindings(app),
    renderComparisons(app),
  ];
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
        type: "button", class: `bar-part pattern-${PATTERNS[phase.phase] ?? "rising"}`, "data-phase": phase.phase,
        "aria-pressed": "false", title: `${phaseWords(phase.phase)}: ${milliseconds(phase.self_ns)} ms, ${percent(share)}`,
        "aria-label": `${phaseWords(phase.phase)}, ${percent(share)}`,
        style: { "flex-grow": String(phase.self_ns), "--fill": `var(--phase-${phase.phase in PATTERNS ? phase.phase : "unattributed"})` },
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
        class: "share-bar", style: { width: `${100 * phase.share / most}%`, "--fill": `var(--phase-${phase.phase in PATTERNS ? phase.phase : "unattributed"})` } })),
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

function renderFindings(app) {
  const { findings } = app.content.report;
  if (!findings.length) return null;
  const found = findings.filter((one) => one.verdict === "found");
  const others = findings.filter((one) => one.verdict !== "found");
  return el("section", { class: "findings", "aria-labelledby": "findings-title" },
    el("h2", { id: "findings-title" }, "Why"),
    found.length ? el("ol", { class: "cards" }, found.map((one) => renderFinding(app, one)))
      : el("p", { class: "quiet" }, "No rule found a cause."),
    others.length ? el("details", { class: "quiet" },
      el("summary", {}, `${plural(others.length, "rule")} found nothing or cannot tell`),
      el("ul", {}, others.map((one) => el("li", {}, named(one.title), ` — ${one.verdict.replaceAll("_", " ")}`,
        optional(one.evidence?.[0], (text) => el("span", { class: "quiet" }, ": ", named(shorten(String(text), 400)))))))) : null);
}

function renderFinding(app, one) {
  const total = app.content.report.attribution.total_ns || 1;
  return el("li", { class: "card finding", "data-rule": printable(one.rule) },
    el("div", { class: "card-head" }, one.phase ? app.colours.swatch(one.phase) : null, el("h3", {}, named(one.title)),
      one.cost_ns_per_call ? el("p", { class: "cost" }, `${milliseconds(one.cost_ns_per_call)} ms`,
        el("span", { class: "quiet" }, ` a call, ${percent(one.cost_ns_per_call / total)}`)) : null),
    one.evidence.length ? el("ul", { class: "evidence" }, one.evidence.map((text) => el("li", {}, named(shorten(String(text), 1000))))) : null,
    one.recipes.length ? el("p", { class: "quiet" }, "what may help: ", one.recipes.map((recipe, at) => [at ? ", " : "", el("code", {}, named(recipe))])) : null);
}

const VERDICTS = {
  faster: "faster", slower: "slower", no_difference: "no difference shown", outputs_differ: "outputs differ", failed: "failed",
  not_applicable: "does not apply" };

function renderComparisons(app) {
  const { comparisons } = app.content.report;
  if (!comparisons.length) return null;
  const measured = comparisons.filter((one) => one.after_ns !== null);
  const others = comparisons.filter((one) => one.after_ns === null);
  const most = Math.max(1, ...measured.map((one) => one.before_ns), ...measured.map((one) => one.after_ns));
  return el("section", { class: "recipes", "aria-labelledby": "recipes-title" },
    el("h2", { id: "recipes-title" }, "What to change"),
    measured.length ? el("ol", { class: "cards" }, measured.map((one) => renderComparison(one, most))) : null,
    others.length ? el("details", { class: "quiet" }, el("summary", {}, `${plural(others.length, "recipe")} not measured`),
      el("ul", {}, others.map((one) => el("li", {}, named(one.title), ` — ${VERDICTS[one.verdict] ?? printable(one.verdict)}`,
        optional(one.reason, (text) => [": ", named(shorten(text, 400))]))))) : null);
}

function renderComparison(one, most) {
  const outputs = one.outputs === null ? "" : one.outputs.equal
    ? (one.outputs.max_abs_error ? `outputs equal within ${one.outputs.max_abs_error.toPrecision(2)}` : "outputs equal")
    : `outputs differ by up to ${one.outputs.max_abs_error === null ? "?" : one.outputs.max_abs_error.toPrecision(2)}`;
  return el("li", { class: `card recipe is-${one.verdict in VERDICTS ? one.verdict : "failed"}`, "data-recipe": printable(one.recipe) },
    el("div", { class: "card-head" }, el("h3", {}, named(one.title)),
      el("p", { class: "cost" }, one.speedup !== null && one.verdict !== "no_difference"
        ? [`${count(Number(one.speedup.toPrecision(3)))}×`, one.speedup_ci95 ? el("span", { class: "quiet" },
          ` ${one.speedup_ci95.map((bound) => count(Number(bound.toPrecision(3)))).join("–")}`) : null]
        : VERDICTS[one.verdict])),
    el("div", { class: "pair" },
      el("span", { class: "pair-bar before", style: { width: `${100 * one.before_ns / most}%` } }),
      el("span", { class: "pair-bar after", style: { width: `${100 * one.after_ns / most}%` } })),
    el("p", { class: "pair-words" }, `${milliseconds(one.before_ns)} → ${milliseconds(one.after_ns)} ms`,
      el("span", { class: "quiet" }, [` · ${VERDICTS[one.verdict] ?? printable(one.verdict)}`, outputs ? ` · ${outputs}` : "",
        one.reason ? [" · ", named(shorten(one.reason, 300))] : ""])),
    one.code ? el("pre", { class: "code", tabindex: "0" }, el("code", {}, one.code.split("\n").map((line, at) => [at ? "\n" : "", named(line)]))) : null);
}
