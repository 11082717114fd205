"""Memory grows with every call."""

from __future__ import annotations

from ....number_words import number
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule, Threshold

GROWTH_BYTES = Threshold(
    "GROWTH_BYTES",
    16_384,
    "bytes per call: healthy calls grow by up to 2 KiB, predict on arrays by about 10 KiB, which the garbage "
    "collector frees later",
)


def judge(evidence: View) -> Answer:
    growth = evidence.memory
    low, high = growth.ci95
    grows = f"resident memory grows by {_kib(growth.bytes_per_call)} a call"
    if low < GROWTH_BYTES:
        return NotFound(f"{grows} (95% CI {_kib(low)} to {_kib(high)})")
    lines = [
        f"{grows} over {growth.calls} calls",
        f"a million calls would take {growth.bytes_per_call * 1e6 / 2**30:,.0f} GiB",
    ]
    if evidence.has("spans") and evidence.spans.other_traces_per_call:
        lines.append(f"each call traces and keeps {number(evidence.spans.other_traces_per_call)} new graphs")
    return Found(
        f"Memory grows by {_kib(growth.bytes_per_call)} with every call",
        {},
        lines,
        sure=f"{_kib(low)} to {_kib(high)} a call (95% CI), from the second half of the bare calls",
    )


def _kib(size: float) -> str:
    return f"{size / 1024:,.1f} KiB"


RULE = Rule(
    id="memory_grows",
    title="Memory grows with every call",
    meaning=(
        "Each call leaves something in memory: graphs of new signatures, outputs in a list, pipelines that "
        "wait for the garbage collector. A process that serves for days runs out of memory."
    ),
    advice="drop outputs once they are used, and call with one signature, so that no graphs are added",
    recognised=(
        "Over the second half of the bare calls, resident memory grows by at least GROWTH_BYTES per call, by "
        "the lower end of the 95% CI. The first half is skipped, since allocators and caches fill up in it."
    ),
    example="results.append(model(x))             # keeps the tensors of all calls",
    sources=(
        "https://github.com/tensorflow/tensorflow/issues/33009",
        "https://github.com/tensorflow/tensorflow/issues/58676",
    ),
    needs=("memory",),
    uses=("spans",),
    judge=judge,
    thresholds=(GROWTH_BYTES,),
    recipes=("predict_on_batch", "function_reduce_retracing"),
)
