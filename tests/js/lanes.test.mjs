// Boxes of a call in time: neighbours, what holds what, own times, the call's own time.

import assert from "node:assert/strict";
import { test } from "node:test";

import { addCallsOwn } from "../../src/keras_profile/output/html/script/boxes/calls_own.js";
import * as lanes from "../../src/keras_profile/output/html/script/boxes/lanes.js";
import { neighbour } from "../../src/keras_profile/output/html/script/boxes/neighbours.js";
import { ownTimes } from "../../src/keras_profile/output/html/script/boxes/own_times.js";
import { boxes, call } from "./hand_made.mjs";

const TEARDOWN = 5;
const COLLECTION = 6;
const NAMED = { teardown: TEARDOWN, collection: COLLECTION };

/** The call (0) of 100 holds f (1) with g (2) twice, and h (3); a worker has g for itself. */
const usual = () =>
  call(
    100,
    ["main", [0, 0, 100, 0, 0], [1, 10, 40, 1, 1], [2, 15, 10, 2, 2], [2, 30, 15, 2, 2], [1, 60, 30, 3, 3]],
    ["worker", [0, 20, 50, 2, 4]],
  );
const frameOf = (made, box) => (box < 0 ? null : made.frame[box]);
/** The box of a frame that begins at a place. */
const boxAt = (made, frame, begin) =>
  [...made.begin.keys()].find((box) => made.frame[box] === frame && made.begin[box] === begin);

test("arrows lead to the longest box below, to what is above, and to those beside", () => {
  const made = usual();
  const root = boxAt(made, 0, 0);
  const f = boxAt(made, 1, 10);
  const go = (box, direction) => frameOf(made, neighbour(made, box, direction));
  assert.deepEqual([go(root, "below"), go(f, "above"), go(f, "right"), go(f, "left")], [1, 0, 3, null]);
  assert.equal(made.begin[neighbour(made, f, "below")], 30);
  assert.equal(go(root, "above"), null);
});

test("arrows begin at the first box where none is selected", () => {
  const made = usual();
  assert.deepEqual(
    ["below", "left", "right", "above"].map((way) => neighbour(made, -1, way)),
    [0, 0, 0, -1],
  );
});

test("below the last row of a lane is the next lane, and above it the last one", () => {
  const made = usual();
  const h = boxAt(made, 2, 30);
  const worker = boxAt(made, 2, 20);
  assert.equal(neighbour(made, h, "below"), worker);
  assert.equal(neighbour(made, worker, "below"), -1);
  assert.equal(made.row[worker], 4);
});

test("a box is held by another one of its thread alone", () => {
  const made = usual();
  const g = boxAt(made, 2, 30);
  const worker = boxAt(made, 2, 20);
  assert.equal(lanes.holderOf(made, g), boxAt(made, 1, 10));
  assert.equal(lanes.holderOf(made, worker), -1);
  assert.deepEqual(lanes.stackOf(made, g), [0, 1, 2]);
  assert.deepEqual(
    lanes.heldBy(made, boxAt(made, 1, 10)).map((box) => made.begin[box]),
    [15, 30],
  );
  assert.deepEqual([lanes.heldBy(made, g), lanes.heldBy(made, worker)], [[], []]);
  assert.deepEqual([lanes.laneOf(made, g), lanes.laneOf(made, worker)], [0, 1]);
  assert.equal(lanes.callingRows(made), 3);
});

test("the longest box of a frame is looked for on the calling thread", () => {
  const made = usual();
  assert.equal(lanes.longestOfFrame(made, 2, 0, 100), boxAt(made, 2, 30));
  assert.equal(lanes.longestOfFrame(made, 2, 0, 30), boxAt(made, 2, 15));
  assert.equal(lanes.longestOfFrame(made, 2, 50, 100), -1);
});

test("a search counts boxes of all threads, and the time of the outermost of the calling one", () => {
  const matches = (...frames) => Uint8Array.from({ length: 4 }, (_, frame) => Number(frames.includes(frame)));
  assert.deepEqual(lanes.matchingInTime(usual(), matches(2)), { nodes: 3, time: 25 });
  assert.deepEqual(lanes.matchingInTime(usual(), matches(1, 2)), { nodes: 4, time: 40 });
  assert.deepEqual(lanes.matchingInTime(usual(), matches()), { nodes: 0, time: 0 });
});

test("own times of a whole call sum to it, by phase", () => {
  const { phases, frames } = ownTimes(usual(), 0, 100, 7, NAMED);
  // Before f its phase, between f and h the call's, after h teardown.
  assert.deepEqual([...phases], [10, 10 + 15, 25, 30, 0, 10, 0]);
  assert.deepEqual([...frames].sort(), [
    [1, 15],
    [2, 25],
    [3, 30],
  ]);
});

test("own times of a part are of what lies in it", () => {
  const { phases, frames } = ownTimes(usual(), 20, 70, 7, NAMED);
  assert.equal(
    phases.reduce((sum, time) => sum + time, 0),
    50,
  );
  assert.deepEqual([...frames].sort(), [
    [1, 10],
    [2, 20],
    [3, 10],
  ]);
});

test("the call's own time is by the rules of the partition", () => {
  const own = (made, from = 0, to = 100) => {
    const phases = new Float64Array(7);
    addCallsOwn(phases, made, from, to, NAMED);
    return [...phases];
  };
  assert.deepEqual(own(usual()), [10, 10, 0, 0, 0, 10, 0]);
  assert.deepEqual(own(usual(), 5, 55), [5, 5, 0, 0, 0, 0, 0]);
  // A collection at an end is no internal: what is before it, and after, is as if it were not there.
  const collected = call(100, [
    "main",
    [0, 0, 100, 0, 0],
    [1, 5, 5, 9, COLLECTION],
    [1, 20, 60, 1, 1],
    [1, 90, 5, 9, COLLECTION],
  ]);
  assert.deepEqual(own(collected), [0, 15, 0, 0, 0, 15, 0]);
  assert.deepEqual(own(call(100, ["main", [0, 0, 100, 0, 0]])), [100, 0, 0, 0, 0, 0, 0]);
});

test("boxes without an end of their own end where the last one does", () => {
  assert.equal(boxes([[0, 0, 7, 0, 0]]).to, 7);
  assert.equal(boxes([[0, 0, 7, 0, 0]], { to: 9 }).to, 9);
});
