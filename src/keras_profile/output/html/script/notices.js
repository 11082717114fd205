// @ts-check
// What the page says of itself: to who listens to it, to who looks at it, and what it copies.

import { byId, el } from "./dom.js";
import { printable, shorten } from "./words.js";

/**
 * Says something to who listens to the page.
 * @param {string} text
 */
export function say(text) {
  byId("said").textContent = text;
}

/**
 * Says something for a moment to who looks at the page, too.
 * @param {string} text
 */
export function flash(text) {
  say(text);
  document.getElementById("flash")?.remove();
  const note = el("div", { id: "flash", "aria-hidden": "true" }, text);
  document.body.append(note);
  setTimeout(() => note.remove(), 1600);
}

/**
 * Copies text and says so.
 * @param {string} text
 */
export async function copy(text) {
  flash((await isCopied(text)) ? copiedWords(text) : "The browser did not allow copying");
}

/**
 * @param {string} text
 * @returns {Promise<boolean>}
 */
async function isCopied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages from a file may not use the clipboard directly in every browser.
    const area = el("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }
}

/**
 * What is said of text that was copied.
 * @param {string} text
 */
export function copiedWords(text) {
  const lines = text.split("\n");
  return `Copied ${lines.length > 1 ? `${lines.length} frames` : printable(shorten(lines[0], 60))}`;
}
