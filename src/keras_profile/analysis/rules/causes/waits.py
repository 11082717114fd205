"""The call waits for something other than the processor."""

from __future__ import annotations

import re

from ....model.evidence import FunctionCost
from ....number_words import milliseconds, percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule, Threshold

BUSY_SHARE = Threshold(
    "BUSY_SHARE",
    0.30,
    "processor time over wall time below which a call waits: on a machine with other load, calls that "
    "compute go down to 0.45",
)

SEEN_SHARE = Threshold(
    "SEEN_SHARE",
    0.5,
    "share of the idle time that a waiting function must take: if none does, other programs may have used "
    "the processors",
)

#: Names of functions that wait.
_WAITING = re.compile(r"\b(sleep|recv\w*|read\w*|wait|poll|select|acquire)\b")


def judge(evidence: View) -> Answer:
    warm = evidence.calls.warm
    busy = evidence.of_call(warm.cpu_median_ns)
    # Destroying iterators waits for their threads to end, which is known.
    known = evidence.share("teardown")
    if busy + known > BUSY_SHARE:
        return NotFound(
            f"processor time of all threads is {percent(busy)} of wall time, and teardown is {percent(known)}"
        )
    sleepers = [function for function in evidence.functions if _WAITING.search(function.name)]
    idle_ns = warm.median_ns - warm.cpu_median_ns
    if not sleepers or sleepers[0].total_ns < SEEN_SHARE * idle_ns:
        return NotFound(
            f"processor time is {percent(busy)} of wall time, but no Python function waits that long: other "
            "programs may have used the processors"
        )
    claims = {
        phase: share.self_ns * (1 - busy) for phase, share in evidence.phases.items() if phase != "teardown"
    }
    largest = sorted(evidence.phases.items(), key=lambda item: -item[1].self_ns)
    own = [function for function in evidence.functions if _is_users(function)]
    return Found(
        "Most of the call is spent waiting: the processor is idle ({cost} ms a call)",
        claims,
        [
            f"{milliseconds(warm.cpu_median_ns)} ms of processor time in {milliseconds(warm.median_ns)} ms",
            *(f"{phase}: {milliseconds(share.self_ns)} ms" for phase, share in largest[:2]),
            *(
                f"{sleeper.name.strip('<>')} takes {milliseconds(sleeper.total_ns)} ms a call by cProfile"
                for sleeper in sleepers[:2]
            ),
        ],
        where=f"{own[0].file}:{own[0].line}, in {own[0].name}" if own else "",
        sure=f"processor time of all threads is {percent(busy)} of wall time, from {warm.count} bare calls",
    )


def _is_users(function: FunctionCost) -> bool:
    """Whether a function is in a user's file: neither built in nor in a package."""
    foreign = "site-packages" in function.file or "keras_profile" in function.file
    return bool(function.line) and not foreign and not function.file.startswith("<")


RULE = Rule(
    id="waits",
    title="The call waits for something other than the processor",
    meaning=(
        "A call that computes uses processor time, on one thread or several. If that is far less than its "
        "wall time, it sleeps, reads from disk or network, or waits for a lock."
    ),
    advice="see in the flame graph what the call waits for: a sleep, a file, the network, or a lock",
    recognised=(
        "The median processor time of all threads plus teardown is at most BUSY_SHARE of the median call, "
        "and by cProfile a waiting function takes at least SEEN_SHARE of the idle time. Only time that no "
        "other finding has counts."
    ),
    example="def predict(self, x):\n    rows = requests.get(url)           # in each call",
    sources=("https://docs.python.org/3/library/time.html#time.process_time",),
    needs=("calls", "phases", "functions"),
    judge=judge,
    thresholds=(BUSY_SHARE, SEEN_SHARE),
    residual=True,
)
