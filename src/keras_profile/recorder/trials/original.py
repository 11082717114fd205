"""The original call: warmed up, and what it gives for the inputs that changes are compared on."""

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
from .outputs import Difference, compare
from .usage import usage_of
from .variations import variations

if TYPE_CHECKING:
    from ...recipes.recipe import Change
    from ...recipes.usage import Usage
    from ..workload.workload import Workload


class Reference:
    """An input by its ``name``, and what the original call gives for it."""

    def __init__(self, name: str, x: Any, outputs: Any) -> None:
        self.name = name
        self.x = x
        self.outputs = outputs


class Original:
    """The original call of a workload, which is made for the first time here.

    ``entrant`` is it as one of those that are measured, ``usage`` what recipes may know of it.
    ``references`` are the measured input, then others; ``many`` has many rows, None where the call
    takes no other number. With ``random`` outputs there is the measured input alone, and nothing to
    compare. Raises :class:`..protocol.RecorderError` where the call fails.
    """

    def __init__(
        self, workload: Workload, report: events.Report, scratch: str, limits: Limits = LIMITS
    ) -> None:
        self.workload = workload
        self._limits = limits
        self._report = report
        report(events.Stage("first call, before recipes are tried"))
        x = workload.fresh_input()
        self.usage: Usage = usage_of(workload, x, self._first_outputs(x))
        change = self._change()
        self.entrant = Entrant(None, change)
        contender = self.entrant.contender = Contender(change, workload.names(), scratch)
        contender.set_up(x)
        begin = time.perf_counter_ns()
        first = contender.outputs(self.input_again(x))
        second = contender.outputs(self.input_again(x))
        peak = Peak()
        self.entrant.call_ns = min(contender.block(workload.fresh_input, 0, 2))
        self.entrant.peak_bytes = peak.growth_bytes()
        self.entrant.warmup_ns = time.perf_counter_ns() - begin
        self.references = [Reference("the measured input", x, first)]
        self.many: ManyRows | None = None
        try:
            compare(first, second)
            self.random = False
        except Difference:
            self.random = True
        if not self.random:
            self._add_references(x)

    @property
    def call_ns(self) -> int:
        """What a call takes."""
        return self.entrant.call_ns

    def input_again(self, x: Any) -> Any:
        """The measured input; for one that is used up, another of the same."""
        return self.workload.fresh_input() if kind_of(x) == "generator" else x

    def _first_outputs(self, x: Any) -> Any:
        try:
            return self.workload.call(x)
        except Exception as error:
            raise RecorderError(
                "call_failed",
                "{} failed in its first call: {}".format(self.workload.entry, in_words(error)),
                "does it run without keras-profile?",
                trace=own_traceback(error),
            ) from error

    def _change(self) -> Change:
        """The call as code."""
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
        """What the call gives for other inputs, as many as there is time for."""
        outputs = self.entrant.running.outputs
        begin = time.perf_counter()
        for name, other in variations(x):
            if len(self.references) > 1 and time.perf_counter() - begin > self._limits.comparing_s:
                return
            self.references.append(Reference(name, other, outputs(other)))
        self.many = call_many_rows(
            self.workload, self.usage, outputs, self.call_ns, x, self._report, self._limits
        )
