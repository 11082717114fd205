"""Checks the calls of a gate: first what is counted, then the time against the base."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ...analysis.differences.ratios import ratio_of
from ...analysis.differences.turns import InTurn
from ...errors import KerasProfileError
from ...launch.recorder_process import Listener
from ...model.gate import GATE_SCHEMA, GateAnswer, GateContent, GatedCounts, GatedTime, GateResult
from ...model.lock import LockedCall, LockFile
from ...number_words import percent
from ...recorder.protocol import events
from ..comparing.comparing import Place, compare_in_turn
from ..comparing.in_turn import Plan, SideToMeasure
from .deciding import Decision, decide, level_of, seconds_needed, unsteady
from .exact import changes, count_calls, other_releases, refuse_other_call, same_table
from .settings import GateSettings, Policy

#: One pair of processes is measured for so many seconds.
PAIR_S = 15.0
#: Why a call was not measured, if Ctrl-C came first.
_INTERRUPTED = "interrupted"
#: The answers from the worst on, and the exit code of each.
EXIT_CODES: dict[GateAnswer, int] = {
    "failed": 2,
    "regressed": 1,
    "unsteady": 3,
    "inconclusive": 3,
    "passed": 0,
}


@dataclass(frozen=True)
class CallToGate:
    """A call of the settings, as it is now and in the base; without a base, counts alone are checked.

    ``options`` are those of the settings.
    """

    name: str
    now: SideToMeasure
    base: SideToMeasure | None
    options: str = ""


def gate(
    calls: Sequence[CallToGate], settings: GateSettings, lock: LockFile, output: Path, listener: Listener
) -> GateContent:
    """Checks all ``calls``. A call that cannot be measured is an answer too, and never a good one.

    After Ctrl-C, so are those that are left.
    """
    results: list[GateResult] = []
    left = list(calls)
    with suppress(KeyboardInterrupt):
        while left:
            results.append(_checked(left[0], settings, lock, output, listener))
            del left[0]
    results += [_not_measured(call.name, call.now.request.target, _INTERRUPTED) for call in left]
    answer = worst([one.answer for one in results])
    return GateContent(
        schema=GATE_SCHEMA,
        answer=answer,
        exit_code=exit_code(answer, settings.unsure),
        margin=settings.margin,
        base=settings.base,
        results=results,
    )


def not_measured(settings: GateSettings, error: KerasProfileError | KeyboardInterrupt) -> GateContent:
    """The answer for all calls of the settings if nothing could be measured because of an ``error``."""
    why = _words(error) if isinstance(error, KerasProfileError) else _INTERRUPTED
    results = [_not_measured(call.name, call.target, why) for call in settings.calls]
    return GateContent(GATE_SCHEMA, "failed", EXIT_CODES["failed"], settings.margin, settings.base, results)


def _not_measured(name: str, target: str, why: str) -> GateResult:
    return GateResult(name, target, "failed", _headline(None, None, why), None, None, error=why)


def counted(calls: Sequence[CallToGate], listener: Listener) -> dict[str, LockedCall]:
    """What is counted in each call now: the content of a new lock. Raises :class:`KerasProfileError`."""
    return {call.name: _count(call, listener) for call in calls}


def worst(answers: Sequence[GateAnswer]) -> GateAnswer:
    """The worst answer; no answer at all is a failure.

    >>> worst(["passed", "inconclusive"]), worst([])
    ('inconclusive', 'failed')
    """
    return next((one for one in EXIT_CODES if one in answers), "failed")


def exit_code(answer: GateAnswer, unsure: Policy) -> int:
    """The exit code of an answer. Not measured is never good, whatever the settings say.

    >>> exit_code("inconclusive", "pass"), exit_code("inconclusive", "fail"), exit_code("failed", "pass")
    (0, 3, 2)
    """
    code = EXIT_CODES[answer]
    return 0 if code == 3 and unsure == "pass" else code


def _checked(
    call: CallToGate, settings: GateSettings, lock: LockFile, output: Path, listener: Listener
) -> GateResult:
    counts, time, error = None, None, ""
    try:
        counts = _counts(call, lock, listener)
        if call.base is not None:
            time = _time(call, call.base, settings, output, listener)
    except KerasProfileError as found:
        error = _words(found)
    answers: list[GateAnswer] = ["failed"] if error else []
    answers += [one.answer for one in (counts, time) if one is not None]
    answer = worst(answers)
    file, line = _place(call.now)
    return GateResult(
        name=call.name,
        target=call.now.request.target,
        answer=answer,
        headline=_headline(counts, time, error),
        counts=counts,
        time=time,
        file=file,
        line=line,
        error=error,
    )


def _words(error: KerasProfileError) -> str:
    return error.message + (f" ({error.advice})" if error.advice else "")


def _count(call: CallToGate, listener: Listener) -> LockedCall:
    listener(events.Stage(f"counting calls of {call.name}"))
    with TemporaryDirectory(prefix="keras_profile-") as scratch:
        return replace(count_calls(call.now, Path(scratch), listener), options=call.options)


def _counts(call: CallToGate, lock: LockFile, listener: Listener) -> GatedCounts:
    locked = lock.calls.get(call.name)
    advice = "write what is counted now into it: keras-profile gate --update"
    if locked is None:
        raise KerasProfileError(f"the lock has no call {call.name}", advice)
    refuse_other_call(call.name, locked, call.now.request.target, call.options, advice)
    found = _count(call, listener)
    changed = changes(locked, found)
    more = [one.words() for one in changed if one.change == "more"]
    fewer = [one.words() for one in changed if one.change == "fewer"]
    notes = []
    releases = other_releases(locked, found)
    if changed and releases:
        notes.append(f"the lock was made with other releases: {', '.join(releases)}")
    if not same_table(locked, found):
        notes.append(
            "the lock was made with another version of keras_profile: internals that ran in no call then are "
            "not compared until keras-profile gate --update"
        )
    if fewer and not more:
        notes.append("less is counted than is locked: keras-profile gate --update holds the new line")
    return GatedCounts("regressed" if more else "passed", more, fewer, notes)


def _time(
    call: CallToGate, base: SideToMeasure, settings: GateSettings, output: Path, listener: Listener
) -> GatedTime:
    plan = Plan(settings.seconds, most_pairs=max(1, round(settings.seconds / PAIR_S)), control=True)
    looks = plan.pairs
    answered: list[Decision] = []

    def is_enough(so_far: InTurn) -> bool:
        decision = decide(so_far.log_ratios(), looks, settings.margin)
        answered.append(decision)
        if decision.answer == "inconclusive" and len(answered) == 1:
            _announce(call, so_far, looks, settings, listener)
        return decision.answer != "inconclusive"

    made = compare_in_turn((base, call.now), plan, Place.new(output), listener, is_enough=is_enough)
    if made.interrupted:
        raise KeyboardInterrupt
    assert made.in_turn is not None
    decision = answered[-1] if answered else decide(made.in_turn.log_ratios(), looks, settings.margin)
    answer: GateAnswer = decision.answer
    why = made.content.headline
    shaken = unsteady(made.in_turn.control_log_ratios(), decision, settings.margin)
    if shaken:
        answer, why = "unsteady", f"the machine is too unsteady: {shaken}"
    elif answer == "inconclusive":
        why = (
            f"not known whether it is more than {percent(settings.margin)} slower after "
            f"{made.in_turn.seconds:.0f} s: {made.content.headline}"
        )
    outputs = made.content.outputs
    if outputs.verdict == "differ" and answer != "regressed":
        # No clock is needed to see that.
        answer, why = "regressed", f"the outputs differ from the base's: {outputs.reason}"
    elif outputs.verdict == "not_compared":
        why = f"{why}; outputs not compared: {outputs.reason}"
    return GatedTime(
        answer=answer,
        before_ns=made.content.total.before_ns,
        after_ns=made.content.total.after_ns,
        ratio=None if decision.ratio is None else round(decision.ratio, 4),
        interval=None
        if decision.interval is None
        else (round(decision.interval[0], 4), round(decision.interval[1], 4)),
        why=why,
        comparison=str(made.folder),
    )


def _announce(
    call: CallToGate, so_far: InTurn, looks: int, settings: GateSettings, listener: Listener
) -> None:
    found = ratio_of(so_far.log_ratios(), level_of(looks))
    if found is not None:
        needed = seconds_needed(found, PAIR_S, looks, settings.margin)
        listener(
            events.Announce(
                f"{call.name}: {percent(settings.margin)} takes about {needed:.0f} s here; measuring for "
                f"{settings.seconds:.0f} s at most"
            )
        )


def _headline(counts: GatedCounts | None, time: GatedTime | None, error: str) -> str:
    if error:
        return f"not measured: {error}"
    parts = []
    if counts is not None and counts.more:
        rest = len(counts.more) - 1
        parts.append(f"more than is locked: {counts.more[0]}" + (f" and {rest} more" if rest else ""))
    if time is not None:
        parts.append(time.why)
    elif counts is not None and not counts.more:
        parts.append("all counts are as locked" if not counts.fewer else "nothing is counted more often")
    return "; ".join(parts)


def _place(side: SideToMeasure) -> tuple[str, int]:
    """The user's file and line that make the model; empty for a model file."""
    file, _, name = side.request.target.rpartition(":")
    path = Path(file)
    if not file.endswith(".py") or not path.is_file():
        return "", 1
    with suppress(OSError, UnicodeDecodeError):
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.match(rf"\s*(async\s+)?(def|class)\s+{re.escape(name)}\b|{re.escape(name)}\s*=", text):
                return file, number
    return file, 1
