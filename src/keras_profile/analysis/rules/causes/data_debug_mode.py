"""tf.data runs its functions as Python."""

from __future__ import annotations

from ..evidence_view import View
from ..rule import Answer, CannotTell, NotFound, Rule
from ..shared.claiming import claim, time_line
from ..shared.thresholds import LEAST_SHARE
from ..shared.waiting import waiting_claims


def judge(evidence: View) -> Answer:
    if not evidence.workload("switches").data_debug_mode:
        return NotFound("tf.data's debug mode is off")
    claims = waiting_claims(evidence)
    if isinstance(claims, CannotTell):
        return claims
    return claim(
        evidence,
        claims,
        "waiting for batches is",
        title="tf.data runs its functions as Python: its debug mode is on ({cost} ms a call)",
        lines=[
            (
                "tf.data.experimental.enable_debug_mode() is set: the functions of map, filter and others "
                "run op by op, one element at a time"
            ),
            time_line(evidence, "waiting for batches", sum(claims.values())),
        ],
    )


RULE = Rule(
    id="data_debug_mode",
    title="tf.data runs its functions as Python",
    meaning=(
        "tf.data.experimental.enable_debug_mode() is for debugging a pipeline: its functions run as Python, "
        "without graphs and on one thread. It also affects the pipelines that Keras builds."
    ),
    advice="remove `tf.data.experimental.enable_debug_mode()`",
    recognised="Debug mode is on, and waiting for batches takes at least LEAST_SHARE of the call.",
    example=(
        "tf.data.experimental.enable_debug_mode()  # left on\nmodel.predict(paths.map(decode).batch(32))\n\n"
        "model.predict(paths.map(decode).batch(32))"
    ),
    sources=("https://www.tensorflow.org/api_docs/python/tf/data/experimental/enable_debug_mode",),
    needs=("workload.switches", "phases"),
    uses=("native", "layers"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
)
