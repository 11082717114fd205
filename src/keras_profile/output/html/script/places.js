// The state of the page, and the link that restores it.

const DEFAULTS = {
  view: "left", tree: "", noise: "hidden", node: "", from: "", to: "", call: "", box: "", mark: "", turn: "", frame: "", find: "", table: "",
  sort: "", phase: "" };

class Place {
  constructor() {
    this.listeners = [];
    this.values = { ...DEFAULTS, ...Place.read() };
    addEventListener("hashchange", () => {
      const found = { ...DEFAULTS, ...Place.read() };
      if (Place.write(found) === Place.write(this.values)) return;
      this.values = found;
      for (const listener of this.listeners) listener();
    });
  }

  static read() {
    const found = {};
    for (const [name, value] of new URLSearchParams(location.hash.slice(1))) if (Object.hasOwn(DEFAULTS, name)) found[name] = value;
    return found;
  }

  static write(values) {
    const parts = new URLSearchParams();
    for (const [name, value] of Object.entries(values)) if (value !== DEFAULTS[name] && value !== "") parts.set(name, value);
    return parts.toString();
  }

  get(name) { return this.values[name]; }
  number(name) { const value = this.values[name]; return value === "" || Number.isNaN(Number(value)) ? -1 : Number(value); }

  /** Changes the state, and the address a moment later. */
  set(changes) {
    for (const [name, value] of Object.entries(changes)) this.values[name] = value === null ? "" : String(value);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.commit(), 120);
  }

  commit() {
    const written = Place.write(this.values);
    if (written === location.hash.slice(1)) return;
    try {
      history.replaceState(null, "", written ? `#${written}` : location.pathname + location.search);
    } catch {
      location.hash = written; // a page within a sandbox has no history to replace
    }
  }

  changed(listener) { this.listeners.push(listener); }

  link() { this.commit(); return location.href; }
}
