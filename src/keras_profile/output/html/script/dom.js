// @ts-check
// Makes elements. Text is always set as text: nothing here takes markup.

import { printable } from "./words.js";

/**
 * What may stand in an element: nodes and text; of nothing nothing is made.
 * @typedef {Node | string | number | null | undefined | false | readonly Child[]} Child
 */

/** @typedef {string | number | boolean | null | undefined} Attribute */

/**
 * Listeners of an element by the name of their event.
 * @typedef {{ [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void }} Listeners
 */

/**
 * Attributes of an element by name; `on` has listeners, `style` properties.
 * @typedef {{ on?: Listeners, style?: Record<string, string>,
 *   [name: string]: Attribute | Listeners | Record<string, string> }} About
 */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {About} [about]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, about = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(about)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") {
      for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
    } else if (name === "style") {
      for (const [key, one] of Object.entries(value)) made.style.setProperty(key, one);
    } else made.setAttribute(name, value === true ? "" : String(value));
  }
  put(made, ...children);
  return made;
}

/**
 * Adds children; what is nothing is left out.
 * @template {Element} Parent
 * @param {Parent} parent
 * @param {...Child} children
 */
export function put(parent, ...children) {
  for (const child of children) {
    if (child === undefined || child === null || child === false) continue;
    if (isList(child)) put(parent, ...child);
    else parent.append(typeof child === "number" ? String(child) : child);
  }
  return parent;
}

/**
 * @param {Child} child
 * @returns {child is readonly Child[]}
 */
function isList(child) {
  return Array.isArray(child);
}

/**
 * Puts children in place of those that an element has.
 * @template {Element} Parent
 * @param {Parent} parent
 * @param {...Child} children
 */
export function clear(parent, ...children) {
  parent.replaceChildren();
  return put(parent, ...children);
}

/**
 * @param {string} text
 * @param {() => void} act
 * @param {About} [about]
 */
export function button(text, act, about = {}) {
  return el("button", { type: "button", ...about, on: { click: act } }, text);
}

/**
 * A name from a recording: text whose direction cannot touch what stands around it.
 * @param {unknown} text
 * @param {About} [about]
 */
export function named(text, about = {}) {
  return el("bdi", { dir: "ltr", ...about }, printable(text));
}

/**
 * A sentence of a report: what stands between backticks in it is code.
 * @param {unknown} text
 * @returns {Child[]}
 */
export function prose(text) {
  const parts = String(text).split("`");
  if (parts.length % 2 === 0) return [named(text)];
  return parts.map((part, at) => (at % 2 ? el("code", {}, named(part)) : named(part)));
}

/**
 * An element that `page.html` has.
 * @param {string} id
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element #${id}`);
  return found;
}

/**
 * What a canvas is drawn with.
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export function penOf(canvas, settings) {
  const pen = canvas.getContext("2d", settings);
  if (!pen) throw new Error("this browser cannot draw on a canvas");
  return pen;
}

/**
 * Gives a canvas its size on the page and, by the fineness of the screen, in its own pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @param {number} ratio
 */
export function sizeCanvas(canvas, width, height, ratio) {
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.setProperty("width", `${width}px`);
  canvas.style.setProperty("height", `${height}px`);
}
