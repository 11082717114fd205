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

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages from a file may not use the clipboard directly in every browser.
    const area = el("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say("copied");
}
