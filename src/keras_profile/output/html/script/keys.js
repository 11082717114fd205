// Keys, and the list of them.

const KEYS = [
  ["1 2 3 4", "left heavy, time order, sandwich, table"],
  ["/ or Ctrl F", "search; Enter goes to the next match, Esc clears"],
  ["n  N", "next match, match before"],
  ["arrows", "select the box above, below, beside"],
  ["Enter", "zoom to what is selected"],
  ["w s + −", "zoom in, out; also Ctrl and wheel, or two fingers"],
  ["a d", "pan; also drag or Shift and wheel"],
  ["drag", "on the axis, or anywhere with Shift: marks a part of a call, or zooms to it"],
  ["0", "show all"],
  ["Backspace", "one step out"],
  ["c", "hide or show wrappers and the standard library"],
  ["x", "samples or spans"],
  ["i", "invert: functions by their own time, below each who called it"],
  ["[ ]", "call before, next call"],
  ["y  Y", "copy the frame, the stack"],
  ["l", "copy a link to this view"],
  ["t", "light, dark, as the system has it"],
  ["?", "this list"],
];

class Help {
  constructor() {
    this.dialog = el("dialog", { id: "help", "aria-labelledby": "help-title" },
      el("h2", { id: "help-title" }, "Keys"),
      el("dl", { class: "keys" }, KEYS.map(([keys, meaning]) => [el("dt", {}, keys.split(/(?<=\S) (?=\S)|  /).map((key) =>
        ["or", "and"].includes(key) ? ` ${key} ` : el("kbd", {}, key))), el("dd", {}, meaning)])),
      el("p", { class: "quiet" }, "Click a box in left heavy to zoom in; in the other views click selects and a double click zooms or chooses."),
      el("form", { method: "dialog" }, el("button", { autofocus: true }, "Close")));
    document.body.append(this.dialog);
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
  }
  open() { if (!this.dialog.open) this.dialog.showModal(); }
}

function listenToKeys(app) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || app.help.dialog.open) return;
    const typing = event.target instanceof Element && event.target.closest("input[type=search], textarea, select");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f" && !event.shiftKey && app.seesExplorer()) {
      event.preventDefault();
      app.find.focus();
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      1: () => app.turnTo("left"), 2: () => app.turnTo("time"), 3: () => app.turnTo("sandwich"), 4: () => app.turnTo("table"),
      "/": () => app.find.focus(), n: () => app.find.step(1), N: () => app.find.step(-1), c: () => app.toggleNoise(), x: () => app.nextTree(), i: () => app.toggleTurn(),
      "[": () => app.stepCall(-1), "]": () => app.stepCall(1), 0: () => app.view.reset(), Backspace: () => app.view.back(),
      Escape: () => app.escape(), t: () => app.nextTheme(), l: () => copy(app.place.link()), "?": () => app.help.open(),
      y: () => app.copySelection(false), Y: () => app.copySelection(true),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
