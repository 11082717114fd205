"""XLA recompiles for each new shape."""

from __future__ import annotations

from ....model.workload import InProgram
from ....number_words import milliseconds, number
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared.claiming import claim
from ..shared.in_program import compiles_each_shape, extra_ns
from ..shared.thresholds import (
    LEAST_SHARE,
    LEAST_TIMED_CALLS,
    SLOWER_NS,
    SLOWER_TIMES,
)
from ..shared.xla_compiling import xla_compiling


def judge(evidence: View) -> Answer:
    if not evidence.workload("jit_compile"):
        return NotFound("neither the model nor the function is compiled by XLA (jit_compile is off)")
    calls = evidence.workload("input_shapes")
    if len({str(shapes) for shapes in calls}) < 2:
        return NotFound("all calls have the same shapes, which XLA compiles once")
    seen = ", then ".join(str(tuple(tuple(shape) for shape in shapes)) for shapes in calls[:3])
    in_program: InProgram | None = (
        evidence.workload("in_program") if evidence.has("workload.in_program") else None
    )
    extra = None if in_program is None else extra_ns(in_program)
    if extra == 0:
        return NotFound(
            "in the program, a call takes as long as when it is replayed, with its shape compiled"
        )
    if in_program is not None and extra and compiles_each_shape(evidence):
        # Calls that are replayed find their shapes compiled.
        return Found(
            f"XLA recompiles the model for each new shape ({milliseconds(extra)} ms a call in the program)",
            {},
            [
                "jit_compile is on, and an XLA program works for one shape only",
                f"the calls' shapes differ: {seen}",
                (
                    f"in the program: {milliseconds(in_program.warm_ns or 0)} ms, from "
                    f"{number(in_program.warm_calls)} calls"
                ),
                f"replayed after its end, already compiled: {milliseconds(in_program.again_ns or 0)} ms",
            ],
            sure=f"medians of {number(in_program.warm_calls)} and {number(in_program.again_calls)} calls",
            in_program_ns=extra,
        )
    return claim(
        evidence,
        {"execution": float(evidence.ns("execution"))},
        "running the model, compiling included, is",
        title="XLA recompiles the model for each new shape ({cost} ms a call, running it included)",
        lines=[
            "jit_compile is on, and an XLA program works for one shape only",
            f"the calls' shapes differ: {seen}",
            *_compiling(evidence),
        ],
    )


def _compiling(evidence: View) -> list[str]:
    return [
        f"{event.event}: {milliseconds(event.self_ns)} ms, {event.count_per_call:g} times a call"
        for event in xla_compiling(evidence)[:2]
    ]


RULE = Rule(
    id="xla_recompiled",
    title="XLA recompiles for each new shape",
    meaning=(
        "With jit_compile=True, XLA compiles a program for the exact shapes of the inputs. It recompiles for "
        "each new length or number of rows, which takes up to hundreds of milliseconds. A graph without XLA "
        "would run at once."
    ),
    advice="pad the inputs to a few fixed shapes, or compile without `jit_compile=True`",
    recognised=(
        "jit_compile is on, the shapes differ between calls that are not measured, and execution takes at "
        "least LEAST_SHARE of the call. Or, in a program whose calls are replayed, more than half of the "
        "shapes that were noted are new, and the median call takes at "
        "least SLOWER_TIMES as long as the median replayed one, whose shape is compiled then, and SLOWER_NS "
        "longer; the cost is the difference."
    ),
    example="model.compile(jit_compile=True)\nfor text in texts:\n"
    "    model.predict_on_batch(text)   # lengths differ",
    sources=(
        "https://github.com/tensorflow/tensorflow/issues/81896",
        "https://github.com/keras-team/keras/issues/18062",
    ),
    needs=("workload.jit_compile", "workload.input_shapes", "phases"),
    uses=("native", "workload.in_program"),
    judge=judge,
    thresholds=(LEAST_SHARE, SLOWER_TIMES, SLOWER_NS, LEAST_TIMED_CALLS),
    recipes=("padded_shapes", "rebuilt_uncompiled", "function_reduce_retracing"),
)
