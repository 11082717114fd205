// The fixed pane that tells all about what is selected, and the note that follows the mouse.

class Details {
  constructor(app) {
    this.app = app;
    this.element = el("aside", { class: "details", id: "details", "aria-label": "Details of the selected frame" });
  }

  nothing(text) { clear(this.element, el("p", { class: "quiet" }, text)); }

  /** `facts` are [name, value] pairs; `lists` are [title, [[frame, words, act]]]. */
  show({ frame, phase, facts, lists = [], actions = [], note = "" }) {
    const { frames, colours } = this.app;
    const module = frames.module(frame), file = frames.file(frame), line = frames.line[frame];
    clear(this.element,
      el("h3", { class: "details-name" }, named(shorten(frames.name(frame), 4000))),
      phase >= 0 ? el("p", { class: "details-phase" }, colours.swatch(colours.phases[phase]),
        el("span", {}, phaseWords(colours.phases[phase])), el("span", { class: "quiet" }, ` ${colours.meanings[phase]}`)) : null,
      el("dl", { class: "facts" },
        module ? fact("module", named(shorten(module, 1000))) : null,
        file ? fact("file", [named(shorten(`${file.split(/[\\/]/).pop()}:${line}`, 300), { title: printable(shorten(file, 2000)) })]) : null,
        frames.kind[frame] && frames.kind[frame] !== PART_KIND ? fact("kind", KIND_NAMES[frames.kind[frame]]) : null,
        facts.map(([name, value, about]) => fact(name, value, about))),
      note ? el("p", { class: "quiet" }, note) : null,
      this.actions(actions),
      this.lists(lists));
  }

  /** What a part of a call has: `phases` are [phase, words, ns]. */
  part({ title, facts, phases, actions, lists, note }) {
    const { colours } = this.app;
    clear(this.element,
      el("h3", {}, title),
      el("dl", { class: "facts" }, facts.map(([name, value, about]) => fact(name, value, about))),
      actions.length ? this.actions(actions) : null,
      phases.length ? [el("h4", {}, "by phase"), el("ul", { class: "part-phases" }, phases.map(([phase, words, ns]) => el("li", {},
        el("span", {}, colours.swatch(colours.phases[phase]), phaseWords(colours.phases[phase])), el("span", { class: "number quiet", "data-ns": ns }, words))))] : null,
      this.lists(lists),
      note ? el("p", { class: "quiet" }, note) : null);
  }

  actions(actions) { return el("div", { class: "actions" }, actions.map(([text, act, title]) => button(text, act, { title }))); }

  lists(lists) {
    return lists.map(([title, rows]) => rows.length ? [el("h4", {}, title), el("ul", { class: "links" }, rows.map(([its, words, act]) => el("li", {},
      el("button", { type: "button", on: { click: act } }, named(this.app.frames.label(its)), el("span", { class: "number" }, words)))))] : null);
  }
}

function fact(name, value, about = {}) { return [el("dt", {}, name), el("dd", about, value)]; }

class Tip {
  constructor() { this.element = byId("tip"); }
  hide() { this.element.hidden = true; }
  show(event, ...children) {
    clear(this.element, ...children);
    this.element.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const x = Math.min(event.clientX + 14, innerWidth - width - 8);
    const y = event.clientY + 18 + height > innerHeight ? event.clientY - height - 12 : event.clientY + 18;
    this.element.style.setProperty("transform", `translate(${Math.max(4, x)}px, ${Math.max(4, y)}px)`);
  }
}
