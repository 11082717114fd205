// Boxes of a call in time: neighbours, what holds what, own times.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as lanes from "../../src/keras_profile/output/html/script/boxes/lanes.js";
import { neighbour } from "../../src/keras_profile/output/html/script/boxes/neighbours.js";
import { ownTimes } from "../../src/keras_profile/output/html/script/boxes/own_times.js";
import { boxes, call } from "./hand_made.mjs";

/** The call (0) of 100 holds f (1) with g (2) twice, and h (3); a worker has g for itself. */
const usual = () =>
  call(
    100,
    ["main", [0, 0, 100, 0, 0], [1, 10, 40, 1, 1], [2, 15, 10, 2, 2], [2, 30, 15, 2, 2], [1, 60, 30, 3, 3]],
    ["worker", [0, 20, 50, 2, 4]],
  );
/** Its own time: before f, between f and h, after h. */
const OWN = { begin: [0, 50, 90], end: [10, 60, 100], phase: [1, 0, 5] };
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
  assert.deepEqual([go(root, "above"), go(boxAt(made, 3, 60), "below")], [null, null]);
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
  const { phases, frames } = ownTimes(usual(), OWN, 0, 100, 7);
  assert.deepEqual([...phases], [10, 10 + 15, 25, 30, 0, 10, 0]);
  assert.deepEqual([...frames].sort(), [
    [1, 15],
    [2, 25],
    [3, 30],
  ]);
});

test("own times of a part are of what lies in it", () => {
  const { phases, frames } = ownTimes(usual(), OWN, 20, 70, 7);
  assert.deepEqual([...phases], [10, 10, 20, 10, 0, 0, 0]);
  assert.deepEqual([...frames].sort(), [
    [1, 10],
    [2, 20],
    [3, 10],
  ]);
});

test("boxes without an end of their own end where the last one does", () => {
  assert.equal(boxes([[0, 0, 7, 0, 0]]).to, 7);
  assert.equal(boxes([[0, 0, 7, 0, 0]], { to: 9 }).to, 9);
  assert.equal(boxes([[0, 0, 7, 0, 0]], { to: 5 }).to, 7);
});
