"""XLA compiles again for each new shape."""

from __future__ import annotations

from ....wording import milliseconds, percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared.thresholds import LEAST_SHARE


def judge(evidence: View) -> Answer:
    if not evidence.workload("jit_compile"):
        return NotFound("the model is not compiled by XLA (jit_compile is off)")
    shapes = evidence.workload("input_shapes")
    if len({str(shape) for shape in shapes}) < 2:
        return NotFound("all calls have the same shapes, which XLA compiles once")
    if evidence.share("execution") < LEAST_SHARE:
        return NotFound(
            f"running the model, compiling included, is {percent(evidence.share('execution'))} of the call"
        )
    lines = _compiling(evidence)
    seen = ", then ".join(str(tuple(tuple(one) for one in shape)) for shape in shapes[:3])
    return Found(
        "XLA compiles the model again for each new shape ({cost} ms a call with running it)",
        {"execution": float(evidence.ns("execution"))},
        [
            "jit_compile is on, and a program of XLA is for one shape only",
            f"the calls' shapes differ: {seen}",
            *lines,
        ],
    )


def _compiling(evidence: View) -> list[str]:
    """The compiler's own events, where they were traced."""
    if not evidence.has("native"):
        return []
    events = [one for one in evidence.native if "Compiler::" in one.event or "XlaCompile" in one.event]
    return [
        f"{one.event}: {milliseconds(one.self_ns)} ms, {one.count_per_call:g} times a call"
        for one in events[:2]
    ]


RULE = Rule(
    id="xla_recompiled",
    title="XLA compiles again for each new shape",
    meaning=(
        "With jit_compile=True XLA makes a program for the exact shapes of the inputs. Each new length or "
        "number of rows is compiled anew, which takes up to hundreds of milliseconds, where a "
        "graph without XLA would run at once."
    ),
    recognised=(
        "jit_compile is on, the shapes differ between calls that are not measured, and "
        "execution has at least the least share of the call."
    ),
    example="model.compile(jit_compile=True)\nfor text in texts:\n"
    "    model.predict_on_batch(text)   # lengths differ",
    sources=(
        "https://github.com/tensorflow/tensorflow/issues/81896",
        "https://github.com/keras-team/keras/issues/18062",
    ),
    needs=("workload.jit_compile", "workload.input_shapes", "phases"),
    uses=("native",),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("padded_shapes", "rebuilt_uncompiled", "function_reduce_retracing"),
)
