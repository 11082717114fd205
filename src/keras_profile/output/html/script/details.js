// @ts-check
// The fixed pane with all about what is selected.

import { button, clear, el, named } from "./dom.js";
import { KIND_NAMES } from "./frames.js";
import { phaseWords, printable, shorten } from "./words.js";

/** @import { Colours } from "./colours.js" */
/** @import { About, Child } from "./dom.js" */
/** @import { Frames } from "./frames.js" */

/** @typedef {[name: string, value: Child, about?: About]} Fact */
/** @typedef {[text: string, act: () => void, title: string]} Action */
/** @typedef {[frame: number, words: string, act: () => void]} Link */
/** @typedef {[title: string, links: Link[]]} LinkList */

/**
 * What is said of a frame; of a phase of -1 nothing is said.
 * @typedef {object} FrameDetails
 * @property {number} frame
 * @property {number} phase
 * @property {Fact[]} facts
 * @property {LinkList[]} [lists]
 * @property {Action[]} [actions]
 * @property {string} [note]
 */

/**
 * What is said of a part of a call.
 * @typedef {object} PartDetails
 * @property {string} title
 * @property {Fact[]} facts
 * @property {[phase: number, words: string, ns: number][]} phases
 * @property {Action[]} actions
 * @property {LinkList[]} lists
 * @property {string} note
 */

export class Details {
  /**
   * @param {Frames} frames
   * @param {Colours} colours
   */
  constructor(frames, colours) {
    this.frames = frames;
    this.colours = colours;
    this.element = el("aside", {
      class: "details",
      id: "details",
      "aria-label": "Details of the selected frame",
    });
  }

  /** @param {string} text why there is nothing to say */
  nothing(text) {
    clear(this.element, el("p", { class: "quiet" }, text));
  }

  /** @param {FrameDetails} details */
  show({ frame, phase, facts, lists = [], actions = [], note = "" }) {
    const { frames } = this;
    clear(
      this.element,
      el("h3", { class: "details-name" }, named(shorten(frames.name(frame), 4000))),
      phase >= 0 ? this.renderPhase(phase) : null,
      el("dl", { class: "facts" }, this.frameFacts(frame), facts.map(renderFact)),
      note ? el("p", { class: "quiet" }, note) : null,
      renderActions(actions),
      this.renderLists(lists),
    );
  }

  /** @param {PartDetails} details */
  part({ title, facts, phases, actions, lists, note }) {
    clear(
      this.element,
      el("h3", {}, title),
      el("dl", { class: "facts" }, facts.map(renderFact)),
      actions.length ? renderActions(actions) : null,
      phases.length ? this.renderPhases(phases) : null,
      this.renderLists(lists),
      note ? el("p", { class: "quiet" }, note) : null,
    );
  }

  /** @param {number} phase */
  renderPhase(phase) {
    const { colours } = this;
    const name = colours.phases[phase];
    return el(
      "p",
      { class: "details-phase" },
      colours.swatch(name),
      el("span", {}, phaseWords(name)),
      el("span", { class: "quiet" }, ` ${colours.meanings[phase]}`),
    );
  }

  /** @param {number} frame */
  frameFacts(frame) {
    const { frames } = this;
    const module = frames.module(frame);
    const file = frames.file(frame);
    const kind = frames.kind[frame];
    return [
      module ? renderFact(["module", named(shorten(module, 1000))]) : null,
      file ? renderFact(["file", this.renderFile(file, frames.line[frame])]) : null,
      kind && !frames.isPart(frame) ? renderFact(["kind", KIND_NAMES[kind]]) : null,
    ];
  }

  /**
   * @param {string} file
   * @param {number} line
   */
  renderFile(file, line) {
    const name = file.split(/[\\/]/).pop();
    return named(shorten(`${name}:${line}`, 300), { title: printable(shorten(file, 2000)) });
  }

  /** @param {PartDetails["phases"]} phases */
  renderPhases(phases) {
    const { colours } = this;
    return [
      el("h4", {}, "by phase"),
      el(
        "ul",
        { class: "part-phases" },
        phases.map(([phase, words, ns]) =>
          el(
            "li",
            {},
            el("span", {}, colours.swatch(colours.phases[phase]), phaseWords(colours.phases[phase])),
            el("span", { class: "number quiet", "data-ns": ns }, words),
          ),
        ),
      ),
    ];
  }

  /** @param {LinkList[]} lists */
  renderLists(lists) {
    return lists.map(([title, links]) =>
      links.length
        ? [
            el("h4", {}, title),
            el(
              "ul",
              { class: "links" },
              links.map((link) => this.renderLink(link)),
            ),
          ]
        : null,
    );
  }

  /** @param {Link} link */
  renderLink([frame, words, act]) {
    const name = named(this.frames.label(frame));
    const amount = el("span", { class: "number" }, words);
    return el("li", {}, el("button", { type: "button", on: { click: act } }, name, amount));
  }
}

/** @param {Fact} fact */
function renderFact([name, value, about = {}]) {
  return [el("dt", {}, name), el("dd", about, value)];
}

/** @param {Action[]} actions */
function renderActions(actions) {
  return el(
    "div",
    { class: "actions" },
    actions.map(([text, act, title]) => button(text, act, { title })),
  );
}
