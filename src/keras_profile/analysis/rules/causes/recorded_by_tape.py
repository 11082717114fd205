"""A GradientTape records inference."""

from __future__ import annotations

from ....model.evidence import FunctionCost
from ....number_words import milliseconds
from ..evidence_view import View, missing_text
from ..rule import Answer, CannotTell, NotFound, Rule
from ..shared.claiming import claim
from ..shared.thresholds import LEAST_SHARE

#: TensorFlow's functions that do a tape's work: for graphs (the outermost of the two counts), and for
#: eager ops and variables.
_OF_GRAPHS, _OF_OPS = ("record", "record_operation"), ("record_gradient", "variable_accessed")


def judge(evidence: View) -> Answer:
    if not evidence.workload("switches").tape:
        return NotFound("no GradientTape records the call")
    if not evidence.has("functions"):
        return CannotTell(missing_text("functions"))
    graphs, ops = _costs(evidence, _OF_GRAPHS), _costs(evidence, _OF_OPS)
    ns = max((one.total_ns for one in graphs), default=0) + sum(one.total_ns for one in ops)
    phase = max(("execution", "eager_execution"), key=evidence.ns)
    return claim(
        evidence,
        {phase: float(min(ns, evidence.ns(phase)))},
        "recording on a GradientTape is",
        title="A GradientTape records the call and keeps what it computes ({cost} ms a call)",
        lines=[
            (
                "the call runs inside `with tf.GradientTape()`: for each op or graph, the tape keeps what "
                "its gradient needs"
            ),
            *(
                f"{one.name}: {milliseconds(one.total_ns)} ms, {one.count_per_call:g} times a call"
                for one in [*graphs[:1], *ops]
            ),
            "if you do not need the gradient, call the model outside the tape or in tape.stop_recording()",
        ],
        sure="read from the thread in its first call; from the calls that cProfile counted",
    )


def _costs(evidence: View, names: tuple[str, ...]) -> list[FunctionCost]:
    return [
        function
        for function in evidence.functions
        if function.name in names and "tensorflow" in function.file and "eager" in function.file
    ]


RULE = Rule(
    id="recorded_by_tape",
    title="A GradientTape records inference",
    meaning=(
        "Inside `with tf.GradientTape()`, TensorFlow records everything that a gradient would need. A graph "
        "returns every intermediate result, eager ops are recorded one by one, and all of it stays in memory "
        "as long as the tape does."
    ),
    advice="call the model outside `with tf.GradientTape()`, or within `tape.stop_recording()`",
    recognised=(
        "A tape was active on the thread in the first call, and by cProfile the functions that do its work "
        "take at least LEAST_SHARE of the call."
    ),
    example=(
        "with tf.GradientTape() as tape:\n    scores = model.predict_on_batch(rows)  # no gradient\n"
        "    loss = ...\n\n"
        "scores = model.predict_on_batch(rows)\nwith tf.GradientTape() as tape:\n    loss = ..."
    ),
    sources=("https://www.tensorflow.org/api_docs/python/tf/GradientTape#stop_recording",),
    needs=("workload.switches", "phases"),
    uses=("functions",),
    judge=judge,
    thresholds=(LEAST_SHARE,),
)
