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
        title="tf.data runs its functions as Python, since its debug mode is on ({cost} ms a call)",
        lines=[
            (
                "tf.data.experimental.enable_debug_mode() is set: functions of map, filter and others "
                "run op by op "
                "for each element, one after the other"
            ),
            time_line(evidence, "waiting for batches", sum(claims.values())),
        ],
    )


RULE = Rule(
    id="data_debug_mode",
    title="tf.data runs its functions as Python",
    meaning=(
        "tf.data.experimental.enable_debug_mode() is for finding mistakes in a pipeline: its functions run "
        "as Python, without graphs and on one thread. So do the pipelines that Keras makes."
    ),
    recognised="The switch is on, and waiting for batches has at least the least share of the call.",
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
