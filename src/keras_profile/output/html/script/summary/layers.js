// @ts-check
// The layers of the model by the time of their kernels: in sight where the model is most of a call.

import { el, named } from "../dom.js";
import { milliseconds, percent, plural, shorten } from "../words.js";
import { folded, plainTable } from "./tables.js";

/** @import { DeviceDivision, LayerShare, ReportContent } from "../content.d.ts" */
/** @import { Child } from "../dom.js" */

const TITLES = ["layer", "class", "ms", "share of kernels"];
/** The least share of the call at which the layers are part of the answer. */
const MOSTLY_MODEL = 0.5;
/** Layers in the answer; the others are in the fold below. */
const NAMED_LAYERS = 8;

/**
 * The most expensive layers, where the model is most of the call.
 * @param {ReportContent} report
 */
export function renderMostExpensiveLayers({ attribution }) {
  const { layers, devices, model_share: share } = attribution;
  if (!layers.length || share < MOSTLY_MODEL) return null;
  const more = layers.length - NAMED_LAYERS;
  return el(
    "div",
    { class: "layers scroller", tabindex: "0", role: "group", "aria-label": title(devices) },
    el("h3", {}, title(devices)),
    plainTable(TITLES, "llrr", layers.slice(0, NAMED_LAYERS).map(figures)),
    more > 0 ? el("p", { class: "quiet" }, `${plural(more, "more layer")}, in “Basis of the figures”`) : null,
  );
}

/**
 * All layers, in a fold.
 * @param {LayerShare[]} layers
 * @param {DeviceDivision[]} devices
 */
export function renderLayers(layers, devices) {
  if (!layers.length) return null;
  const rows = layers.map((one) => [...figures(one), named(shorten(one.ops.join(", "), 300))]);
  return folded(title(devices), plainTable([...TITLES, "ops"], "llrrl", rows));
}

/** @param {DeviceDivision[]} devices */
function title(devices) {
  return `Layers, by kernel time ${devices.length ? "on devices" : "on all threads"}`;
}

/**
 * @param {LayerShare} layer
 * @returns {Child[]}
 */
function figures(layer) {
  return [
    named(shorten(layer.layer, 200)),
    named(shorten(layer.class, 100)),
    milliseconds(layer.self_ns),
    percent(layer.share),
  ];
}
