"""Large outputs are collected and concatenated."""

from __future__ import annotations

from ....wording import milliseconds, number, percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule, Threshold
from ..shared.batches import batches
from ..shared.thresholds import LEAST_SHARE

OUTPUT_NS_PER_BATCH = Threshold(
    "OUTPUT_NS_PER_BATCH",
    1_000_000,
    "ns of collecting outputs for each batch: batches of one number each take a tenth of it or less, so "
    "what is above is their size",
)

_CONCATENATORS = (
    "potentially_ragged_concat",
    "concat",
    "ConcatAggregator.finalize",
    "SliceAggregator.finalize",
    "OutputsAggregator.finalize",
)
_CONVERTERS = ("convert_to_np_if_not_ragged",)


def judge(evidence: View) -> Answer:
    ns, share = evidence.ns("output_assembly"), evidence.share("output_assembly")
    runs = max(batches(evidence), 1.0)
    joined = [one for one in evidence.internals if one.qualname in _CONCATENATORS]
    # Small outputs of many batches cost by their number: another rule has them.
    large = ns >= OUTPUT_NS_PER_BATCH * runs
    if share < LEAST_SHARE or runs < 2 or not large:
        return NotFound(f"collecting outputs is {percent(share)} of the call")
    lines = [
        (f"output_assembly: {milliseconds(ns)} ms, {percent(share)} of the call, for {number(runs)} batches")
    ]
    lines += [
        f"{one.qualname}: {milliseconds(one.total_ns)} ms, {number(one.count_per_call)} times a call"
        for one in joined[:2]
    ]
    return Found(
        "Large outputs of all batches are kept, and concatenated at the end ({cost} ms a call)",
        {"output_assembly": float(ns)},
        lines,
    )


RULE = Rule(
    id="outputs_concatenated",
    title="Large outputs are collected and concatenated",
    meaning=(
        "predict keeps the outputs of all batches and makes one array of them at the end, so "
        "that they are twice in memory for a while. For gigabytes this takes longer than the model."
    ),
    recognised=(
        "Outputs of two batches or more are collected, which has at least the least share of the call and "
        "takes longer for each batch than small outputs do."
    ),
    example=(
        "masks = model.predict(images)         # gigabytes\n\n"
        "for start in range(0, len(images), 32):\n"
        "    masks[start:start + 32] = model.predict_on_batch(images[start:start + 32])"
    ),
    sources=(
        "https://github.com/tensorflow/tensorflow/issues/44986",
        "https://github.com/keras-team/keras/issues/21642",
    ),
    needs=("phases", "internals"),
    judge=judge,
    thresholds=(LEAST_SHARE, OUTPUT_NS_PER_BATCH),
    recipes=("preallocated_outputs", "larger_batch_size"),
)
