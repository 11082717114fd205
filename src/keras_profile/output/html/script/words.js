// How figures and names are put into words.

const LONGEST_LABEL = 160;

/** A time in ms with three significant digits, as the other outputs of the program have it. */
function milliseconds(ns) {
  const value = ns / 1e6;
  if (!value) return "0";
  const exponent = Number(value.toExponential(2).split("e")[1]);
  return value.toFixed(Math.min(Math.max(2 - exponent, 0), 9));
}

/** A time in the unit that suits it. */
function duration(ns) {
  const [scale, unit] = ns >= 1e9 ? [1e9, "s"] : ns >= 1e6 ? [1e6, "ms"] : ns >= 1e3 ? [1e3, "µs"] : [1, "ns"];
  const value = ns / scale;
  return `${unit === "ns" ? Math.round(value) : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)} ${unit}`;
}

/** A share of 1 in percent. */
function percent(share) {
  if (share > 0 && share < 0.0005) return "<0.1%";
  return share >= 0.0995 ? `${Math.round(share * 100)}%` : `${(share * 100).toFixed(1)}%`;
}

/** An interval; one value where both ends read the same. */
function percents(bounds) {
  if (!bounds) return "";
  const [low, high] = bounds.map(percent);
  return low === high ? low : `${low}–${high}`;
}

/** How often, in few digits. */
function count(value) {
  if (Math.abs(value - Math.round(value)) < 0.005) return Math.round(value).toLocaleString("en");
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

function plural(number, one, many = one + "s") { return `${number.toLocaleString("en")} ${number === 1 ? one : many}`; }

/** Control characters, and what turns the direction of text around: shown, never obeyed. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** `text` on one line, with what cannot be seen made visible. */
function printable(text) {
  return String(text)
    .replace(UNPRINTABLE, (mark) => {
      const code = mark.charCodeAt(0);
      if (code < 0x20) return String.fromCharCode(0x2400 + code);
      return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
    })
    .replace(LONE_SURROGATE, "\ufffd");
}

/** A qualified name without the functions that a local one is defined in. */
function shortName(name) {
  const at = name.lastIndexOf("<locals>.");
  return at < 0 ? name : name.slice(at + 9);
}

function shorten(text, most) { return text.length > most ? `${start(text, most - 1)}…` : text; }

/** The first letters of a text; a letter of two parts is not cut in half. */
function start(text, letters) {
  const last = text.charCodeAt(letters - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? letters - 1 : letters);
}

/** A thread's name; of the long number that the system gave it the last digits are enough. */
function threadWords(name) { return shorten(printable(name).replace(/\/-?\d*(\d{4})$/, " …$1"), 80); }

/** The phase as a person reads it. */
function phaseWords(name) { return printable(name).replaceAll("_", " "); }
