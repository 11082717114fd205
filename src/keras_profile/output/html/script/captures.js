// @ts-check
// What the page says of captures, by their names.

/**
 * What the warm calls of a capture are listed under in time order.
 * @type {Record<string, string>}
 */
export const CALL_GROUPS = {
  spans: "warm, exact internals (spans)",
  tensorflow: "warm, with TensorFlow's events and threads",
  pyinstrument: "warm, sampled: every Python function",
};
export const COLD_GROUP = "cold, exact (spans)";

/**
 * What a call in time order rests on.
 * @type {Record<string, string>}
 */
export const CALL_BASIS = {
  spans:
    "spans: exact, as measured and not scaled. " +
    "Each box is one call of an internal, or one garbage collection.",
  tensorflow:
    "tensorflow: TensorFlow's own events (paler) beneath the internals that they ran in, " +
    "other threads below; as measured, not scaled. " +
    "The colour of another thread's event is the phase that the calling thread was in.",
  pyinstrument:
    "pyinstrument: a box joins neighbouring samples that share a frame. " +
    "Its edges are as sure as the time between samples.",
};

/** Whose call is shown first in time order, the best before the others. */
export const USUAL_CALLS = ["tensorflow", "spans", "pyinstrument"];

/** Whose times are estimates. */
export const SAMPLING = "pyinstrument";

/**
 * How the trees are called.
 * @type {Record<string, string>}
 */
export const TREE_TITLES = { samples: "Samples", spans: "Spans" };

/** One mark for each capture, told apart by shape too. */
export const CAPTURE_MARKS = ["disc", "square", "up", "diamond", "down"];
