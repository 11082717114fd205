// The state of the page: its address, search, keys, tabs, themes, and which tree and call are shown.

import assert from "node:assert/strict";
import { test } from "node:test";

import { FLAME_KEYS } from "../../src/keras_profile/output/html/script/flame/keys.js";
import { Frames } from "../../src/keras_profile/output/html/script/frames.js";
import { actionOf, ACTIONS, keyParts, KEYS } from "../../src/keras_profile/output/html/script/keys.js";
import { copiedWords } from "../../src/keras_profile/output/html/script/notices.js";
import { numberIn, readPlace, writePlace } from "../../src/keras_profile/output/html/script/place.js";
import { finder, matchingFrames, nextMatch } from "../../src/keras_profile/output/html/script/search.js";
import { tabAfter, viewNamed } from "../../src/keras_profile/output/html/script/tabs.js";
import { themeAfter } from "../../src/keras_profile/output/html/script/theme.js";
import { TreeChoice } from "../../src/keras_profile/output/html/script/trees/choice.js";
import { callOptions, usualCall } from "../../src/keras_profile/output/html/script/views/call_choice.js";
import { frameContent } from "./hand_made.mjs";

// --- the address ---

test("an address is read as it was written, without what is as usual", () => {
  const place = { view: "time", find: "a&b=c #%é", call: "3", noise: "hidden", mark: "" };
  const written = writePlace(place);
  assert.deepEqual(readPlace(`#${written}`), { view: "time", find: "a&b=c #%é", call: "3" });
  assert.equal(writePlace({ view: "left", noise: "hidden" }), "");
});

test("an address says nothing that the page does not know", () => {
  assert.deepEqual(readPlace("#view=table&constructor=1&__proto__=2&x"), { view: "table" });
  assert.deepEqual(["7", "0", "", "x", "1e3"].map(numberIn), [7, 0, -1, -1, 1000]);
});

// --- search ---

const FRAMES = new Frames(
  frameContent([
    ["predict", "keras"],
    ["Predictor", "app"],
    ["run", "predicting"],
    ["run", "app"],
  ]),
);

test("a search finds names and modules, whatever their case", () => {
  const test = finder("  PREDICT ");
  assert.deepEqual([...matchingFrames(FRAMES, test)], [1, 1, 1, 0]);
  assert.equal(finder("  "), null);
});

test("the next match goes around the end, and begins at the first", () => {
  assert.deepEqual(
    [nextMatch([3, 5, 9], 5, 1), nextMatch([3, 5, 9], 9, 1), nextMatch([3, 5, 9], 3, -1)],
    [9, 3, 9],
  );
  assert.equal(nextMatch([3, 5, 9], -1, 1), 3);
  assert.equal(nextMatch([], -1, 1), undefined);
});

// --- keys ---

const STATE = { isTyping: false, seesExplorer: () => true };
/** What a key calls: the path of the method, and what is given to it. */
function called(event, state = STATE) {
  const calls = [];
  const part = (path) =>
    new Proxy(() => {}, {
      get: (_, name) => part([...path, name]),
      apply: (_, __, given) => calls.push([path.join("."), ...given]),
    });
  actionOf(event, state)?.(part([]));
  return calls;
}

test("keys do what the list says", () => {
  assert.deepEqual(called({ key: "3" }), [["explorer.turnTo", "sandwich"]]);
  assert.deepEqual(called({ key: "N" }), [["search.step", -1]]);
  assert.deepEqual(called({ key: "]" }), [["explorer.stepCall", 1]]);
  assert.deepEqual(called({ key: "Y" }), [["copyStack"]]);
  assert.deepEqual(called({ key: "0" }), [["explorer.view.reset"]]);
});

test("each key of the list does something, and each that does is in the list", () => {
  const names = { arrows: "ArrowUp", "−": "-", Esc: "Escape" };
  const listed = KEYS.flatMap(([keys]) => keyParts(keys))
    .filter(({ text, isKey }) => isKey && !["drag", "Ctrl", "F"].includes(text))
    .map(({ text }) => names[text] ?? text);
  for (const key of listed) assert.ok(key in ACTIONS || key in FLAME_KEYS, key);
  for (const key of Object.keys(ACTIONS)) assert.ok(listed.includes(key) || key === "Escape", key);
});

test("keys that are typed, or have Ctrl, are the browser's", () => {
  assert.deepEqual(called({ key: "c" }, { ...STATE, isTyping: true }), []);
  assert.deepEqual(called({ key: "c", ctrlKey: true }), []);
  assert.deepEqual(called({ key: "constructor" }), []);
});

test("Ctrl F searches where the flame graph is on the screen, in a field too", () => {
  const find = { key: "f", ctrlKey: true };
  assert.deepEqual(called(find), [["search.focus"]]);
  assert.deepEqual(called(find, { ...STATE, isTyping: true }), [["search.focus"]]);
  assert.deepEqual(called({ ...find, shiftKey: true }), []);
  assert.deepEqual(called(find, { ...STATE, seesExplorer: () => false }), []);
});

test("the keys of a line are told from the words between them", () => {
  const parts = (keys) => keyParts(keys).map(({ text, isKey }) => (isKey ? [text] : text));
  assert.deepEqual(parts("/ or Ctrl F"), [["/"], "or", ["Ctrl"], ["F"]]);
  assert.deepEqual(parts("y  Y"), [["y"], ["Y"]]);
});

// --- tabs, themes, notices ---

test("arrows go from tab to tab around the ends", () => {
  const to = (key, at) => tabAfter(key, at, 4);
  assert.deepEqual(
    [to("ArrowRight", 3), to("ArrowLeft", 0), to("Home", 2), to("End", 1), to("x", 1)],
    [0, 3, 0, 3, undefined],
  );
  assert.deepEqual([viewNamed("table"), viewNamed("constructor"), viewNamed("")], ["table", "left", "left"]);
});

test("themes follow each other", () => {
  assert.deepEqual(["system", "light", "dark"].map(themeAfter), ["light", "dark", "system"]);
});

test("what was copied is said in few words", () => {
  assert.equal(copiedWords("f (a.py:1)"), "Copied f (a.py:1)");
  assert.equal(copiedWords("a\nb\nc"), "Copied 3 frames");
});

// --- trees and calls ---

/** Trees of a recording: f (0) calls a wrapper (1) that calls g (2), of samples and of spans. */
function treeChoice(place = {}) {
  const columns = [[0, 1, 2], [0, 1, 1], [0, 0, 0], [5, 0, 7], [1, 0, 1], [0], [0], [0]];
  const raw = {
    basis: "",
    countsSamples: false,
    folded: 0,
    foldedBelow: 0,
    frame: 0,
    above: 1,
    phase: 2,
    self: 3,
    count: 4,
  };
  const lone = { ...raw, frame: 5, above: 6, phase: 7, self: 6, count: 6 };
  const content = {
    trees: [
      { ...raw, name: "samples" },
      { ...lone, name: "spans" },
    ],
    column: (number) => columns[number],
  };
  const values = { tree: "", noise: "hidden", turn: "", ...place };
  return new TreeChoice(content, { isNoise: (frame) => frame === 1 }, { get: (name) => values[name] });
}

test("the tree that is shown is the one that the address says, or the first", () => {
  assert.deepEqual(
    [treeChoice().name, treeChoice({ tree: "spans" }).name, treeChoice({ tree: "x" }).name],
    ["samples", "spans", "samples"],
  );
  assert.deepEqual([treeChoice().nextName, treeChoice({ tree: "spans" }).nextName], ["spans", "samples"]);
});

test("noise is hidden in the tree that is shown, and made once", () => {
  const trees = treeChoice();
  assert.deepEqual([...trees.shown().frame], [0, 2]);
  assert.equal(trees.shown(), trees.shown());
  assert.deepEqual([...treeChoice({ noise: "shown" }).shown().frame], [0, 1, 2]);
  assert.equal(trees.turnedShown(), trees.shown());
  assert.deepEqual([...treeChoice({ turn: "inverted" }).turnedShown().total], [12, 5, 7]);
});

test("a frame is looked for in all trees, noise included", () => {
  assert.deepEqual(
    [1, 2, 9].map((frame) => treeChoice({ tree: "spans" }).withFrame(frame)?.about.name),
    ["samples", "samples", undefined],
  );
  assert.deepEqual(treeChoice().matching(Uint8Array.from([0, 0, 1])), { nodes: 1, time: 7, whole: 12 });
});

const CALLS = [
  { capture: "spans", cold: true, number: 0, wall: 9e6 },
  { capture: "spans", cold: false, number: 0, wall: 3e6 },
  { capture: "tensorflow", cold: false, number: 0, wall: 4e6 },
  { capture: "tensorflow", cold: false, number: 1, wall: 5e6 },
  { capture: "tensorflow", cold: false, number: 2, wall: 1e6 },
];

const CAPTURES = [
  { name: "spans", heading: "warm, exact internals (spans)", basis: "", preference: 2, approximate: false },
  { name: "tensorflow", heading: "warm, with threads", basis: "", preference: 1, approximate: false },
];

test("time order begins with the median warm call of the capture that tells most", () => {
  assert.equal(usualCall(CALLS, CAPTURES), 2);
  assert.equal(usualCall(CALLS.slice(0, 2), CAPTURES), 1);
  assert.equal(usualCall(CALLS.slice(0, 1), CAPTURES), 0);
  assert.equal(usualCall([], CAPTURES), -1);
});

test("calls are listed by how they were recorded", () => {
  const other = { capture: "other", cold: false, number: 0, wall: 1e6 };
  const options = callOptions([...CALLS, other], CAPTURES);
  assert.deepEqual(
    options.map(([title, calls]) => [title, calls.length]),
    [
      ["cold, exact (spans)", 1],
      ["warm, exact internals (spans)", 1],
      ["warm, with threads", 3],
      ["other", 1],
    ],
  );
  assert.deepEqual(options[0][1], [[0, "cold call · 9.00 ms · spans"]]);
  assert.deepEqual(options[2][1][1], [3, "call 2 · 5.00 ms · tensorflow"]);
});
