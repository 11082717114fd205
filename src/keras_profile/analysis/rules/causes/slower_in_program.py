"""A call takes longer in the program than alone."""

from __future__ import annotations

from ....model.workload import InProgram
from ....number_words import milliseconds, number, percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule, Threshold

SLOWER_TIMES = Threshold(
    "SLOWER_TIMES",
    1.5,
    "times as long as alone: right after each other, with their data in the caches, calls were seen to take "
    "up to a third less than between other work",
)

SLOWER_NS = Threshold(
    "SLOWER_NS",
    2_000_000,
    "ns that a call takes longer: less is seen where other work is between the calls",
)

LEAST_CALLS = Threshold("LEAST_CALLS", 5, "calls of the program that are timed with nothing installed")


def judge(evidence: View) -> Answer:
    found: InProgram = evidence.workload("in_program")
    within, alone = found.warm_ns, found.again_ns
    if within is None or alone is None or found.warm_calls < LEAST_CALLS:
        return NotFound("the program has too few calls after the first ones to be compared with")
    if within < SLOWER_TIMES * alone or within - alone < SLOWER_NS:
        return NotFound(
            f"a call takes {milliseconds(within)} ms in the program and {milliseconds(alone)} ms alone"
        )
    extra = within - alone
    lines = [
        f"in the program: {milliseconds(within)} ms, by {number(found.warm_calls)} calls",
        f"made again after its end: {milliseconds(alone)} ms",
    ]
    busy = evidence.workload("threads_in_keras") if evidence.has("workload.threads_in_keras") else []
    if any(busy):
        together = sum(count > 0 for count in busy) / len(busy)
        lines.append(f"{percent(together)} of the calls ran beside calls of other threads")
    return Found(
        f"A call takes {within / alone:.1f} times as long in the program as alone: "
        f"{milliseconds(extra)} ms of it are not the call's own",
        {},
        lines,
        sure=f"medians of {number(found.warm_calls)} and {number(found.again_calls)} calls",
    )


RULE = Rule(
    id="slower_in_program",
    title="A call takes longer in the program than alone",
    meaning=(
        "The same call, with the same input, made right after the program's end takes far less time. Then it "
        "is not the call that is slow, but what is around it: other threads or processes that use the "
        "processors, work between the calls that takes the caches, a heap that grew so that each garbage "
        "collection is long, or something that changes from call to call, such as an argument."
    ),
    recognised=(
        "The median call of the program is many times and by some milliseconds longer than that of the calls "
        "that are made again after its end. This says that something is there and not what it is, so it has "
        "no cost of its own."
    ),
    example=("threading.Thread(target=load_images).start()   # eight of them\nmodel.predict(x)"),
    sources=("https://github.com/tensorflow/tensorflow/issues/33340",),
    needs=("workload.in_program",),
    uses=("workload.threads_in_keras",),
    judge=judge,
    thresholds=(SLOWER_TIMES, SLOWER_NS, LEAST_CALLS),
)
