// @ts-check
// The table of internals and functions: what the flame views draw, as rows that can be sorted and filtered.

import { button, clear, el, named } from "../dom.js";
import { count, milliseconds, percent, phaseWords, plural, printable, shorten, shortName } from "../words.js";
import { filtered, isNumber, orderAfter, orderIn, sorted } from "./table_order.js";
import { SOURCES } from "./table_rows.js";

/** @import { App } from "../app.js" */
/** @import { Flame } from "../flame/flame.js" */
/** @import { Matching } from "./flame_view.js" */
/** @import { Order } from "./table_order.js" */
/** @import { ColumnName, Listing, Row } from "./table_rows.js" */

const NOTHING =
  "This recording has no internals or functions: spans, cprofile, pyinstrument and tensorflow " +
  "record them, and it was made with other captures, or these failed.";
const ROWS_AT_ONCE = 200;
const MORE_ROWS = 1000;

/** @type {Record<ColumnName, string>} */
const COLUMN_TITLES = {
  name: "name",
  module: "module",
  phase: "phase",
  total: "total ms",
  share: "share",
  self: "self ms",
  count: "per call",
  thread: "thread",
};

export class FunctionTable {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    /** @type {Map<string, Listing>} */
    this.listings = new Map();
    this.shown = ROWS_AT_ONCE;
    this.sources = SOURCES.filter((source) => source.isThere(app));
    this.body = el("div", {
      class: "scroller table-scroller",
      tabindex: "0",
      role: "group",
      "aria-label": "Table of functions",
    });
    this.basis = el("p", { class: "basis" });
    this.choice = this.sources.map(({ name, title }) =>
      button(title, () => this.choose(name), { "data-source": name }),
    );
    const choice = el(
      "div",
      { class: "segments", role: "group", "aria-label": "What the table lists" },
      this.choice,
    );
    this.element = el("div", {}, choice, this.body, this.basis);
    /** @type {Flame | null} */
    this.flame = null;
    /** @type {Flame[]} */
    this.flames = [];
    this.whole = "time";
  }

  // --- as a view ---

  activate() {
    this.render();
    this.app.details.nothing("Choose a name to see its callers and callees.");
  }

  search() {
    this.render();
  }

  highlightPhase() {
    this.render();
  }

  /**
   * @param {Uint8Array} matches
   * @returns {Matching}
   */
  matching(matches) {
    return this.app.trees.matching(matches);
  }

  repaint() {}
  reset() {}
  back() {}

  selection() {
    return null;
  }

  // --- what is listed ---

  /** @param {string} name of a source */
  choose(name) {
    this.app.place.set({ table: name });
    this.shown = ROWS_AT_ONCE;
    this.render();
  }

  /** The source that the address says, or the first. */
  get source() {
    const wanted = this.app.place.get("table");
    return this.sources.find(({ name }) => name === wanted) ?? this.sources[0];
  }

  /** @returns {Listing} */
  get listing() {
    const { source } = this;
    const known = this.listings.get(source.name);
    if (known) return known;
    const made = source.list(this.app);
    this.listings.set(source.name, made);
    return made;
  }

  /**
   * @param {ColumnName} column
   * @param {Order} order
   */
  sortBy(column, order) {
    this.app.place.set({ sort: orderAfter(column, order) });
    this.render();
    const title = this.body.querySelector("th[aria-sort]:not([aria-sort=none]) button");
    if (title instanceof HTMLElement) title.focus();
  }

  showMore() {
    this.shown += MORE_ROWS;
    this.render();
  }

  // --- rendering ---

  render() {
    if (!this.sources.length) {
      clear(this.body, el("p", { class: "empty" }, NOTHING));
      return;
    }
    const { app, source, listing } = this;
    for (const one of this.choice) {
      one.setAttribute("aria-pressed", String(one.dataset.source === source.name));
    }
    const order = orderIn(app.place.get("sort"), listing.columns);
    const chosen = filtered(listing.rows, app.search.test, app.phase.number);
    const found = sorted(chosen, order, app.colours.phases);
    const ofAll = found.length < listing.rows.length ? ` of ${listing.rows.length.toLocaleString("en")}` : "";
    this.basis.textContent = `${listing.basis} ${plural(found.length, "row")}${ofAll}.`;
    const table = el(
      "table",
      { class: "plain functions", id: "function-table" },
      el("thead", {}, this.renderTitles(listing, order)),
      el(
        "tbody",
        {},
        found.slice(0, this.shown).map((row) => this.renderRow(row, listing.columns)),
      ),
    );
    clear(this.body, table, found.length > this.shown ? this.renderMore(found.length) : null);
  }

  /** @param {number} found how many rows there are */
  renderMore(found) {
    const more = Math.min(MORE_ROWS, found - this.shown);
    const text = `Show ${more} more of ${found.toLocaleString("en")}`;
    return button(text, () => this.showMore(), { class: "more" });
  }

  /**
   * @param {Listing} listing
   * @param {Order} order
   */
  renderTitles({ columns, countTitle }, order) {
    const titles = columns.map((column) => {
      const text = column === "count" && countTitle ? countTitle : COLUMN_TITLES[column];
      const way = order.isDown ? "descending" : "ascending";
      return el(
        "th",
        {
          scope: "col",
          class: isNumber(column) ? "number" : "",
          "aria-sort": column === order.column ? way : "none",
        },
        button(text, () => this.sortBy(column, order), { "data-column": column }),
      );
    });
    return el("tr", {}, titles);
  }

  /**
   * @param {Row} row
   * @param {ColumnName[]} columns
   */
  renderRow(row, columns) {
    return el(
      "tr",
      {},
      columns.map((column) => this.renderCell(row, column)),
    );
  }

  /**
   * @param {Row} row
   * @param {ColumnName} column
   */
  renderCell(row, column) {
    const total = this.app.content.report.attribution.total_ns || 1;
    const { module } = row;
    switch (column) {
      case "name":
        return el("th", { scope: "row" }, this.renderName(row));
      case "module":
        return el(
          "td",
          { class: "module", title: printable(shorten(module, 1000)) },
          named(shorten(module, 120)),
        );
      case "thread":
        return el("td", {}, row.thread);
      case "phase":
        return el("td", { class: "phase-cell" }, this.renderPhase(row));
      case "total":
      case "self":
        return el("td", { class: "number", "data-ns": row[column] }, milliseconds(row[column]));
      case "share":
        return el("td", { class: "number" }, percent(row.total / total));
      case "count":
        return el("td", { class: "number" }, count(row.count));
    }
  }

  /** @param {Row} row */
  renderName({ frame, name }) {
    if (frame < 0) return named(shorten(name, 200));
    return el(
      "button",
      {
        type: "button",
        class: "name-button",
        title: printable(shorten(name, 1000)),
        on: { click: () => this.app.explorer.showSandwich(frame) },
      },
      named(shorten(shortName(name), 200)),
    );
  }

  /** @param {Row} row */
  renderPhase({ phase, phaseName }) {
    const { colours } = this.app;
    if (phase < 0) return phaseName ? named(phaseName) : "";
    const name = colours.phases[phase];
    return [colours.swatch(name), el("span", { class: "phase-words" }, phaseWords(name))];
  }
}
