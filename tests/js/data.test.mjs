// The data of a real page: PAGE is its file, TOTAL the call's time in its report, both from pytest.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { bytesOfBase64, readColumn, unpackData } from "../../src/keras_profile/output/html/script/data.js";
import { Frames } from "../../src/keras_profile/output/html/script/frames.js";
import { functionTotals } from "../../src/keras_profile/output/html/script/trees/totals.js";
import { Tree } from "../../src/keras_profile/output/html/script/trees/tree.js";

test("columns come back as they were, stored as differences or from their least value", () => {
  const buffer = Uint8Array.from([9, 9, 1, 2, 3, 4]).buffer;
  const column = (fields) => [
    ...readColumn(buffer, 0, { type: "u8", at: 2, count: 4, least: 0, rising: false, ...fields }),
  ];
  assert.deepEqual(column({}), [1, 2, 3, 4]);
  assert.deepEqual(column({ least: -3 }), [-2, -1, 0, 1]);
  assert.deepEqual(column({ rising: true }), [1, 3, 6, 10]);
  assert.deepEqual(column({ rising: true, least: 1 }), [2, 5, 9, 14]);
});

test("bytes come back from base64", () => {
  assert.deepEqual([...bytesOfBase64("AP+A")], [0, 255, 128]);
});

test(
  "the trees of a real page sum to the call of its report",
  { skip: process.env.PAGE ? false : "no PAGE is given" },
  async () => {
    const page = readFileSync(process.env.PAGE, "utf-8");
    const content = await unpackData(page.match(/<script type="text\/plain" id="data">([^<]*)</)[1]);
    const frames = new Frames(content);
    assert.ok(frames.count > 100);
    assert.equal(content.report.attribution.total_ns, Number(process.env.TOTAL));
    assert.equal(content.trees.length, 2);
    for (const raw of content.trees) {
      const tree = Tree.read(content, raw);
      assert.equal(tree.total[0], Number(process.env.TOTAL));
      assert.ok(frames.isCall(tree.frame[0]));
      const { self } = functionTotals(tree, frames.count);
      assert.equal(
        self.reduce((sum, ns) => sum + ns, 0),
        Number(process.env.TOTAL),
      );
    }
  },
);
