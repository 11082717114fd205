// Trees, boxes and frames made by hand.

import { Boxes } from "../../src/keras_profile/output/html/script/boxes/boxes.js";
import { boxesOfCall } from "../../src/keras_profile/output/html/script/boxes/of_call.js";
import { Tree } from "../../src/keras_profile/output/html/script/trees/tree.js";

/** A tree from nested nodes: `[frame, phase, own time, count, ...children]`. */
export function tree(root, about = {}) {
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
  return new Tree(
    {
      frame: Uint32Array.from(rows.frame),
      parent: Int32Array.from(rows.parent),
      phase: Uint8Array.from(rows.phase),
      self: Float64Array.from(rows.self),
      count: Float64Array.from(rows.count),
    },
    about,
  );
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

/** Boxes from `[row, begin, end, frame, phase]`, sorted as boxes are. */
export function boxes(rows, about = {}) {
  const column = (at) => rows.map((row) => row[at]);
  const columns = { row: column(0), begin: column(1), end: column(2), frame: column(3), phase: column(4) };
  return new Boxes({ ...columns, id: [...rows.keys()], rowCount: Math.max(...columns.row) + 1 }, about);
}

/** The boxes of a call from lanes of `[thread, ...[depth, begin, duration, frame, phase]]`. */
export function call(wall, ...lanes) {
  const columns = [];
  const content = { column: (number) => columns[number] };
  const raw = lanes.map(([thread, ...rows]) => {
    const first = columns.length;
    for (let at = 0; at < 5; at++) columns.push(rows.map((row) => row[at]));
    return {
      thread,
      depth: first,
      begin: first + 1,
      duration: first + 2,
      frame: first + 3,
      phase: first + 4,
    };
  });
  return boxesOfCall(content, { wall, lanes: raw });
}

/** Frames by `[name, module, kind]`, as data that `Frames` reads. */
export function frameContent(rows) {
  const strings = [...new Set(rows.flatMap(([name, module]) => [name, module]))];
  const columns = [
    rows.map(([name]) => strings.indexOf(name)),
    rows.map(([, module]) => strings.indexOf(module)),
    rows.map(([, , kind]) => kind ?? 0),
    rows.map((_, row) => row + 1),
  ];
  return {
    frames: { name: 0, module: 1, file: 1, line: 3, kind: 2, strings },
    column: (number) => columns[number],
  };
}
