"""A call takes longer in the program than alone."""

from __future__ import annotations

from ....model.workload import InProgram
from ....number_words import milliseconds, number, percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared.in_program import compiles_each_shape, extra_ns
from ..shared.new_models import new_models
from ..shared.thresholds import (
    CALLS_PER_MODEL,
    LEAST_TIMED_CALLS,
    MANY_CALLS,
    SLOWER_NS,
    SLOWER_TIMES,
)


def judge(evidence: View) -> Answer:
    found: InProgram = evidence.workload("in_program")
    within, alone, extra = found.warm_ns, found.again_ns, extra_ns(found)
    if within is None or alone is None or extra is None:
        return NotFound("the program makes too few calls after the first ones to compare")
    if new_models(evidence) is not None:
        return NotFound("each call gets a new model, and the calls replayed alone share one")
    if not extra:
        return NotFound(
            f"a call takes {milliseconds(within)} ms in the program and {milliseconds(alone)} ms alone"
        )
    if compiles_each_shape(evidence):
        return NotFound("XLA compiled each new shape in the program; replayed calls use that code again")
    lines = [
        f"in the program: {milliseconds(within)} ms, from {number(found.warm_calls)} calls",
        f"replayed after its end: {milliseconds(alone)} ms",
    ]
    busy = evidence.workload("threads_in_keras") if evidence.has("workload.threads_in_keras") else []
    if any(busy):
        together = sum(count > 0 for count in busy) / len(busy)
        lines.append(f"{percent(together)} of the calls ran alongside calls of other threads")
    return Found(
        f"A call takes {within / alone:.1f} times as long in the program as alone: "
        f"something around the call adds {milliseconds(extra)} ms",
        {},
        lines,
        sure=f"medians of {number(found.warm_calls)} and {number(found.again_calls)} calls",
    )


RULE = Rule(
    id="slower_in_program",
    title="A call takes longer in the program than alone",
    meaning=(
        "The same call, with the same input, takes far less time right after the program's end. So the call "
        "itself is not slow; something around it slows it down. Other threads or processes use the "
        "processors, work between the calls fills the caches, or a large heap makes each garbage collection "
        "long. Or something changes from call to call, such as an argument."
    ),
    advice=(
        "look at what runs beside the calls: other threads and processes, a large heap, arguments that change"
    ),
    recognised=(
        "The program's median call takes at least SLOWER_TIMES as long as the median of the calls replayed "
        "after its end, and at least SLOWER_NS longer. This shows that there is a cause, not which, so the "
        "finding has no cost."
    ),
    example=("threading.Thread(target=load_images).start()   # eight of them\nmodel.predict(x)"),
    sources=("https://github.com/tensorflow/tensorflow/issues/33340",),
    needs=("workload.in_program",),
    uses=(
        "workload.threads_in_keras",
        "workload.models",
        "workload.jit_compile",
        "workload.input_shapes",
    ),
    judge=judge,
    thresholds=(SLOWER_TIMES, SLOWER_NS, LEAST_TIMED_CALLS, MANY_CALLS, CALLS_PER_MODEL),
)
