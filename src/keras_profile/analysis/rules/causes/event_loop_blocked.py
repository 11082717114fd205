"""Calls block the event loop that they are made on."""

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
    "ns for which a loop does nothing else from which on it is blocked: asyncio's own debug mode warns of "
    "a callback that takes longer",
)

WAITED_SHARE = Threshold(
    "WAITED_SHARE",
    0.5,
    "share of the calls at whose end something else of the loop was ready: a program of one task that "
    "calls its model holds nobody up",
)

_RECIPES = ("one_predict_for_many_calls", "predict_on_batch", "function_open_batch")


def judge(evidence: View) -> Answer:
    sites: list[CallSite] = evidence.workload("call_sites")
    if not sites:
        return CannotTell(missing_text("workload.call_sites"))
    blocked: EventLoopCalls | None = evidence.workload("event_loop")
    if blocked is None:
        return NotFound("no call was made on the thread of a running event loop")
    if blocked.waited < WAITED_SHARE * blocked.calls and blocked.most_waiting is not None:
        return NotFound(
            f"something else of the event loop was ready after {number(blocked.waited)} of "
            f"{plural(blocked.calls, 'call')}"
        )
    if blocked.longest_ns < BLOCKED_NS:
        return NotFound(
            f"the event loop is blocked for {milliseconds(blocked.longest_ns)} ms at most, "
            f"by {plural(blocked.longest_calls, 'call')}"
        )
    # What waits for a call, and calls next, could be part of it.
    together = min(blocked.tasks_in_a_row, (blocked.most_waiting or blocked.tasks_in_a_row) + 1)
    claims = fixed_claims(evidence, together) if together > 1 else {}
    entry = sites[0].entry
    name = ENTRY_POINT_OF[entry].short if entry in ENTRY_POINT_OF else entry
    longest = f"{milliseconds(blocked.longest_ns)} ms"
    lines = [
        (
            f"the coroutine {blocked.coroutine} makes {plural(blocked.calls, 'call')} on the loop's own "
            "thread: while one runs nothing else of the loop does, and the next waits"
        ),
        (
            f"the loop did nothing else for {longest} at the longest "
            f"({plural(blocked.longest_calls, 'call')}), and for {milliseconds(blocked.total_ns)} ms in all"
        ),
    ]
    if blocked.most_waiting is not None:
        lines.append(
            f"at the end of {number(blocked.waited)} of {plural(blocked.calls, 'call')} something else of "
            f"the loop was ready, up to {number(blocked.most_waiting)} of its callbacks, timers and sockets"
        )
    if together > 1:
        lines.append(
            f"calls of {plural(blocked.tasks_in_a_row, 'task')} follow each other: one call of {together} "
            f"that wait together has the fixed cost once"
        )
    lines.append(
        "collect what waits and call once for all of it, or leave the loop free: "
        f"asyncio.to_thread or loop.run_in_executor around the {name}"
    )
    return Found(
        f"`{name}` in the coroutine {blocked.coroutine} blocks its event loop, for up to {longest}"
        + ("; called once for all that wait it costs {cost} ms less for each" if claims else ""),
        claims,
        lines + phase_lines(evidence, claims, most=4),
        where=f"{blocked.where}, in {blocked.coroutine}",
        sure=f"counted: {plural(blocked.calls, 'call')} on the thread of a running event loop",
    )


RULE = Rule(
    id="event_loop_blocked",
    title="Calls block an event loop",
    meaning=(
        "A coroutine that calls a model gives nothing back to the event loop until the call has returned: "
        "no other request is read or answered meanwhile, and calls of several tasks queue one behind the "
        "other, each with its fixed cost. Call once for all that waits, or call on another thread."
    ),
    recognised=(
        "In the recording of a whole program, calls are made on the thread of a running asyncio loop, the "
        "loop does nothing else for a while, and something else of it is ready at the end of most calls. "
        "Cells of a notebook are none."
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
