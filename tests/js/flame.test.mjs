// A flame graph without its canvas: places, texts that fit, looks, keys.

import assert from "node:assert/strict";
import { test } from "node:test";

import { colourName, mixed, patternOf } from "../../src/keras_profile/output/html/script/colours.js";
import {
  partOf,
  revealing,
  roundStep,
  scaled,
  shifted,
} from "../../src/keras_profile/output/html/script/flame/axis.js";
import { FLAME_KEYS, flameAction } from "../../src/keras_profile/output/html/script/flame/keys.js";
import { Look } from "../../src/keras_profile/output/html/script/flame/look.js";
import { TextFit } from "../../src/keras_profile/output/html/script/flame/text_fit.js";
import { Frames } from "../../src/keras_profile/output/html/script/frames.js";
import { boxes, frameContent } from "./hand_made.mjs";

test("what is shown is a part of the whole, moved or shortened where it is not", () => {
  const whole = [100, 200];
  assert.deepEqual(partOf([120, 140], whole), [120, 140]);
  assert.deepEqual(partOf([90, 110], whole), [100, 120]);
  assert.deepEqual(partOf([190, 210], whole), [180, 200]);
  assert.deepEqual(partOf([0, 1000], whole), [100, 200]);
  const [from, to] = partOf([150, 150], whole);
  assert.ok(to > from && to - from < 1e-4);
});

test("zooming keeps what is beneath the mouse where it is", () => {
  assert.deepEqual(scaled([0, 100], 0.5, 0.25), [12.5, 62.5]);
  assert.deepEqual(scaled([12.5, 62.5], 2, 0.25), [0, 100]);
  assert.deepEqual(shifted([100, 200], 0.1), [110, 210]);
});

test("a box is brought into sight without zooming, unless it is too long", () => {
  assert.deepEqual(revealing([0, 10], [2, 4]), [0, 10]);
  assert.deepEqual(revealing([0, 10], [20, 24]), [17, 27]);
  assert.deepEqual(revealing([0, 10], [5, 50]), [5, 50]);
});

test("steps of an axis are round", () => {
  assert.deepEqual([0.03, 1, 1.1, 3, 7, 120, 5000].map(roundStep), [0.05, 1, 2, 5, 10, 200, 5000]);
});

test("as much of a text is shown as fits, and nothing where that says nothing", () => {
  const measured = [];
  const texts = new TextFit((text) => {
    measured.push(text);
    return 10;
  });
  assert.deepEqual(
    [80, 60, 50, 40, 30].map((room) => texts.fit("predict", room)),
    ["predict", "predi…", "pred…", "pre…", ""],
  );
  assert.equal(texts.fit("ab🙂cd", 45), "ab🙂…");
  // Each letter once, however often it is drawn.
  assert.equal(new Set(measured).size, measured.length);
  texts.forget();
  texts.fit("p", 80);
  assert.equal(measured.at(-1), "p");
});

const THEME = {
  neutral: "neutral",
  fadedNeutral: "faded neutral",
  faded: ["faded 0", "faded 1"],
  paler: ["paler 0", "paler 1"],
  fill: ["fill 0", "fill 1"],
};
const FRAMES = new Frames(
  frameContent([
    ["the call", "", 5],
    ["f", "m"],
    ["MatMul", "", 4],
  ]),
);

test("boxes have the colour of their phase, fainter where they are not looked for", () => {
  const made = boxes([
    [0, 0, 9, 0, 0],
    [1, 0, 4, 1, 0],
    [1, 4, 9, 2, 1],
  ]);
  const look = new Look(FRAMES, { theme: THEME });
  const fills = () => [0, 1, 2].map((box) => look.fill(made, box));
  assert.deepEqual(fills(), ["neutral", "fill 0", "paler 1"]);
  look.phase = 1;
  assert.deepEqual(fills(), ["faded neutral", "faded 0", "paler 1"]);
  look.phase = 0;
  assert.deepEqual(fills(), ["neutral", "fill 0", "faded 1"]);
  look.phase = -1;
  look.matches = Uint8Array.from([1, 1, 0]);
  assert.deepEqual(fills(), ["neutral", "fill 0", "faded 1"]);
});

test("colours are mixed, and phases that the page does not know have one", () => {
  assert.equal(mixed("#000000", "#ffffff", 0.5), "rgb(128 128 128)");
  assert.equal(mixed("#102030", "#ffffff", 0), "rgb(16 32 48)");
  assert.deepEqual([colourName("entry"), colourName("constructor")], ["entry", "unattributed"]);
  assert.deepEqual([patternOf("entry"), patternOf("constructor")], ["plain", "rising"]);
});

/** What a key calls of a flame graph. */
function called(key, flame = {}) {
  const calls = [];
  const fake = new Proxy(flame, {
    get: (has, name) => has[name] ?? ((...given) => calls.push([name, ...given])),
  });
  flameAction({ key })?.(fake, 0.12);
  return calls;
}

test("keys of a flame graph", () => {
  assert.deepEqual(called("w"), [["zoomBy", 0.7]]);
  assert.deepEqual(called("S"), [["zoomBy", 1 / 0.7]]);
  assert.deepEqual(called("a"), [["pan", -0.12]]);
  assert.deepEqual(called("Enter"), [["zoomToSelected"]]);
  assert.deepEqual(called("ArrowDown", { upward: false }), [["walkTo", "below"]]);
  assert.deepEqual(called("ArrowDown", { upward: true }), [["walkTo", "above"]]);
  for (const key of Object.keys(FLAME_KEYS)) assert.equal(called(key).length, 1, key);
});

test("other keys, and those with Ctrl, are none of a flame graph's", () => {
  assert.deepEqual(
    ["q", "constructor", "Tab"].map((key) => flameAction({ key })),
    [undefined, undefined, undefined],
  );
  assert.equal(flameAction({ key: "w", ctrlKey: true }), undefined);
});
