// @ts-check
// What the table of functions can list: where its rows come from.

import { functionTotals } from "../trees/totals.js";
import { plural } from "../words.js";

/** @import { App } from "../app.js" */

/** @typedef {"name" | "module" | "phase" | "total" | "share" | "self" | "count" | "thread"} ColumnName */

/**
 * A row of the table. `frame` is -1 where no frame is known; a phase of -1 is one that the page
 * does not know, `phaseName` is its name then. Times are of a call, in ns.
 * @typedef {object} Row
 * @property {number} frame
 * @property {string} name
 * @property {string} module
 * @property {string} thread
 * @property {number} phase
 * @property {string} phaseName
 * @property {number} total
 * @property {number} self
 * @property {number} count
 */

/**
 * @typedef {object} Listing
 * @property {string} basis what the rows rest on
 * @property {ColumnName[]} columns
 * @property {Row[]} rows
 * @property {string} [countTitle]
 */

/** @typedef {Pick<App, "content" | "frames" | "colours" | "counted" | "trees">} Parts */

/**
 * Something that the table can list, where the recording has it.
 * @typedef {{ name: string, title: string, isThere(app: Parts): boolean, list(app: Parts): Listing }} Source
 */

/** @type {ColumnName[]} */
const FUNCTION_COLUMNS = ["name", "module", "phase", "total", "share", "self", "count"];
/** @type {ColumnName[]} */
const EVENT_COLUMNS = ["name", "thread", "phase", "self", "share", "count"];

/** @type {Source[]} */
export const SOURCES = [
  {
    name: "internals",
    title: "Internals (spans, exact)",
    isThere: ({ content }) => content.report.attribution.internals.length > 0,
    list: internals,
  },
  {
    name: "functions",
    title: "All functions (cProfile)",
    isThere: ({ counted }) => counted !== null,
    list: functions,
  },
  {
    name: "samples",
    title: "All functions (samples)",
    isThere: ({ trees }) => trees.byName.has("samples"),
    list: sampled,
  },
  {
    name: "native",
    title: "TensorFlow's events",
    isThere: ({ content }) => content.report.attribution.native.length > 0,
    list: native,
  },
];

/**
 * @param {Parts} app
 * @returns {Listing}
 */
function internals({ frames, content, colours }) {
  return {
    basis:
      "spans: exact entry and exit of the internals, scaled to the median bare call. " +
      "Total time includes callees, so rows overlap.",
    columns: FUNCTION_COLUMNS,
    rows: content.report.attribution.internals.map((one) => ({
      frame: frames.find(one.qualname, one.module),
      name: one.qualname,
      module: one.module,
      thread: "",
      phase: colours.number(one.phase),
      phaseName: one.phase,
      total: one.total_ns,
      self: one.self_ns,
      count: one.count_per_call,
    })),
  };
}

/**
 * @param {Parts} app
 * @returns {Listing}
 */
function functions({ frames, counted, content }) {
  if (!counted) throw new Error("nothing was counted");
  const scale = content.report.attribution.total_ns / (counted.wall || 1);
  return {
    basis:
      `cProfile: exact counts over ${plural(counted.calls, "call")}; ` +
      "it overstates the times of small functions; times are scaled to the median bare call.",
    columns: FUNCTION_COLUMNS,
    rows: Array.from(counted.frame, (frame, row) => ({
      frame,
      name: frames.name(frame),
      module: frames.moduleOrKind(frame),
      thread: "",
      phase: counted.phase[row],
      phaseName: "",
      total: counted.total[row] * scale,
      self: counted.self[row] * scale,
      count: counted.totalCalls[row] / (counted.calls || 1),
    })),
  };
}

/**
 * @param {Parts} app
 * @returns {Listing}
 */
function sampled({ frames, trees }) {
  const tree = trees.byName.get("samples");
  if (!tree) throw new Error("nothing was sampled");
  const sums = functionTotals(tree, frames.count);
  const rows = [];
  for (let frame = 0; frame < frames.count; frame++) {
    if (!sums.counts[frame] || frames.isPart(frame)) continue;
    rows.push({
      frame,
      name: frames.name(frame),
      module: frames.moduleOrKind(frame),
      thread: "",
      phase: sums.phase[frame],
      phaseName: "",
      total: sums.total[frame],
      self: sums.self[frame],
      count: sums.counts[frame],
    });
  }
  return { basis: tree.about.basis, columns: FUNCTION_COLUMNS, countTitle: "samples", rows };
}

/**
 * @param {Parts} app
 * @returns {Listing}
 */
function native({ content, colours }) {
  return {
    basis:
      "tensorflow: own time of TensorFlow's events within the calls, by the phase of the calling thread. " +
      "Time on other threads is not part of the call's time.",
    columns: EVENT_COLUMNS,
    rows: content.report.attribution.native.map((one) => ({
      frame: -1,
      name: one.event,
      module: "",
      thread: one.thread,
      phase: colours.number(one.phase),
      phaseName: "",
      total: one.self_ns,
      self: one.self_ns,
      count: one.count_per_call,
    })),
  };
}
