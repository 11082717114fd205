// Call trees: totals, noise, callers and callees. Frames are numbers, phases too.

import assert from "node:assert/strict";
import { test } from "node:test";

import { calleesOf, callersOf } from "../../src/keras_profile/output/html/script/trees/callers.js";
import { inverted } from "../../src/keras_profile/output/html/script/trees/inverted.js";
import { withoutNoise } from "../../src/keras_profile/output/html/script/trees/noise.js";
import {
  functionTotals,
  mostOwnTimeInTree,
} from "../../src/keras_profile/output/html/script/trees/totals.js";
import { lines, tree } from "./hand_made.mjs";

/** predict (1) calls build (2), which calls trace (3) twice by ways of its own, and run (4). */
const usual = () =>
  tree([0, 0, 5, 1, [1, 1, 10, 1, [2, 1, 20, 1, [3, 2, 30, 2]], [4, 3, 40, 1, [3, 2, 7, 1]]]]);
/** A function (1) that calls itself. */
const recursive = () => tree([0, 0, 0, 1, [1, 1, 1, 1, [1, 1, 2, 1, [2, 1, 4, 1, [1, 1, 8, 1]]]]]);

test("the total of a node is its own time and that of all below it", () => {
  assert.deepEqual(lines(usual()), ["0 112", "  1 107", "    2 50", "      3 30", "    4 47", "      3 7"]);
});

test("children come with the greatest first", () => {
  const made = tree([0, 0, 0, 1, [1, 0, 3, 1], [2, 0, 9, 1], [3, 0, 6, 1]]);
  assert.deepEqual(
    made.children(0).map((node) => made.frame[node]),
    [2, 3, 1],
  );
});

test("samples are summed up the tree, calls are not", () => {
  const nested = [0, 0, 0, 0, [1, 0, 3, 3, [2, 0, 4, 4]]];
  assert.deepEqual([...tree(nested, { countsSamples: true }).countTotal], [7, 7, 4]);
  assert.deepEqual([...tree(nested).count], [0, 3, 4]);
});

test("a path leads from the call to a node", () => {
  const made = usual();
  assert.deepEqual(
    made.path(3).map((node) => made.frame[node]),
    [0, 1, 2, 3],
  );
});

test("own times by phase sum to the total of the node", () => {
  const times = usual().phaseTimes(1, 4);
  assert.deepEqual([...times], [0, 30, 37, 40]);
});

test("a search counts what is below a hit once", () => {
  const matches = Uint8Array.from([0, 1, 0, 1, 0]);
  assert.deepEqual(usual().matching(matches), { nodes: 3, time: 107 });
  assert.deepEqual(recursive().matching(Uint8Array.from([0, 1, 0])), { nodes: 3, time: 15 });
});

test("noise becomes part of its caller and no time is lost", () => {
  const noise = { isNoise: (frame) => frame === 2 };
  assert.deepEqual(lines(withoutNoise(usual(), noise)), [
    "0 112",
    "  1 107",
    "    4 47",
    "      3 7",
    "    3 30",
  ]);
});

test("noise of another phase than its caller's stays", () => {
  const noise = { isNoise: (frame) => frame === 3 };
  assert.deepEqual(lines(withoutNoise(usual(), noise)), lines(usual()));
});

test("what was apart only by noise becomes one", () => {
  const made = tree([0, 0, 0, 1, [1, 1, 1, 1, [9, 1, 0, 1, [2, 1, 3, 1]], [8, 1, 0, 1, [2, 1, 4, 2]]]]);
  const hidden = withoutNoise(made, { isNoise: (frame) => frame > 7 });
  assert.deepEqual(lines(hidden), ["0 8", "  1 8", "    2 7"]);
  assert.equal(hidden.count[2], 3);
});

test("callees of a function are those of all its calls together", () => {
  assert.deepEqual(lines(calleesOf(usual(), 3)), ["3 37"]);
  assert.deepEqual(lines(calleesOf(usual(), 1)), ["1 107", "  2 50", "    3 30", "  4 47", "    3 7"]);
  assert.deepEqual(lines(calleesOf(recursive(), 1)), ["1 15", "  1 14", "    2 12", "      1 8"]);
});

test("callers of a function sum to what it takes, recursion once", () => {
  assert.deepEqual(lines(callersOf(usual(), 3)), [
    "3 37",
    "  2 30",
    "    1 30",
    "      0 30",
    "  4 7",
    "    1 7",
    "      0 7",
  ]);
  assert.deepEqual(lines(callersOf(recursive(), 1)), ["1 15", "  0 15"]);
});

test("the inverted tree has every moment once", () => {
  const turned = inverted(usual());
  assert.equal(turned.total[0], 112);
  assert.deepEqual(
    turned.children(0).map((node) => [turned.frame[node], turned.total[node]]),
    [
      [4, 40],
      [3, 37],
      [2, 20],
      [1, 10],
      [0, 5],
    ],
  );
  assert.deepEqual(lines(inverted(recursive()))[0], "0 15");
});

test("a function's total counts recursion once, its own time all of it", () => {
  const { self, total, counts } = functionTotals(recursive(), 3);
  assert.deepEqual([...self], [0, 11, 4]);
  assert.deepEqual([...total], [15, 15, 12]);
  assert.deepEqual([...counts], [1, 1, 1]);
});

test("the stack of a node leads from the call to it, in a tree that is turned around too", () => {
  assert.deepEqual(usual().stack(3), [0, 1, 2, 3]);
  const turned = inverted(usual());
  const [run] = turned.children(0);
  const [caller] = turned.children(run);
  assert.deepEqual(turned.stack(caller), [1, 4]);
});

test("an inverted tree says that it is one, and what it rests on", () => {
  const turned = inverted(tree([0, 0, 1, 1], { basis: "by hand.", countsSamples: true, folded: 3 }));
  assert.equal(
    turned.about.basis,
    "Inverted: functions by their own time, with their callers below. by hand.",
  );
  assert.deepEqual([turned.isInverted, turned.countsSamples, turned.about.folded], [true, true, 3]);
});

test("callers of little time are part of what they call where an inverted tree would be too large", () => {
  const leaves = Array.from({ length: 60_000 }, (_, at) => [2 + at, 0, 1, 1]);
  const turned = inverted(tree([0, 0, 0, 1, [1, 0, 1e6, 1, ...leaves]]));
  assert.match(turned.about.basis, /Callers below 106 ns a call are merged into their callees/);
  assert.equal(turned.total[0], 1_060_000);
});

test("the function of most own time is no part of the call", () => {
  const frames = { count: 6, isPart: (frame) => frame === 4 };
  assert.equal(mostOwnTimeInTree(usual(), frames), 3);
  assert.equal(mostOwnTimeInTree(tree([0, 0, 0, 1]), { count: 1, isPart: () => false }), -1);
});
