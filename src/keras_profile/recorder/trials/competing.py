"""Measures admitted changes against the original call, in rounds."""

from __future__ import annotations

import time
from typing import Any, Callable, ContextManager

from ..protocol import events
from .entrant import FAILED, TRIED, Entrant
from .error_words import in_words
from .patience import TookTooLong
from .tournament import Tournament

#: Minimum number of seconds between two writes of what was measured so far.
_SAVING_S = 1.0


def compete(
    original: Entrant,
    entrants: list[Entrant],
    seconds: float,
    budget_s: float,
    fresh_input: Callable[[], Any],
    watched_s: Callable[[Entrant], float],
    patience: Callable[[Entrant], ContextManager[None]],
    save: Callable[[], None],
    report: events.Report,
) -> None:
    """Measures ``original`` and the running ones of ``entrants``, for ``seconds`` of the ``budget_s``.

    Their rounds are kept with them, and ``save()`` is called now and then. ``watched_s`` says after how
    many seconds a change counts as hung; calls are made in ``patience``. Raises what the original call
    raises.
    """
    runners = [original] + [one for one in entrants if one.contender is not None]
    tournament = Tournament(
        [one.call_ns for one in runners],
        [one.change.calls for one in runners],
        [one.simplicity for one in runners],
        seconds,
        time.perf_counter_ns,
    )
    saved = time.monotonic()
    for number, order in tournament.orders():
        left_ns = max(tournament.left_ns(), 0)
        report(events.Progress("recipes", number, left_ns, int(budget_s * 1e9)))
        for one in order:
            runner = runners[one]
            calls, settling = tournament.calls(one)
            if one != 0:
                report(events.Measuring(runner.key, runner.change.title, watched_s(runner)))
            try:
                with patience(runner):
                    walls = runner.running.block(fresh_input, settling, calls)
                tournament.block_done(one, number, walls)
            except TookTooLong:
                if one == 0:
                    raise
                tournament.drop(one, "")
                runner.end(FAILED, "it did not return in time")
            except (Exception, SystemExit) as error:
                if one == 0:
                    raise
                tournament.drop(one, "")
                runner.end(FAILED, in_words(error))
            runner.rounds = tournament.rounds[one]
        # What is out must not slow down the others: TensorFlow goes through all functions
        # that exist when it makes an iterator.
        for one in tournament.out:
            runners[one].let_go()
        if time.monotonic() - saved > _SAVING_S:
            report(events.Tried())
            save()
            saved = time.monotonic()
    report(events.Tried())
    for one, entrant in enumerate(runners):
        if one in tournament.out and entrant.status == TRIED:
            entrant.reason = entrant.reason or tournament.out[one]
