"""Arrays are split into many small batches."""

from __future__ import annotations

from collections.abc import Sequence

from ....model.workload import Input, Layer
from ....number_words import milliseconds, number
from ....recorder.protocol.frameworks import KERAS_BATCH_SIZE
from ...given_numbers import whole
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule
from ..shared.batches import PER_BATCH, batches, per_batch_claims
from ..shared.claiming import claim, phase_lines
from ..shared.thresholds import LEAST_SHARE, MANY_BATCHES, PER_BATCH_NS


def judge(evidence: View) -> Answer:
    inputs: list[Input] = evidence.workload("inputs")
    if not inputs or inputs[0].kind not in ("array", "tensor"):
        return NotFound("the input brings its own batches")
    runs = batches(evidence)
    if runs < MANY_BATCHES:
        return NotFound(f"a call runs {number(runs)} batches")
    claims = per_batch_claims(evidence)
    cost = sum(claims.values())
    size = whole(evidence.workload("batch_size"), KERAS_BATCH_SIZE)
    return claim(
        evidence,
        claims,
        f"the cost of {number(runs)} batches beside the model is",
        title=(
            f"{_rows(inputs[0].shape)} rows are split into {number(runs)} batches of {size}, which cost more "
            "than their rows ({cost} ms a call)"
        ),
        lines=[
            (
                f"{number(runs)} batches of {size} rows each: {milliseconds(evidence.total_ns / runs)} ms "
                f"a batch, {milliseconds(cost / runs)} ms of it outside the model's kernels"
            ),
            *phase_lines(evidence, claims),
        ],
        recipes=("steps_per_execution",) if _has_fixed_batch(evidence) else RULE.recipes,
    )


def _rows(shape: Sequence[int | None] | None) -> str:
    """How many rows the array has, if that is known: in a program they vary."""
    if not shape or shape[0] is None:
        return "the"
    return f"{shape[0]:,}"


def _has_fixed_batch(evidence: View) -> bool:
    """Whether the model takes batches of one size only, so they cannot be larger."""
    layers: list[Layer] = evidence.workload("layers")
    return any(layer.stateful for layer in layers)


RULE = Rule(
    id="small_batches",
    title="Arrays are split into many small batches",
    meaning=(
        "predict runs the model once for each batch of batch_size rows, 32 by default. Each batch costs a "
        "fetch, a call of the traced function, callbacks and a conversion, whatever its size. For small "
        "models that takes longer than the model."
    ),
    advice="pass a larger `batch_size`",
    recognised=(
        "A call on arrays runs at least MANY_BATCHES batches, and their cost outside kernels is at least "
        "LEAST_SHARE of the call: " + ", ".join(PER_BATCH) + ", batch_fetching, and, if kernels were traced, "
        "the part of execution that no kernel accounts for."
    ),
    example="model.predict(a_million_rows)                    # 31,250 batches\n\n"
    "model.predict(a_million_rows, batch_size=8192)",
    sources=("https://github.com/keras-team/keras/issues/3517",),
    needs=("workload.inputs", "workload.batch_size", "workload.layers", "phases"),
    uses=("layers",),
    judge=judge,
    thresholds=(LEAST_SHARE, PER_BATCH_NS, MANY_BATCHES),
    recipes=("larger_batch_size", "steps_per_execution", "predict_on_batch"),
    multiplies=True,
)
