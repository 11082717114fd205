// @ts-check
// Light, dark, or as the system has it; kept in the browser for all pages.

import { byId } from "./dom.js";

const KEY = "keras_profile.theme";
const THEMES = ["system", "light", "dark"];

/**
 * The theme after this one.
 * @param {string} theme
 */
export function themeAfter(theme) {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
}

export class Theme {
  /** @param {() => void} changed draws what has the colours of the theme */
  constructor(changed) {
    this.changed = changed;
    this.last = "system";
  }

  /** The one that was chosen. */
  get chosen() {
    try {
      const kept = localStorage.getItem(KEY);
      return kept !== null && THEMES.includes(kept) ? kept : "system";
    } catch {
      return this.last;
    }
  }

  next() {
    this.last = themeAfter(this.chosen);
    try {
      localStorage.setItem(KEY, this.last);
    } catch {
      // a page without storage forgets its theme
    }
    this.apply();
  }

  apply() {
    const { chosen } = this;
    byId("theme").textContent = `Theme: ${chosen}`;
    this.show(chosen);
  }

  /** @param {string} theme */
  show(theme) {
    document.documentElement.dataset.theme = theme;
    this.changed();
  }
}
