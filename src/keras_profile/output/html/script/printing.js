// @ts-check
// The page on paper: light, and with nothing folded, for paper has no way to unfold it.

/** @import { App } from "./app.js" */

/** @param {App} app */
export function listenToPrinting(app) {
  /** @type {HTMLDetailsElement[]} */
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details.fold:not([open])")].filter(
      (one) => one instanceof HTMLDetailsElement,
    );
    for (const one of unfolded) one.open = true;
    app.theme.show("light");
    // Paper does not wait until the screen is drawn.
    for (const flame of app.explorer.view.flames) flame.paint();
  });
  addEventListener("afterprint", () => {
    for (const one of unfolded) one.open = false;
    app.theme.apply();
  });
}
