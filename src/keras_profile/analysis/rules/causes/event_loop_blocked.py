"""Calls block the event loop that runs them."""

from __future__ import annotations

from ....model.workload import CallSite, EventLoopCalls
from ....number_words import milliseconds, number, plural
from ....recorder.protocol import ENTRY_POINT_OF
from ..evidence_view import View, missing_text
from ..rule import Answer, CannotTell, Found, NotFound, Rule, Threshold
from ..shared.claiming import phase_lines
from ..shared.fixed_costs import NEEDS, USES, fixed_claims

BLOCKED_NS = Threshold(
    "BLOCKED_NS",
    100_000_000,
    "ns without any other work after which a loop is blocked: asyncio's own debug mode warns of a callback "
    "that takes longer",
)

WAITED_SHARE = Threshold(
    "WAITED_SHARE",
    0.5,
    "share of calls that end with other work of the loop ready: a program with a single task that calls "
    "its model delays nothing",
)

_RECIPES = ("one_predict_for_many_calls", "predict_on_batch", "function_open_batch")


def judge(evidence: View) -> Answer:
    sites: list[CallSite] = evidence.workload("call_sites")
    if not sites:
        return CannotTell(missing_text("workload.call_sites"))
    blocked: EventLoopCalls | None = evidence.workload("event_loop")
    if blocked is None:
        return NotFound("no call ran on the thread of a running event loop")
    if blocked.waited < WAITED_SHARE * blocked.calls and blocked.most_waiting is not None:
        return NotFound(
            f"other work of the event loop was ready after {number(blocked.waited)} of "
            f"{plural(blocked.calls, 'call')}"
        )
    if blocked.longest_ns < BLOCKED_NS:
        return NotFound(
            f"the event loop is blocked for at most {milliseconds(blocked.longest_ns)} ms, "
            f"by {plural(blocked.longest_calls, 'call')}"
        )
    # Tasks that wait for a call and make the next one could be part of it.
    together = min(blocked.tasks_in_a_row, (blocked.most_waiting or blocked.tasks_in_a_row) + 1)
    claims = fixed_claims(evidence, together) if together > 1 else {}
    entry = sites[0].entry
    name = ENTRY_POINT_OF[entry].short if entry in ENTRY_POINT_OF else entry
    longest = f"{milliseconds(blocked.longest_ns)} ms"
    lines = [
        (
            f"the coroutine {blocked.coroutine} makes {plural(blocked.calls, 'call')} on the loop's "
            "thread: during a call nothing else in the loop runs, and the next call waits"
        ),
        (
            f"the loop was blocked for up to {longest} at a time "
            f"({plural(blocked.longest_calls, 'call')}), and for {milliseconds(blocked.total_ns)} ms in total"
        ),
    ]
    if blocked.most_waiting is not None:
        lines.append(
            f"at the end of {number(blocked.waited)} of {plural(blocked.calls, 'call')} other work of the "
            f"loop was ready: up to {number(blocked.most_waiting)} callbacks, timers and sockets"
        )
    if together > 1:
        lines.append(
            f"{plural(blocked.tasks_in_a_row, 'task')} call in a row: one call for {together} that wait "
            "together pays the fixed cost once"
        )
    lines.append(
        "collect the waiting requests and call once for all, or keep the loop free: wrap "
        f"{name} in asyncio.to_thread or loop.run_in_executor"
    )
    return Found(
        f"`{name}` in the coroutine {blocked.coroutine} blocks its event loop, for up to {longest}"
        + ("; one call for all that wait saves {cost} ms each" if claims else ""),
        claims,
        lines + phase_lines(evidence, claims, most=4),
        where=f"{blocked.where}, in {blocked.coroutine}",
        sure=f"counted: {plural(blocked.calls, 'call')} on the thread of a running event loop",
    )


RULE = Rule(
    id="event_loop_blocked",
    title="Calls block an event loop",
    meaning=(
        "A coroutine that calls a model blocks the event loop until the call returns. Meanwhile no other "
        "request is read or answered, and calls of several tasks queue up, each with its fixed cost."
    ),
    advice=(
        "collect the waiting requests and call once for all of them, on another thread: `await "
        "loop.run_in_executor(…)`"
    ),
    recognised=(
        "In the recording of a whole program, calls run on the thread of a running asyncio loop, the loop "
        "does nothing else for at least BLOCKED_NS, and other work of the loop is ready at the end of most "
        "calls. Notebook cells do not count."
    ),
    example=(
        "async def handle(row):\n    return model.predict(row)\n\n"
        "async def handle(row):\n    return await asyncio.to_thread(model.predict_on_batch, row)"
    ),
    sources=(
        "https://github.com/kserve/kserve/issues/5019",
        "https://github.com/fastapi/fastapi/issues/2603",
        "https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code",
    ),
    needs=("workload.event_loop", "workload.call_sites", *NEEDS),
    uses=USES,
    judge=judge,
    thresholds=(BLOCKED_NS, WAITED_SHARE),
    recipes=_RECIPES,
)
