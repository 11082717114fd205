"""The original call: warmed up, with its outputs for the inputs on which changes are compared."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ..protocol import FUNCTION, RecorderError, events
from ..user_frames import own_traceback
from ..workload.inputs import kind_of
from .contender import Contender
from .entrant import Entrant
from .error_words import in_words
from .limits import LIMITS, Limits
from .loading import load_recipes
from .many_rows import ManyRows, call_many_rows
from .memory import Peak
from .outputs import Difference, compare, in_order_of
from .state import Generators, ModelState, seed_all
from .usage import usage_of
from .variations import repeated_rows, variations

if TYPE_CHECKING:
    from ...recipes.recipe import Change
    from ...recipes.usage import Usage
    from ..workload.workload import Workload
    from .worker import ProcessContender


class Reference:
    """An input with its ``name``, and the outputs of the original call for it."""

    def __init__(self, name: str, x: Any, outputs: Any) -> None:
        self.name = name
        self.x = x
        self.outputs = outputs


class Original:
    """The original call of a workload, which is made for the first time here.

    ``entrant`` is the call as one of those that are measured, ``usage`` what recipes may know about it.
    ``references`` are the measured input, then others; ``many`` has many rows, None if the call
    takes no other number. :meth:`compared` makes the calls that are compared. If their outputs still
    differ, they are ``random``: there is only the measured input, and nothing is compared. With
    ``rows_in_any_order``, the rows are the same but in another order. If it is ``seeded``, outputs are the
    same only with the same seed. Raises :class:`..protocol.RecorderError` if the call fails.
    :meth:`leave` must be called at the end.
    """

    def __init__(
        self, workload: Workload, report: events.Report, scratch: str, limits: Limits = LIMITS
    ) -> None:
        self.workload = workload
        self._limits = limits
        self._report = report
        self._state_before = ModelState(workload.model)
        self._generators_before = Generators()
        self.rows_in_any_order = self.seeded = False
        self.many: ManyRows | None = None
        try:
            self._make(scratch)
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """Restores the state of the user's model and of the random generators."""
        self._state_before.forget_unchanged()
        self._state_before.set()
        self._generators_before.restore()

    def compared(self, contender: Contender | ProcessContender, x: Any) -> Any:
        """Returns the outputs of ``contender`` for ``x``, with the state and seeds of all compared calls."""
        copies = contender.models() if isinstance(contender, Contender) else []
        self.state.set(*copies)
        if self.seeded:
            seed_all()
        return contender.outputs(x)

    def _make(self, scratch: str) -> None:
        workload = self.workload
        self._report(events.Stage("first call, before changes are tried"))
        x = workload.fresh_input()
        self.usage: Usage = usage_of(workload, x, self._first_outputs(x))
        change = self._change()
        self.state = ModelState(workload.model)
        self.entrant = Entrant(None, change)
        contender = self.entrant.contender = Contender(change, workload.names(), scratch)
        contender.set_up(x)
        begin = time.perf_counter_ns()
        contender.outputs(self.input_again(x))
        self.state.forget_unchanged()
        self.usage.keeps_state = self.state.is_kept
        first, self.random = self._repeated(contender, x)
        peak = Peak()
        self.entrant.call_ns = min(contender.block(workload.fresh_input, 0, 2))
        self.entrant.peak_bytes = peak.growth_bytes()
        self.entrant.warmup_ns = time.perf_counter_ns() - begin
        self.references = [Reference("the measured input", x, first)]
        if not self.random:
            self._add_references(x)

    def _repeated(self, contender: Contender, x: Any) -> tuple[Any, bool]:
        """Returns a call's outputs, and whether a second call's differ, even seeded or in any order."""
        for seeded in (False, True):
            self.seeded = seeded
            first = self.compared(contender, self.input_again(x))
            second = self.compared(contender, self.input_again(x))
            for any_order in (False, self.usage.rows is None):
                self.rows_in_any_order = any_order
                try:
                    compare(first, self.in_order(first, second))
                    return first, False
                except Difference:
                    continue
        self.seeded = self.rows_in_any_order = False
        return first, True

    def in_order(self, expected: Any, outputs: Any) -> Any:
        """Returns the outputs as they are, or in the order of the expected ones if order has no meaning."""
        return in_order_of(expected, outputs) if self.rows_in_any_order else outputs

    @property
    def call_ns(self) -> int:
        """How long a call takes, in ns."""
        return self.entrant.call_ns

    def input_again(self, x: Any) -> Any:
        """Returns the measured input, or an equal one if it is used up."""
        return self.workload.fresh_input() if kind_of(x) == "generator" else x

    def _first_outputs(self, x: Any) -> Any:
        try:
            return self.workload.call(x)
        except Exception as error:
            raise RecorderError(
                "call_failed",
                "{} failed in its first call: {}".format(self.workload.entry, in_words(error)),
                "check that it runs without keras-profile",
                trace=own_traceback(error),
            ) from error

    def _change(self) -> Change:
        """Returns the call as code."""
        snippets, recipe = load_recipes("snippets"), load_recipes("recipe")
        made: Change = (
            recipe.Change(
                "as it is",
                "function(x)",
                setup=snippets.lines(snippets.TENSORFLOW, "", "function = tf.function(model)"),
            )
            if self.workload.entry_point.called == FUNCTION
            else recipe.Change("as it is", snippets.user_call(self.usage))
        )
        return made

    def _add_references(self, x: Any) -> None:
        """Adds the call's outputs for other inputs, as many as there is time for."""

        def outputs(x: Any) -> Any:
            return self.compared(self.entrant.running, x)

        begin = time.perf_counter()
        seen = [rows for rows in self.usage.rows_seen if rows != self.usage.rows]
        fewest_and_most = sorted({*seen[:1], *seen[-1:]})
        others = [
            ("{:,} row{}".format(rows, "" if rows == 1 else "s"), repeated_rows(x, rows))
            for rows in fewest_and_most
        ]
        for name, other in others + variations(x):
            if len(self.references) > 1 and time.perf_counter() - begin > self._limits.comparing_s:
                return
            self.references.append(Reference(name, other, outputs(other)))
        # With larger or different batches, a state develops differently.
        if not self.usage.keeps_state:
            self.many = call_many_rows(
                self.workload, self.usage, outputs, self.call_ns, x, self._report, self._limits
            )
