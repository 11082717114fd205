// The page's scripts as a page has them: one after the other, in one scope.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const FOLDER = new URL("../../src/keras_profile/output/html/script/", import.meta.url);

/** What these scripts define, by name: `load(["words.js"], ["duration"])`. */
export function load(files, names) {
  const source = files.map((file) => readFileSync(fileURLToPath(new URL(file, FOLDER)), "utf-8")).join("\n");
  return vm.runInThisContext(`(() => {${source}\nreturn { ${names.join(", ")} };})()`);
}

/** A tree from nested nodes: `[frame, phase, own time, count, ...children]`. */
export function tree(Tree, root, about = {}) {
  const rows = { frame: [], parent: [], phase: [], self: [], count: [] };
  const add = ([frame, phase, self, count, ...children], parent) => {
    const row = rows.frame.length;
    rows.frame.push(frame);
    rows.parent.push(parent);
    rows.phase.push(phase);
    rows.self.push(self);
    rows.count.push(count);
    for (const child of children) add(child, row);
  };
  add(root, -1);
  return new Tree({
    frame: Uint32Array.from(rows.frame), parent: Int32Array.from(rows.parent), phase: Uint8Array.from(rows.phase),
    self: Float64Array.from(rows.self), count: Float64Array.from(rows.count) }, { basis: "", ...about });
}

/** A tree as text, a line a node: how deep it is, its frame, its total time. */
export function lines(tree) {
  const found = [];
  const walk = (node, depth) => {
    found.push(`${"  ".repeat(depth)}${tree.frame[node]} ${tree.total[node]}`);
    for (const child of tree.children(node)) walk(child, depth + 1);
  };
  walk(0, 0);
  return found;
}
