// @ts-check
// Keys of the page: the list of them, and what each does wherever the focus is. Those of a flame
// graph, for the one that has the focus, are in flame/keys.js.

import { copy } from "./notices.js";

/** @import { App } from "./app.js" */

/**
 * All keys with what they do, as they are listed.
 * @type {[keys: string, meaning: string][]}
 */
export const KEYS = [
  ["1 2 3 4", "left heavy, time order, sandwich, table"],
  ["/ or Ctrl F", "search; Enter goes to the next match, Esc clears"],
  ["n  N", "next match, previous match"],
  ["arrows", "select the box above, below, beside"],
  ["Enter", "zoom to the selection"],
  ["w s + −", "zoom in, out; also Ctrl and wheel, or two fingers"],
  ["a d", "pan; also drag or Shift and wheel"],
  ["drag", "on the axis, or anywhere with Shift: marks a part of a call, or zooms to it"],
  ["0", "show all"],
  ["Backspace", "one step out"],
  ["c", "hide or show wrappers and the standard library"],
  ["x", "samples or spans"],
  ["i", "invert: functions by their own time, with their callers below"],
  ["[ ]", "previous call, next call"],
  ["y  Y", "copy the frame, the stack"],
  ["l", "copy a link to this view"],
  ["t", "light, dark or system theme"],
  ["?", "this list"],
];

/**
 * The keys of a line of the list, and the words between them.
 * @param {string} keys
 */
export function keyParts(keys) {
  return keys.split(/(?<=\S) (?=\S)| {2}/).map((text) => ({ text, isKey: text !== "or" && text !== "and" }));
}

/** @type {Record<string, (app: App) => void>} */
export const ACTIONS = {
  1: (app) => app.explorer.turnTo("left"),
  2: (app) => app.explorer.turnTo("time"),
  3: (app) => app.explorer.turnTo("sandwich"),
  4: (app) => app.explorer.turnTo("table"),
  "/": (app) => app.search.focus(),
  n: (app) => app.search.step(1),
  N: (app) => app.search.step(-1),
  c: (app) => app.explorer.toggleNoise(),
  x: (app) => app.explorer.nextTree(),
  i: (app) => app.explorer.toggleTurn(),
  "[": (app) => app.explorer.stepCall(-1),
  "]": (app) => app.explorer.stepCall(1),
  0: (app) => app.explorer.view.reset(),
  Backspace: (app) => app.explorer.view.back(),
  Escape: (app) => app.escape(),
  t: (app) => app.theme.next(),
  l: (app) => copy(app.place.link()),
  "?": (app) => app.help.open(),
  y: (app) => app.copyFrame(),
  Y: (app) => app.copyStack(),
};

/** @typedef {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">} Key */

/**
 * What a key does, or undefined. Ctrl F is the page's where the flame graph is on the screen.
 * @param {Key} event
 * @param {{ isTyping: boolean, seesExplorer: () => boolean }} state
 */
export function actionOf({ key, ctrlKey, metaKey, altKey, shiftKey }, { isTyping, seesExplorer }) {
  const isSearch = (ctrlKey || metaKey) && key.toLowerCase() === "f" && !shiftKey;
  if (isSearch && seesExplorer()) return ACTIONS["/"];
  if (isTyping || ctrlKey || metaKey || altKey) return undefined;
  return Object.hasOwn(ACTIONS, key) ? ACTIONS[key] : undefined;
}

/** @param {App} app */
export function listenToKeys(app) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || app.help.dialog.open) return;
    const isTyping =
      event.target instanceof Element &&
      event.target.closest("input[type=search], textarea, select") !== null;
    const act = actionOf(event, { isTyping, seesExplorer: () => app.explorer.isInSight });
    if (!act) return;
    event.preventDefault();
    act(app);
  });
}
