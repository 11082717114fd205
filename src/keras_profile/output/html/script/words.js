// @ts-check
// How figures and names are put into words.

export const LONGEST_LABEL = 160;

/**
 * A time in ms with three significant digits, as the other outputs of the program have it.
 * @param {number} ns
 */
export function milliseconds(ns) {
  const value = ns / 1e6;
  if (!value) return "0";
  const exponent = Number(value.toExponential(2).split("e")[1]);
  return value.toFixed(Math.min(Math.max(2 - exponent, 0), 9));
}

/**
 * Units of time in ns, the greatest first.
 * @type {[scale: number, unit: string][]}
 */
const UNITS = [
  [1e9, "s"],
  [1e6, "ms"],
  [1e3, "µs"],
  [1, "ns"],
];

/**
 * The unit that suits a time.
 * @param {number} ns
 */
function unitFor(ns) {
  return UNITS.find(([scale]) => ns >= scale) ?? UNITS[UNITS.length - 1];
}

/**
 * A time in the unit that suits it.
 * @param {number} ns
 */
export function duration(ns) {
  const [scale, unit] = unitFor(ns);
  const value = ns / scale;
  const digits = scale === 1 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit}`;
}

/**
 * A share of 1 in percent.
 * @param {number} share
 */
export function percent(share) {
  if (share > 0 && share < 0.0005) return "<0.1%";
  return share >= 0.0995 ? `${Math.round(share * 100)}%` : `${(share * 100).toFixed(1)}%`;
}

/**
 * An interval of shares; one value where both ends read the same.
 * @param {[number, number] | null} bounds
 */
export function percents(bounds) {
  if (!bounds || bounds[0] === bounds[1]) return "";
  const [low, high] = bounds.map(percent);
  return low === high ? low : `${low}–${high}`;
}

/**
 * How often, in few digits.
 * @param {number} value
 */
export function count(value) {
  if (Math.abs(value - Math.round(value)) < 0.005) return Math.round(value).toLocaleString("en");
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

/**
 * @param {number} number
 * @param {string} one
 * @param {string} [many]
 */
export function plural(number, one, many = one + "s") {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** Control characters, and what turns the direction of text around: shown, never obeyed. */
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * `text` on one line, with what cannot be seen made visible.
 * @param {unknown} text
 */
export function printable(text) {
  return String(text)
    .replace(UNPRINTABLE, (mark) => {
      const code = mark.charCodeAt(0);
      if (code < 0x20) return String.fromCharCode(0x2400 + code);
      return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
    })
    .replace(LONE_SURROGATE, "\ufffd");
}

/**
 * A qualified name without the functions that a local one is defined in.
 * @param {string} name
 */
export function shortName(name) {
  const at = name.lastIndexOf("<locals>.");
  return at < 0 ? name : name.slice(at + 9);
}

/**
 * @param {string} text
 * @param {number} most letters that it may have
 */
export function shorten(text, most) {
  return text.length > most ? `${start(text, most - 1)}…` : text;
}

/**
 * The first letters of a text; a letter of two parts is not cut in half.
 * @param {string} text
 * @param {number} letters
 */
export function start(text, letters) {
  const last = text.charCodeAt(letters - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? letters - 1 : letters);
}

/**
 * A thread's name; of the long number that the system gave it the last digits are enough.
 * @param {string} name
 */
export function threadWords(name) {
  return shorten(printable(name).replace(/\/-?\d*(\d{4})$/, " …$1"), 80);
}

/**
 * The phase as a person reads it.
 * @param {string} name
 */
export function phaseWords(name) {
  return printable(name).replaceAll("_", " ");
}

/**
 * A place on an axis of time, as fine as the step from one to the next asks for.
 * @param {number} ns
 * @param {number} step
 */
export function axisWords(ns, step) {
  const [scale, unit] = unitFor(step * 10);
  return `${Number((ns / scale).toFixed(3))} ${unit}`;
}
