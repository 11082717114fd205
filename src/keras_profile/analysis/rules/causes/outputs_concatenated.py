"""Large outputs are collected and concatenated."""

from __future__ import annotations

from ....number_words import milliseconds, number, percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule, Threshold
from ..shared.batches import batches
from ..shared.claiming import time_line
from ..shared.thresholds import LEAST_SHARE

OUTPUT_NS_PER_BATCH = Threshold(
    "OUTPUT_NS_PER_BATCH",
    1_000_000,
    "ns of collecting outputs per batch: batches of one number each take a tenth of it or less, so more is "
    "due to their size",
)

_CONCATENATORS = (
    "potentially_ragged_concat",
    "concat",
    "ConcatAggregator.finalize",
    "SliceAggregator.finalize",
    "OutputsAggregator.finalize",
)


def judge(evidence: View) -> Answer:
    ns, share = float(evidence.ns("output_assembly")), evidence.share("output_assembly")
    runs = max(batches(evidence), 1.0)
    # Small outputs cost by the number of batches: another rule covers them.
    large = ns >= OUTPUT_NS_PER_BATCH * runs
    if share < LEAST_SHARE or runs < 2 or not large:
        return NotFound(f"collecting outputs is {percent(share)} of the call")
    joining = [internal for internal in evidence.internals if internal.qualname in _CONCATENATORS]
    return Found(
        "Large outputs of all batches are kept and concatenated at the end ({cost} ms a call)",
        {"output_assembly": ns},
        [
            f"{time_line(evidence, 'output_assembly', ns)}, for {number(runs)} batches",
            *(
                f"{internal.qualname}: {milliseconds(internal.total_ns)} ms, "
                f"{number(internal.count_per_call)} times a call"
                for internal in joining[:2]
            ),
        ],
    )


RULE = Rule(
    id="outputs_concatenated",
    title="Large outputs are collected and concatenated",
    meaning=(
        "predict keeps the outputs of all batches and joins them into one array at the end, so they are in "
        "memory twice for a while. For gigabytes this takes longer than the model."
    ),
    advice="write each batch into an array that is made beforehand, or use a larger `batch_size`",
    recognised=(
        "The call has two or more batches. Collecting their outputs takes at least LEAST_SHARE of the call, "
        "and at least OUTPUT_NS_PER_BATCH per batch."
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
