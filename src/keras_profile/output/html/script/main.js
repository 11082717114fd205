// @ts-check
// Starts the page: unpacks its data and puts it together.

import { App } from "./app.js";
import { unpackData } from "./data.js";
import { byId } from "./dom.js";

async function main() {
  const { dataset } = document.documentElement;
  try {
    new App(await takeData()).render();
    dataset.state = "ready";
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("drawn")));
  } catch (error) {
    const place = document.getElementById("loading") ?? byId("foot");
    const words = error instanceof Error ? error.message : String(error);
    place.textContent = `The report could not be shown: ${words}`;
    dataset.state = "failed";
    throw error;
  }
}

/** The data of the page, which needs its packed form no longer. */
async function takeData() {
  if (!("DecompressionStream" in window)) {
    throw new Error("this browser cannot unpack the report (no DecompressionStream); use a newer one");
  }
  const element = byId("data");
  const content = await unpackData(element.textContent ?? "");
  element.remove();
  return content;
}

main();
