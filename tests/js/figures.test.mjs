// What is said around the flame graphs: the table, measured calls, exact facts, findings, changes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { gridValues, quantile } from "../../src/keras_profile/output/html/script/calls/figures.js";
import { Measured } from "../../src/keras_profile/output/html/script/calls/measured.js";
import { edgesOf, mostOwnTime, readCounted } from "../../src/keras_profile/output/html/script/counted.js";
import { Frames } from "../../src/keras_profile/output/html/script/frames.js";
import { phasesByCause } from "../../src/keras_profile/output/html/script/summary/basis.js";
import { byNeed } from "../../src/keras_profile/output/html/script/summary/findings.js";
import {
  fasterRowsWords,
  factor,
  outputsWords,
  speedupWords,
  verdictWords,
} from "../../src/keras_profile/output/html/script/summary/recipe_words.js";
import { exactFacts } from "../../src/keras_profile/output/html/script/views/exact_facts.js";
import { shareWords } from "../../src/keras_profile/output/html/script/views/share_words.js";
import {
  filtered,
  orderAfter,
  orderIn,
  sorted,
} from "../../src/keras_profile/output/html/script/views/table_order.js";
import { SOURCES } from "../../src/keras_profile/output/html/script/views/table_rows.js";
import { frameContent, tree } from "./hand_made.mjs";

const FRAMES = new Frames(
  frameContent([
    ["the call", "", 5],
    ["f", "app"],
    ["outer.<locals>.g", "keras"],
    ["len", "", 3],
  ]),
);

// --- frames ---

test("frames say what they are", () => {
  assert.equal(FRAMES.label(2), "g");
  assert.equal(FRAMES.words(1), "f (app:2)");
  assert.equal(FRAMES.stackWords([0, 1]), "the call\nf (app:2)");
  assert.deepEqual([FRAMES.find("f", "app"), FRAMES.find("f", "keras")], [1, -1]);
  assert.deepEqual([FRAMES.moduleOrKind(1), FRAMES.moduleOrKind(3)], ["app", "built-in function"]);
  assert.deepEqual(
    [0, 1, 3].map((frame) => [FRAMES.isCall(frame), FRAMES.isPart(frame), FRAMES.isNoise(frame)]),
    [
      [true, true, false],
      [false, false, false],
      [false, false, true],
    ],
  );
});

// --- cProfile ---

/** f (1) calls g (2) 6 times and len (3) twice, in 2 calls. */
const counted = () => {
  const columns = [
    [1, 2, 3],
    [0, 1, 1],
    [2, 6, 2],
    [10, 50, 4],
    [64, 50, 4],
    [0, 0],
    [1, 2],
    [6, 2],
    [50, 4],
  ];
  const functions = {
    calls: 2,
    wall: 64,
    frame: 0,
    phase: 1,
    totalCalls: 2,
    self: 3,
    total: 4,
    caller: 5,
    callee: 6,
    edgeCalls: 7,
    edgeTotal: 8,
  };
  return readCounted({ functions, column: (number) => columns[number] });
};

test("what cProfile counted is found by frame, and by who calls whom", () => {
  assert.equal(readCounted({ functions: null, column: () => [] }), null);
  assert.equal(counted().rowOfFrame.get(2), 1);
  assert.deepEqual(edgesOf(counted(), "caller", 0), [0, 1]);
  assert.deepEqual(edgesOf(counted(), "callee", 2), [1]);
  assert.equal(mostOwnTime(counted()), 2);
  assert.equal(mostOwnTime({ self: [], frame: [] }), -1);
});

const internal = {
  qualname: "f",
  module: "app",
  phase: "entry",
  total_ns: 2e6,
  self_ns: 5e5,
  total_share: 0.25,
  count_per_call: 1,
};
const report = {
  attribution: {
    total_ns: 128,
    internals: [internal],
    native: [{ event: "MatMul", phase: "x", self_ns: 3, count_per_call: 2, thread: "other" }],
  },
};

test("exact facts come from spans and from cProfile", () => {
  const facts = (frame, its = counted()) =>
    exactFacts({ content: { report }, frames: FRAMES, counted: its }, frame);
  assert.deepEqual(facts(1), [
    ["exact total", "2.00 ms a call, 25%, by spans"],
    ["exact self", "0.500 ms a call, by spans"],
    ["exact calls", "1 a call, by spans"],
    ["", "1 a call, by cProfile"],
  ]);
  assert.deepEqual(facts(2), [["exact calls", "3 a call, by cProfile"]]);
  assert.deepEqual(facts(2, null), []);
});

test("times of samples are marked as estimates", () => {
  const times = { total: [4e6] };
  assert.equal(shareWords({ ...times, countsSamples: true }, 1e6), "≈ 1.00 ms a call, 25%");
  assert.equal(shareWords({ ...times, countsSamples: false }, 2e6), "2.00 ms a call, 50%");
});

// --- the table ---

const app = (parts = {}) => ({
  content: { report },
  frames: FRAMES,
  colours: { number: (name) => ["entry", "loop"].indexOf(name) },
  counted: counted(),
  trees: {
    byName: new Map([
      ["samples", tree([0, 0, 0, 0, [1, 1, 3, 3]], { countsSamples: true, basis: "by hand" })],
    ]),
  },
  ...parts,
});
const source = (name) => SOURCES.find((one) => one.name === name);

test("the table lists what the recording has", () => {
  const none = app({
    content: { report: { attribution: { internals: [], native: [] } } },
    counted: null,
    trees: { byName: new Map() },
  });
  assert.deepEqual(
    SOURCES.map((one) => [one.isThere(app()), one.isThere(none)]),
    Array(4).fill([true, false]),
  );
});

test("rows of the table come from each source", () => {
  const row = (name) => source(name).list(app()).rows[0];
  assert.deepEqual(row("internals"), {
    frame: 1,
    name: "f",
    module: "app",
    thread: "",
    phase: 0,
    phaseName: "entry",
    total: 2e6,
    self: 5e5,
    count: 1,
  });
  // cProfile's times are of two calls, and scaled to the call of the report.
  assert.deepEqual(row("functions"), {
    frame: 1,
    name: "f",
    module: "app",
    thread: "",
    phase: 0,
    phaseName: "",
    total: 128,
    self: 20,
    count: 1,
  });
  assert.deepEqual(row("samples"), {
    frame: 1,
    name: "f",
    module: "app",
    thread: "",
    phase: 1,
    phaseName: "",
    total: 3,
    self: 3,
    count: 3,
  });
  assert.deepEqual(row("native"), {
    frame: -1,
    name: "MatMul",
    module: "",
    thread: "other",
    phase: -1,
    phaseName: "",
    total: 3,
    self: 3,
    count: 2,
  });
  assert.equal(source("samples").list(app()).countTitle, "samples");
});

test("the order of the table is what the address says, or by time", () => {
  const columns = ["name", "total", "self"];
  assert.deepEqual(orderIn("name-up", columns), { column: "name", isDown: false });
  assert.deepEqual(orderIn("self-down", columns), { column: "self", isDown: true });
  assert.deepEqual(orderIn("thread-up", columns), { column: "total", isDown: true });
  assert.deepEqual(orderIn("", ["name", "self"]), { column: "self", isDown: true });
});

test("a title that is pressed sorts by it, pressed again the other way", () => {
  const order = { column: "self", isDown: true };
  assert.deepEqual(
    [orderAfter("self", order), orderAfter("total", order), orderAfter("name", order)],
    ["self-up", "total-down", "name-up"],
  );
});

const rows = () =>
  [
    ["b", "m", 0, 5],
    ["a", "n", 1, 5],
    ["c", "app", 1, 9],
  ].map(([name, module, phase, total]) => ({ name, module, phase, total, self: 1 }));
const names = (found) => found.map((row) => row.name).join("");

test("rows are sorted by any column", () => {
  const by = (column, isDown) => names(sorted(rows(), { column, isDown }, ["loop", "entry"]));
  assert.deepEqual(
    [by("name", false), by("total", true), by("share", true), by("phase", false), by("self", true)],
    ["abc", "cba", "cba", "acb", "bac"],
  );
});

test("rows are filtered by what is searched and by the phase that is picked out", () => {
  assert.equal(names(filtered(rows(), null, -1)), "bac");
  assert.equal(names(filtered(rows(), (text) => text.includes("a"), -1)), "ac");
  assert.equal(names(filtered(rows(), null, 1)), "ac");
});

// --- measured calls ---

const measured = () => {
  const columns = [
    [0, 1, 1, 0, 1, 0],
    [1, 1, 0, 0, 0, 0],
    [90, 80, 20, 10, 40, 30],
    [-1, 5, 3, -1, 0, -1],
  ];
  return new Measured({
    measured: { captures: ["bare", "spans"], capture: 0, cold: 1, wall: 2, gc: 3 },
    column: (number) => columns[number],
  });
};

test("warm calls of a capture come sorted, with their collections", () => {
  assert.deepEqual(measured().warm(0), { walls: [10, 30], collected: [] });
  assert.deepEqual(measured().warm(1), { walls: [20, 40], collected: [3] });
  assert.equal(measured().collections, 2);
});

test("a measured call is found among those in time order", () => {
  const calls = [
    { capture: "spans", cold: true, number: 0 },
    { capture: "spans", cold: false, number: 0 },
    { capture: "spans", cold: false, number: 1 },
  ];
  assert.deepEqual(
    [1, 2, 4, 3].map((call) => measured().inTime(call, calls)),
    [0, 1, 2, -1],
  );
});

test("quantiles lie between two values by line", () => {
  assert.deepEqual(
    [0, 0.25, 0.5, 1].map((part) => quantile([10, 20, 40], part)),
    [10, 15, 20, 40],
  );
  assert.equal(quantile([7], 0.95), 7);
});

test("lines across a logarithmic axis are few and round", () => {
  assert.deepEqual(gridValues(90, 110), [90, 100]);
  assert.deepEqual(gridValues(1, 20), [1, 2, 5, 10, 20]);
  assert.deepEqual(gridValues(1, 1000), [1, 10, 100, 1000]);
  for (const ratio of [1.1, 1.5, 2.4, 3, 29, 31, 1e6])
    assert.ok(gridValues(7, 7 * ratio).length <= 8, String(ratio));
});

// --- findings and changes ---

test("causes that are not known are listed by what is missing", () => {
  const causes = [
    { rule: "a", needs: "spans", evidence: [] },
    { rule: "b", needs: "", evidence: ["x"] },
    { rule: "c", needs: "spans", evidence: [] },
  ];
  assert.deepEqual(
    [...byNeed(causes)].map(([need, found]) => [need, found.map((one) => one.rule)]),
    [
      ["spans", ["a", "c"]],
      ["x", ["b"]],
    ],
  );
});

test("causes of differences are listed with the phases that have them", () => {
  const agreement = [
    { phase: "entry", because: ["x", "y"] },
    { phase: "loop", because: ["x"] },
  ];
  assert.deepEqual(
    [...phasesByCause(agreement)],
    [
      ["x", ["entry", "loop"]],
      ["y", ["entry"]],
    ],
  );
});

test("factors have about three digits", () => {
  assert.deepEqual([0.01234, 0.5, 1, 9.94, 9.96, 99.4, 99.6, 1234.5].map(factor), [
    "0.0123",
    "0.50",
    "1.00",
    "9.94",
    "10.0",
    "99.4",
    "100",
    "1235",
  ]);
});

test("a speedup is written with its interval, and a difference that is none as that", () => {
  const words = (verdict, speedup, bounds) => speedupWords({ verdict, speedup, speedup_ci99: bounds });
  assert.deepEqual(words("faster", 49.7, [46.2, 53.1]), ["49.7×", "46.2–53.1"]);
  assert.deepEqual(words("slower", 0.5, [0.4, 0.625]), ["2.00× slower", "1.60–2.50"]);
  assert.deepEqual(words("no_difference", 1, [0.95, 1.05]), ["no difference", "0.95–1.05"]);
  assert.deepEqual(words("no_difference", 1, [0.85, 1.2]), ["no clear difference", "0.85–1.20"]);
  assert.deepEqual(words("no_difference", 1, [0.5, 1.5]), ["not sure", "0.50–1.50"]);
  assert.deepEqual(words("no_difference", 2, [0.9, 4.4]), ["not sure", "0.90–4.40"]);
  assert.deepEqual(words("no_difference", 2, [0.01, 400]), ["not sure", ""]);
  assert.deepEqual(words("no_difference", 2, null), ["not sure", ""]);
  assert.deepEqual(words("failed", null, null), ["failed", ""]);
  assert.equal(verdictWords("constructor"), "constructor");
});

test("outputs are described by how near they are", () => {
  const words = (about) =>
    outputsWords({ verdict: "faster", reason: "why", outputs: null, approximate: false, ...about });
  const near = (error) => ({ outputs: { equal: false, max_abs_error: error } });
  assert.equal(words({ outputs: { equal: true, max_abs_error: 0 } }), "outputs equal");
  assert.equal(words(near(1e-7)), "outputs equal within 1e-7");
  assert.equal(words(near(null)), "outputs equal within ?");
  assert.equal(words({ ...near(0.012), approximate: true }), "alters results, by up to 0.01");
  assert.deepEqual(
    [words({}), words({ verdict: "failed" }), words({ verdict: "outputs_differ" })],
    ["why", "failed: why", "why"],
  );
});

test("for which numbers of rows a change is faster is said of those that were measured", () => {
  assert.deepEqual([null, [1, 1], [1, 2000]].map(fasterRowsWords), [
    "",
    "Faster with 1 row, as far as measured.",
    "Faster with 1 to 2,000 rows, as far as measured.",
  ]);
});
