// The table of internals and functions: what the flame views draw, as rows that can be sorted and filtered.

const ROWS_AT_ONCE = 200;
const COLUMN_TITLES = {
  name: "name", module: "module", phase: "phase", total: "total ms", share: "share", self: "self ms", count: "a call", thread: "thread" };

class FunctionTable {
  constructor(app) {
    this.app = app;
    this.rows = {};
    this.shown = ROWS_AT_ONCE;
    this.sources = this.findSources();
    this.body = el("div", { class: "scroller table-scroller", tabindex: "0", role: "group", "aria-label": "Table of functions" });
    this.basis = el("p", { class: "basis" });
    this.choice = el("div", { class: "segments", role: "group", "aria-label": "What the table lists" },
      this.sources.map(([name, title]) => button(title, () => { app.place.set({ table: name }); this.shown = ROWS_AT_ONCE; this.render(); }, { "data-source": name })));
    this.element = el("div", {}, this.choice, this.body, this.basis);
  }

  findSources() {
    const { content, trees } = this.app;
    const { attribution } = content.report;
    return [
      attribution.internals.length && ["internals", "Internals (spans, exact)", () => this.internals()],
      content.functions && ["functions", "All functions (cProfile)", () => this.functions()],
      trees.samples && ["samples", "All functions (samples)", () => this.sampled()],
      attribution.native.length && ["native", "TensorFlow's events", () => this.native()],
    ].filter(Boolean);
  }

  source() {
    const wanted = this.app.place.get("table");
    return this.sources.find(([name]) => name === wanted) ?? this.sources[0];
  }

  // --- rows of each source: {frame, name, module, phase, total, self, count, ...} ---

  internals() {
    const { frames, content, colours } = this.app;
    return {
      basis: "spans: exact entry and exit of the internals, scaled to the median bare call. Total time includes what a function calls, so rows overlap.",
      columns: ["name", "module", "phase", "total", "share", "self", "count"],
      rows: content.report.attribution.internals.map((one) => ({
        frame: frames.find(one.qualname, one.module), name: one.qualname, module: one.module, phase: colours.number(one.phase),
        phaseName: one.phase, total: one.total_ns, self: one.self_ns, count: one.count_per_call })),
    };
  }

  functions() {
    const { frames, app, content } = { ...this.app, app: this.app };
    const counted = app.counted;
    const scale = content.report.attribution.total_ns / (counted.wall || 1);
    return {
      basis: `cProfile: exact counts over ${plural(counted.calls, "call")}; its times are dearer for small functions and are scaled to the median bare call.`,
      columns: ["name", "module", "phase", "total", "share", "self", "count"],
      rows: Array.from(counted.frame, (frame, row) => ({
        frame, name: frames.name(frame), module: frames.module(frame) || KIND_NAMES[frames.kind[frame]], phase: counted.phase[row],
        total: counted.total[row] * scale, self: counted.self[row] * scale, count: counted.totalCalls[row] / (counted.calls || 1) })),
    };
  }

  sampled() {
    const { frames, trees } = this.app;
    const tree = trees.samples;
    const sums = functionTotals(tree, frames.count);
    const rows = [];
    for (let frame = 0; frame < frames.count; frame++) {
      if (!sums.counts[frame] || frames.kind[frame] === PART_KIND) continue;
      rows.push({ frame, name: frames.name(frame), module: frames.module(frame) || KIND_NAMES[frames.kind[frame]], phase: sums.phase[frame],
        total: sums.total[frame], self: sums.self[frame], count: sums.counts[frame] });
    }
    return { basis: tree.basis, columns: ["name", "module", "phase", "total", "share", "self", "count"], countTitle: "samples", rows };
  }

  native() {
    const { content, colours } = this.app;
    return {
      basis: "tensorflow: own time of TensorFlow's events within the calls, by the phase of the calling thread. Other threads' time is no part of the call's.",
      columns: ["name", "thread", "phase", "self", "share", "count"],
      rows: content.report.attribution.native.map((one) => ({
        frame: -1, name: one.event, module: "", thread: one.thread, phase: colours.number(one.phase), total: one.self_ns, self: one.self_ns,
        count: one.count_per_call })),
    };
  }

  render() {
    if (!this.sources.length) {
      clear(this.body, el("p", { class: "empty" }, "This recording has neither internals nor functions: spans, cprofile, pyinstrument and tensorflow give them, and it was made with other captures, or these failed."));
      return;
    }
    const [name, , make] = this.source();
    for (const one of this.choice.children) one.setAttribute("aria-pressed", String(one.dataset.source === name));
    const { basis, columns, rows, countTitle } = this.rows[name] ??= make();
    const found = this.filtered(rows);
    const [sort, descending] = this.order(columns);
    const key = { name: (row) => row.name, module: (row) => row.module, thread: (row) => row.thread,
      phase: (row) => this.app.colours.phases[row.phase] ?? "", share: (row) => row.total }[sort] ?? ((row) => row[sort]);
    found.sort((a, b) => { const [x, y] = [key(a), key(b)]; return (x < y ? -1 : x > y ? 1 : 0) * (descending ? -1 : 1); });
    const total = this.app.content.report.attribution.total_ns || 1;
    this.basis.textContent = `${basis} ${plural(found.length, "row")}${found.length < rows.length ? ` of ${rows.length.toLocaleString("en")}` : ""}.`;
    clear(this.body,
      el("table", { class: "plain functions", id: "function-table" },
        el("thead", {}, el("tr", {}, columns.map((column) => el("th", {
          scope: "col", class: isNumber(column) ? "number" : "", "aria-sort": column === sort ? (descending ? "descending" : "ascending") : "none" },
        button(column === "count" && countTitle ? countTitle : COLUMN_TITLES[column], () => this.sortBy(column, sort, descending), { "data-column": column }))))),
        el("tbody", {}, found.slice(0, this.shown).map((row) => this.row(row, columns, total)))),
      found.length > this.shown ? button(`Show ${Math.min(ROWS_AT_ONCE * 5, found.length - this.shown)} more of ${found.length.toLocaleString("en")}`,
        () => { this.shown += ROWS_AT_ONCE * 5; this.render(); }, { class: "more" }) : null);
  }

  filtered(rows) {
    const { find } = this.app;
    const phase = this.app.phaseChosen();
    return rows.filter((row) => (!find.test || find.test(row.name) || find.test(row.module)) && (phase < 0 || row.phase === phase));
  }

  order(columns) {
    const [column, way] = (this.app.place.get("sort") || "").split("-");
    if (columns.includes(column)) return [column, way !== "up"];
    return [columns.includes("total") ? "total" : "self", true];
  }

  sortBy(column, sort, descending) {
    const down = column === sort ? !descending : isNumber(column);
    this.app.place.set({ sort: `${column}-${down ? "down" : "up"}` });
    this.render();
    this.body.querySelector(`th[aria-sort]:not([aria-sort=none]) button`)?.focus();
  }

  row(row, columns, total) {
    const { colours } = this.app;
    const cells = {
      name: () => el("th", { scope: "row" }, row.frame >= 0
        ? el("button", { type: "button", class: "name-button", title: printable(shorten(row.name, 1000)), on: { click: () => this.app.showSandwich(row.frame) } }, named(shorten(shortName(row.name), 200)))
        : named(shorten(row.name, 200))),
      module: () => el("td", { class: "module", title: printable(shorten(row.module, 1000)) }, named(shorten(row.module, 120))),
      thread: () => el("td", {}, row.thread),
      phase: () => el("td", { class: "phase-cell" }, row.phase >= 0 ? [colours.swatch(colours.phases[row.phase]), el("span", { class: "phase-words" }, phaseWords(colours.phases[row.phase]))]
        : row.phaseName ? named(row.phaseName) : ""),
      total: () => el("td", { class: "number", "data-ns": row.total }, milliseconds(row.total)),
      self: () => el("td", { class: "number", "data-ns": row.self }, milliseconds(row.self)),
      share: () => el("td", { class: "number" }, percent(row.total / total)),
      count: () => el("td", { class: "number" }, count(row.count)),
    };
    return el("tr", {}, columns.map((column) => cells[column]()));
  }
}

function isNumber(column) { return ["total", "self", "share", "count"].includes(column); }
