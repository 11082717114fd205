// @ts-check
// Keys of a flame graph, for the one that has the focus.

/** @import { Flame } from "./flame.js" */

/** How much nearer one step comes, and how much of what is shown it pans, with Shift and without. */
const NEARER = 0.7;
const STEP = 0.12;
const LONG_STEP = 0.5;

/** @type {Record<string, (flame: Flame, step: number) => void>} */
export const FLAME_KEYS = {
  w: (flame) => flame.zoomBy(NEARER),
  s: (flame) => flame.zoomBy(1 / NEARER),
  "+": (flame) => flame.zoomBy(NEARER),
  "-": (flame) => flame.zoomBy(1 / NEARER),
  a: (flame, step) => flame.pan(-step),
  d: (flame, step) => flame.pan(step),
  0: (flame) => flame.reset(),
  Enter: (flame) => flame.zoomToSelected(),
  ArrowDown: (flame) => flame.walkTo(flame.upward ? "above" : "below"),
  ArrowUp: (flame) => flame.walkTo(flame.upward ? "below" : "above"),
  ArrowLeft: (flame) => flame.walkTo("left"),
  ArrowRight: (flame) => flame.walkTo("right"),
  Home: (flame) => flame.walk(0),
};

/**
 * What a key does to a flame graph that shows something, or undefined.
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">} event
 */
export function flameAction({ key, ctrlKey, metaKey, altKey }) {
  if (ctrlKey || metaKey || altKey) return undefined;
  const name = Object.hasOwn(FLAME_KEYS, key) ? key : key.toLowerCase();
  return Object.hasOwn(FLAME_KEYS, name) ? FLAME_KEYS[name] : undefined;
}

/**
 * @param {Flame} flame
 * @param {KeyboardEvent} event
 */
export function pressKey(flame, event) {
  const act = flame.isEmpty ? undefined : flameAction(event);
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act(flame, event.shiftKey ? LONG_STEP : STEP);
}
