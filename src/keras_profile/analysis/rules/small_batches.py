"""Arrays are cut into many small batches."""

from __future__ import annotations

from ...recorder.protocol.frameworks import KERAS_BATCH_SIZE
from ...wording import milliseconds, number, percent
from . import thresholds
from .batches import PER_BATCH, batches, per_batch_claims
from .evidence_view import View
from .rule import Answer, Found, NotFound, Rule


def judge(evidence: View) -> Answer:
    runs = batches(evidence)
    if evidence.workload("inputs")[0]["kind"] not in ("array", "tensor"):
        return NotFound("the input brings its own batches")
    if runs < thresholds.MANY_BATCHES:
        return NotFound(f"a call runs {number(runs)} batches")
    claims = per_batch_claims(evidence, with_fetching=True)
    cost = sum(claims.values())
    share = cost / max(evidence.total_ns, 1)
    if share < thresholds.LEAST_SHARE:
        return NotFound(f"what {number(runs)} batches cost beside the model is {percent(share)} of the call")
    shape = evidence.workload("inputs")[0]["shape"]
    rows = "the" if not shape or shape[0] is None else f"{shape[0]:,}"  # they vary in a program
    size = evidence.workload("batch_size") or KERAS_BATCH_SIZE
    spent = {phase: ns for phase, ns in claims.items() if ns > 0.01 * evidence.total_ns}
    lines = [
        (
            f"{number(runs)} batches of {size} rows each: {milliseconds(evidence.total_ns / runs)} ms "
            f"a batch, "
            f"{milliseconds(cost / runs)} ms of it are not the model's kernels"
        )
    ]
    lines += [
        f"{phase}: {milliseconds(ns)} ms, {percent(ns / evidence.total_ns)} of the call"
        for phase, ns in sorted(spent.items(), key=lambda item: -item[1])
    ]
    fixed = evidence.workload("layers") and _fixed_batch(evidence)
    return Found(
        f"{rows} rows are cut into {number(runs)} batches of {size}, which cost more than their rows "
        "({cost} ms a call)",
        claims,
        lines,
        recipes=("steps_per_execution",) if fixed else RULE.recipes,
    )


def _fixed_batch(evidence: View) -> bool:
    """Whether the model takes batches of one size only, so that they cannot be larger."""
    return any(one.get("stateful") for one in evidence.workload("layers"))


RULE = Rule(
    id="small_batches",
    title="Arrays are cut into many small batches",
    meaning=(
        "predict runs the model once for each batch of batch_size rows, 32 by default. Each batch costs a "
        "fetch, a call of the traced function, callbacks and a conversion, whatever its rows. For small "
        "models that is more than the model takes."
    ),
    recognised=(
        "A call on arrays runs many batches, and what they cost beside kernels has at least the least "
        "share of "
        "the call: " + ", ".join(PER_BATCH) + ", batch_fetching, and, where kernels were traced, the part "
        "of execution that no kernel accounts for."
    ),
    example="model.predict(a_million_rows)                    # 31,250 batches\n\n"
    "model.predict(a_million_rows, batch_size=8192)",
    sources=("https://github.com/keras-team/keras/issues/3517",),
    needs=("workload.inputs", "workload.batch_size", "workload.layers", "phases"),
    uses=("layers",),
    judge=judge,
    thresholds=("LEAST_SHARE", "PER_BATCH_NS", "MANY_BATCHES"),
    recipes=("larger_batch_size", "steps_per_execution", "predict_on_batch"),
)
