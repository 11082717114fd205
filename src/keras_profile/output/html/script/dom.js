// Makes elements. Text is always set as text: nothing here takes markup.

/** An element; `about` has attributes, `on` listeners, `style` properties; children are nodes or text. */
function el(tag, about = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(about)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
    else if (name === "style") for (const [key, one] of Object.entries(value)) made.style.setProperty(key, one);
    else made.setAttribute(name, value === true ? "" : value);
  }
  put(made, ...children);
  return made;
}

/** Adds children; what is nothing is left out. */
function put(parent, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    parent.append(child);
  }
  return parent;
}

function clear(parent, ...children) { parent.replaceChildren(); return put(parent, ...children); }

function button(text, act, about = {}) { return el("button", { type: "button", ...about, on: { click: act } }, text); }

/** A name from a recording: text whose direction cannot touch what stands around it. */
function named(text, about = {}) { return el("bdi", { dir: "ltr", ...about }, printable(text)); }

function byId(id) { return document.getElementById(id); }

/** Tells something to who listens to the page. */
function say(text) { byId("said").textContent = text; }

/** Tells something for a moment to who looks at the page, too. */
function flash(text) {
  say(text);
  byId("flash")?.remove();
  const note = el("div", { id: "flash", "aria-hidden": "true" }, text);
  document.body.append(note);
  setTimeout(() => note.remove(), 1600);
}

async function copy(text) {
  let copied = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages from a file may not use the clipboard directly in every browser.
    const area = el("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    copied = document.execCommand("copy");
    area.remove();
  }
  const lines = text.split("\n");
  flash(copied ? `Copied ${lines.length > 1 ? `${lines.length} frames` : printable(shorten(lines[0], 60))}` : "The browser let nothing be copied");
}
