// Boxes to draw, and which of them is at a place.

import assert from "node:assert/strict";
import { test } from "node:test";

import { boxesOfTree } from "../../src/keras_profile/output/html/script/boxes/of_tree.js";
import { call, tree } from "./hand_made.mjs";

const boxes = () => boxesOfTree(tree([0, 0, 10, 1, [1, 1, 30, 1, [3, 1, 0, 1]], [2, 2, 60, 1]]));

test("the boxes of a tree lie within their caller, the greatest to the left", () => {
  const made = boxes();
  const found = [...made.row].map((row, box) => [row, made.frame[box], made.begin[box], made.end[box]]);
  assert.deepEqual(found, [
    [0, 0, 0, 100],
    [1, 2, 0, 60],
    [1, 1, 60, 90],
  ]);
  assert.deepEqual([made.from, made.to, made.rowCount], [0, 100, 2]);
});

test("the box at a place is the one that covers it", () => {
  const made = boxes();
  const frameAt = (row, x) => {
    const box = made.at(row, x);
    return box < 0 ? null : made.frame[box];
  };
  assert.deepEqual(
    [0, 59.9, 60, 89.9, 90, 99].map((x) => frameAt(1, x)),
    [2, 2, 1, 1, null, null],
  );
  assert.deepEqual([frameAt(-1, 5), frameAt(7, 5), frameAt(0, 5)], [null, null, 0]);
});

test("a box is found by its id", () => {
  const made = boxes();
  assert.equal(made.frame[made.byId(3)], 2);
  assert.equal(made.byId(99), -1);
});

test("halving finds in a long row what a search from the left finds", () => {
  const children = Array.from({ length: 1000 }, (_, number) => [number + 1, 0, 1000 - number, 1]);
  const made = boxesOfTree(tree([0, 0, 0, 1, ...children]));
  for (let x = 0.5; x < made.to; x += 997) {
    const expected = [...made.begin.keys()].find(
      (box) => made.row[box] === 1 && made.begin[box] <= x && x < made.end[box],
    );
    assert.equal(made.at(1, x), expected);
  }
});

test("boxes of a row that reach into a part are those between its ends", () => {
  const made = boxes();
  const frames = (from, to) => made.between(1, from, to).map((box) => made.frame[box]);
  assert.deepEqual([frames(0, 60), frames(59, 61), frames(60, 100), frames(90, 100)], [[2], [2, 1], [1], []]);
});

test("a call in time has its lanes below each other, each with its title", () => {
  const made = call(25, ["main", [0, 0, 20, 1, 0], [1, 5, 10, 2, 1]], ["worker", [0, 3, 4, 3, 2]]);
  assert.deepEqual([...made.row], [0, 1, 3]);
  assert.deepEqual(made.laneTops, [0, 3]);
  assert.deepEqual(
    [...made.titles],
    [
      [-1, "main"],
      [2, "worker"],
    ],
  );
  assert.equal(made.to, 25);
});
