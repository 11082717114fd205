"""A session of trials: the original call, each recipe's changes, rounds, and ``trials.json``."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import nullcontext
from statistics import median
from typing import TYPE_CHECKING, Any, Callable, ContextManager

from ..protocol import FILES, TRIALS_SCHEMA, events
from ..whole_file import write_json
from .admission import Admission
from .carrying import Carrier
from .competing import compete
from .entrant import FAILED, NOT_APPLICABLE, NOT_TRIED, TRIED, Entrant
from .error_words import WorkerFailed, in_words
from .limits import LIMITS, Limits
from .loading import load_recipes
from .many_rows import rows_in_memory
from .original import Original
from .patience import TimeIsOver, at_most
from .scaling import NoTime, measure_scaling
from .tournament import LEAST_ROUNDS

if TYPE_CHECKING:
    from ...recipes.recipe import Change, Recipe
    from ..protocol.requests import TryRequest
    from ..workload.workload import Workload


#: Changes that take up to this many times as long as the fastest count as equally fast.
NEAR = 1.25


def try_recipes(
    request: TryRequest,
    report: events.Report,
    make_workload: Callable[[], Workload],
    in_users_process: bool = False,
    last_s: float | None = None,
) -> bool:
    """Tries the request's recipes on its workload and writes ``trials.json``. Returns False if interrupted.

    ``report`` gets the progress (:class:`..protocol.events.Told`), and after how many seconds a
    change counts as hung. If this is a process that the user works in, changes that could end it run in
    separate processes, to which the model is transferred. After ``last_s`` seconds everything is ended,
    whatever it is doing. If the original call did not return, :class:`TimeIsOver` is raised.
    """
    last = None if last_s is None else time.monotonic() + last_s
    workload = make_workload()
    limits = LIMITS.in_all(request.trials.seconds) if request.trials.in_all else LIMITS
    end = time.monotonic() + request.trials.seconds if request.trials.in_all else None
    with tempfile.TemporaryDirectory(prefix="keras_profile-") as scratch:
        with _until(last):
            original = Original(workload, report, scratch, limits)
        try:
            session = RecipeSession(request, report, original, in_users_process, scratch, limits, end)
            return session.run(last)
        finally:
            original.leave()


def _until(last: float | None) -> ContextManager[None]:
    """Ends the ``with`` block at that time of :func:`time.monotonic`."""
    return nullcontext() if last is None else at_most(max(last - time.monotonic(), 0.0), TimeIsOver)


class RecipeSession:
    """The trials of one workload: what is tried, in which order, and the file with the results.

    Everything ends at ``end`` (of :func:`time.monotonic`), if that is not None.
    """

    def __init__(
        self,
        request: TryRequest,
        report: events.Report,
        original: Original,
        in_users_process: bool,
        scratch: str,
        limits: Limits,
        end: float | None,
    ) -> None:
        self._request = request
        self._report = report
        self._original = original
        self._in_users_process = in_users_process
        self._scratch = scratch
        self._limits = limits
        self._end = end
        self._seconds = request.trials.seconds
        elsewhere = Carrier(original, scratch).request if in_users_process else lambda: request
        self._admission = Admission(request, original, report, scratch, elsewhere, limits, in_users_process)
        self._entrants = self._chosen()
        self._original_elsewhere: Entrant | None = None
        self._scaling: list[dict[str, Any]] = []
        self._scaling_reason = ""
        self._interrupted = False

    def run(self, last: float | None = None) -> bool:
        """Tries all, for as long as the request says. Returns whether it was not interrupted.

        Ctrl-C and the time ``last``, of :func:`time.monotonic`, end it; what was tried is kept.
        """
        try:
            with _until(last):
                self._try_all()
        except KeyboardInterrupt:
            self._interrupted = True
            self._report(events.Announce("interrupted; recipes tried until then are shown"))
        except TimeIsOver:
            self._end_the_rest()
        finally:
            self._save()
            for entrant in self._entrants:
                entrant.let_go()
        self._report(events.Done(sum(len(walls) for one in self._entrants for _, walls in one.rounds)))
        return not self._interrupted

    def _try_all(self) -> None:
        here = [one for one in self._entrants if one.has_change and not one.apart]
        elsewhere = [one for one in self._entrants if one.has_change and one.apart]
        self._admission.admit_all(here, self._save, self._part(LIMITS.admission_share))
        self._save()
        self._compete(self._original.entrant, here, self._share_here(elsewhere))
        self._measure_scaling()
        for entrant in here:
            entrant.let_go()
        if elsewhere:
            self._compete_elsewhere(elsewhere)

    def _end_the_rest(self) -> None:
        """Marks the recipes that were not measured, when no time is left."""
        for entrant in self._entrants:
            if entrant.status in (NOT_TRIED, TRIED) and not entrant.rounds and not entrant.reason:
                entrant.end(NOT_TRIED, "no time was left: increase --seconds to try it")

    def _left_s(self) -> float:
        """Returns what is left of the total time; without a total, the time for measuring."""
        return self._seconds if self._end is None else max(self._end - time.monotonic(), 0.0)

    def _part(self, share: float) -> float | None:
        """Returns a share of what is left of the total time; None if there is no total."""
        return None if self._end is None else share * self._left_s()

    # --- what is tried ---

    def _chosen(self) -> list[Entrant]:
        """Returns the changes of all requested recipes; for a recipe that is not tried, the reason."""
        wanted, usage = self._request.trials.recipes, self._original.usage
        made = []
        for recipe in load_recipes("catalogue").in_order(usage):
            if wanted is not None and recipe.id not in wanted:
                continue
            ended = self._not_tried(recipe)
            if ended is None:
                made += [
                    Entrant(recipe, change, index, self._runs_apart(recipe, change))
                    for index, change in enumerate(recipe.changes(usage))
                ]
            else:
                entrant = Entrant(recipe)
                entrant.end(*ended)
                made.append(entrant)
        return made

    def _not_tried(self, recipe: Recipe) -> tuple[str, str] | None:
        """Returns status and reason of a recipe that is not tried, None for the others."""
        trials = self._request.trials
        reason = load_recipes("recipe").obstacle(recipe, self._original.usage)
        if reason is not None:
            return NOT_APPLICABLE, reason
        if recipe.approximate and not trials.approximate:
            return NOT_TRIED, "it alters results: use --allow-approximate to try it"
        if recipe.where != "own_process":
            return None
        if not (trials.processes or trials.recipes):
            return NOT_TRIED, "it needs its own process: use --processes to try it"
        return None

    def _runs_apart(self, recipe: Recipe, change: Change) -> bool:
        """Whether a change runs in its own process."""
        return bool(change.before) or (self._in_users_process and not recipe.harmless)

    # --- measuring ---

    def _share_here(self, elsewhere: list[Entrant]) -> float:
        """Returns the share of the time for the changes in this process."""
        scaling = self._limits.scaling_share if self._original.usage.rows else 0
        return 1 - scaling - (self._limits.processes_share if elsewhere else 0)

    def _compete(self, original: Entrant, entrants: list[Entrant], share: float) -> None:
        seconds = share * self._left_s()
        if self._end is not None:
            self._leave_out_the_slowest(original, entrants, seconds)
        compete(
            original,
            entrants,
            seconds,
            self._seconds,
            self._original.workload.fresh_input,
            self._admission.watched_s,
            self._admission.patience,
            self._save,
            self._report,
        )
        self._save()

    @staticmethod
    def _leave_out_the_slowest(original: Entrant, entrants: list[Entrant], seconds: float) -> None:
        """Keeps as many as there is time for: each is measured a few times, however long that takes."""
        running = [one for one in entrants if one.contender is not None]
        taken = LEAST_ROUNDS * original.call_ns / 1e9
        for entrant in sorted(running, key=lambda one: one.call_ns / one.change.calls):
            taken += LEAST_ROUNDS * entrant.call_ns / 1e9
            if taken > max(seconds, LIMITS.least_patience_s):
                entrant.end(NOT_TRIED, "no time was left to measure it: increase --seconds")

    def _compete_elsewhere(self, entrants: list[Entrant]) -> None:
        """Compares processes with a separate process: this one is larger, and thus slower."""
        if self._end is not None and self._left_s() < 3 * LIMITS.expected_starting_s:
            for entrant in entrants:
                entrant.end(
                    NOT_TRIED,
                    "no time was left to start its own process: increase --seconds",
                )
            return
        self._report(events.Stage("recipes that need their own process"))
        fresh_input: Callable[[], Any] = self._original.workload.fresh_input
        original = self._original_elsewhere = Entrant(None, self._original.entrant.change, apart=True)
        original.contender = self._admission.in_own_process(original)
        began = time.monotonic()
        try:
            original.contender.set_up(fresh_input())
            original.call_ns = min(original.contender.block(fresh_input, 1, 2))
        except WorkerFailed as error:
            original.let_go()
            for entrant in entrants:
                entrant.end(FAILED, "the original call fails in its own process: {}".format(error))
            return
        self._admission.starting_s = max(self._admission.starting_s, time.monotonic() - began)
        self._admission.admit_all(entrants, self._save, self._part(LIMITS.admission_elsewhere_share))
        self._save()
        self._compete(original, entrants, LIMITS.processes_share if self._end is None else 1.0)
        original.let_go()

    def _measure_scaling(self) -> None:
        best, usage = self._best(), self._original.usage
        if usage.rows is None or usage.keeps_state or best is None:
            return
        if self._left_s() < LIMITS.least_scaling_s:
            return
        self._report(events.Stage("measuring other numbers of rows"))
        x = self._original.references[0].x
        try:
            self._scaling = measure_scaling(
                self._original.workload,
                self._original.entrant,
                best,
                x,
                self._left_s() * self._limits.scaling_share,
                self._scratch,
                max(usage.rows, rows_in_memory(usage, x)),
                self._part(LIMITS.building_share),
            )
        except NoTime as error:
            self._scaling_reason = "not measured for other numbers of rows: {}".format(error)
        except Exception as error:
            self._scaling_reason = "not measured for other numbers of rows: " + in_words(error)

    def _best(self) -> Entrant | None:
        """Returns the simplest of the fastest changes that take any number of rows, with the same outputs."""
        times = {
            one: median(wall for _, walls in one.rounds for wall in walls)
            for one in self._entrants
            if one.contender is not None
            and one.rounds
            and one.change.calls == 1
            and one.change.any_rows
            and not one.change.prepare
        }
        near = [one for one in times if times[one] <= NEAR * min(times.values())]
        return min(near, default=None, key=lambda one: (one.simplicity, times[one]))

    # --- the file ---

    def _save(self) -> None:
        elsewhere = self._original_elsewhere
        trials = {
            "schema": TRIALS_SCHEMA,
            "interrupted": self._interrupted,
            "original": self._original.entrant.describe(),
            "original_elsewhere": None if elsewhere is None else elsewhere.describe(),
            "random_outputs": self._original.random,
            "trials": [one.describe() for one in self._entrants],
            "scaling": self._scaling,
            "scaling_reason": self._scaling_reason,
        }
        write_json(os.path.join(self._request.folder, FILES["trials"]), trials)
