// @ts-check
// The state of the page, and the link that restores it.

const DEFAULTS = {
  view: "left",
  tree: "",
  noise: "hidden",
  node: "",
  from: "",
  to: "",
  call: "",
  box: "",
  mark: "",
  turn: "",
  frame: "",
  find: "",
  table: "",
  sort: "",
  phase: "",
};

/** @typedef {keyof typeof DEFAULTS} PlaceName */
/** @typedef {Record<PlaceName, string>} PlaceValues */

/**
 * What an address says, without what is unknown to the page.
 * @param {string} hash with its mark or without
 * @returns {Partial<PlaceValues>}
 */
export function readPlace(hash) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (Object.hasOwn(DEFAULTS, name)) found[name] = value;
  }
  return found;
}

/**
 * The address of a state, without what is as usual.
 * @param {Partial<PlaceValues>} values
 */
export function writePlace(values) {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== DEFAULTS[/** @type {PlaceName} */ (name)] && value !== "") parts.set(name, value);
  }
  return parts.toString();
}

/**
 * The number that a part of a state is, or -1.
 * @param {string} value
 */
export function numberIn(value) {
  return value === "" || Number.isNaN(Number(value)) ? -1 : Number(value);
}

export class Place {
  constructor() {
    /** @type {(() => void)[]} */
    this.listeners = [];
    /** @type {PlaceValues} */
    this.values = { ...DEFAULTS, ...readPlace(location.hash) };
    /** @type {number | undefined} */
    this.timer = undefined;
    addEventListener("hashchange", () => {
      const found = { ...DEFAULTS, ...readPlace(location.hash) };
      if (writePlace(found) === writePlace(this.values)) return;
      this.values = found;
      for (const listener of this.listeners) listener();
    });
  }

  /** @param {PlaceName} name */
  get(name) {
    return this.values[name];
  }

  /** @param {PlaceName} name */
  number(name) {
    return numberIn(this.values[name]);
  }

  /**
   * Changes the state, and the address a moment later.
   * @param {Partial<Record<PlaceName, string | number>>} changes
   */
  set(changes) {
    for (const [name, value] of Object.entries(changes)) {
      this.values[/** @type {PlaceName} */ (name)] = String(value);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.commit(), 120);
  }

  commit() {
    const written = writePlace(this.values);
    if (written === location.hash.slice(1)) return;
    try {
      history.replaceState(null, "", written ? `#${written}` : location.pathname + location.search);
    } catch {
      location.hash = written; // a page within a sandbox has no history to replace
    }
  }

  /** @param {() => void} listener called when the address was changed by hand */
  changed(listener) {
    this.listeners.push(listener);
  }

  link() {
    this.commit();
    return location.href;
  }
}
