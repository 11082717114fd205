// Figures and names as text.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as words from "../../src/keras_profile/output/html/script/words.js";

// The same cases hold for the program: tests/unit/test_number_words.py.
const FIGURES = JSON.parse(readFileSync(new URL("../support/figures.json", import.meta.url), "utf-8"));

for (const [name, cases] of Object.entries(FIGURES)) {
  for (const [value, text] of cases) {
    test(`${name} of ${value} is ${text}, as the program writes it`, () =>
      assert.equal(words[name](value), text));
  }
}

for (const [ns, text] of [
  [0, "0 ns"],
  [999, "999 ns"],
  [1000, "1.00 µs"],
  [12_345, "12.3 µs"],
  [123_456, "123 µs"],
  [1e6, "1.00 ms"],
  [97_204_000, "97.2 ms"],
  [1e9, "1.00 s"],
  [123.4e9, "123 s"],
]) {
  test(`a duration of ${ns} ns is ${text}`, () => assert.equal(words.duration(ns), text));
}

test("an interval whose ends read the same is one value", () => {
  assert.equal(words.percents([0.061, 0.245]), "6.1%–25%");
  assert.equal(words.percents([0.371, 0.3705]), "37%");
  assert.equal(words.percents(null), "");
  assert.equal(words.percents([0.2, 0.2]), "");
});

test("counts have few digits, and whole ones no fraction", () => {
  assert.equal(words.count(3.001), "3");
  assert.equal(words.count(0.254321), "0.254");
  assert.equal(words.count(123.4), "123");
  assert.equal(words.count(1234567), "1,234,567");
});

test("one is singular, all else is plural", () => {
  assert.equal(words.plural(1, "call"), "1 call");
  assert.equal(words.plural(0, "call"), "0 calls");
  assert.equal(words.plural(1200, "box", "boxes"), "1,200 boxes");
});

test("what cannot be seen, or turns text around, is shown and not obeyed", () => {
  assert.equal(words.printable("a\nb\u0007"), "a\u240ab\u2407");
  assert.equal(words.printable("user\u202Eexe"), "user⟨U+202E⟩exe");
  assert.equal(words.printable("\ud800x"), "\ufffdx");
  assert.equal(words.printable("plain é 漢 🙂"), "plain é 漢 🙂");
});

test("a letter of two parts is not cut in half", () => {
  assert.equal(words.start("ab🙂", 3), "ab");
  assert.equal(words.shorten("abcdef", 4), "abc…");
  assert.equal(words.shorten("abcd", 4), "abcd");
});

test("names of local functions, threads and phases are short", () => {
  assert.equal(words.shortName("outer.<locals>.inner.<locals>.f"), "f");
  assert.equal(words.shortName("Model.predict"), "Model.predict");
  assert.equal(words.threadWords("tf_data/140123456781234"), "tf_data …1234");
  assert.equal(words.phaseWords("batch_fetching"), "batch fetching");
});

test("a place on an axis has the unit of its steps", () => {
  const axis = (ns, step) => words.axisWords(ns, step);
  assert.deepEqual(
    [axis(0, 5e6), axis(5e6, 5e6), axis(1.5e9, 5e8), axis(12_500, 2500), axis(1e5, 1e5), axis(40, 20)],
    ["0 ms", "5 ms", "1.5 s", "12.5 µs", "0.1 ms", "40 ns"],
  );
});
