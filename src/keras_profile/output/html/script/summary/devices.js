// @ts-check
// GPUs and TPUs beside the host: how busy each was in a traced call, what it waited for, what it ran.

import { el, named } from "../dom.js";
import { milliseconds, percent, phaseWords, shorten } from "../words.js";
import { folded, plainTable } from "./tables.js";

/** @import { DeviceDivision } from "../content.d.ts" */

/** Phases in which a device waits that are named in the answer. */
const NAMED = 3;

/**
 * How busy each device was, in the answer.
 * @param {DeviceDivision[]} devices
 */
export function renderBusy(devices) {
  if (!devices.length) return null;
  return el(
    "div",
    { class: "devices" },
    el("h3", {}, "GPUs and TPUs in a traced call"),
    devices.map(renderOne),
  );
}

/** @param {DeviceDivision} device */
function renderOne(device) {
  const busy = `busy ${percent(device.busy_share)} (${milliseconds(device.busy_ns)} ms)`;
  const waits = device.waits
    .slice(0, NAMED)
    .map((one) => `${percent(one.share)} in ${phaseWords(one.phase)}`)
    .join(", ");
  return el(
    "p",
    {},
    named(shorten(device.device, 200)),
    `: ${busy}`,
    waits ? `; while it is idle, the host is ${waits}` : null,
  );
}

/**
 * Everything about each device, in folds.
 * @param {DeviceDivision[]} devices
 */
export function renderDevices(devices) {
  return devices.map((device) => {
    const waits = device.waits.map((one) => [
      named(phaseWords(one.phase)),
      milliseconds(one.idle_ns),
      percent(one.share),
    ]);
    const copies = device.copies.map((one) => [
      one.direction,
      milliseconds(one.self_ns),
      one.count_per_step.toLocaleString("en"),
      one.bytes_per_step === null ? "" : one.bytes_per_step.toLocaleString("en"),
    ]);
    const kernels = device.kernels.map((one) => [
      named(shorten(one.op, 200)),
      milliseconds(one.self_ns),
      percent(one.share),
      one.count_per_step.toLocaleString("en"),
    ]);
    return folded(`${shorten(device.device, 200)}: what it waited for and ran`, [
      plainTable(["while it is idle, the host is in", "ms", "share"], "lrr", waits),
      copies.length ? plainTable(["copies", "ms", "times per call", "bytes"], "lrrr", copies) : null,
      kernels.length ? plainTable(["kernels by op", "ms", "share", "times per call"], "lrrr", kernels) : null,
    ]);
  });
}
