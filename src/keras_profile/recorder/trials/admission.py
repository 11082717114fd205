"""Decides what is measured: each change is built, warmed up, and compared with the original call."""

from __future__ import annotations

import tempfile
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Callable, ContextManager

from ..protocol import events
from ..system import available_bytes
from .contender import Contender
from .entrant import DIFFERS, FAILED, NOT_TRIED, TRIED, Entrant
from .error_words import in_words
from .limits import LIMITS, Limits
from .memory import Peak
from .outputs import Agreement, Difference, compare, largest_numbers, same_kinds
from .patience import TookTooLong, at_most
from .variations import take_rows
from .worker import ProcessContender

if TYPE_CHECKING:
    from ..protocol.requests import TryRequest, WorkloadRequest
    from .many_rows import ManyRows
    from .original import Original


class _NoCopy(Exception):
    """Raised if the model cannot be copied as the change requires; the text says why."""


class Admission:
    """Admits the changes that return the same outputs as the ``original``.

    ``scratch`` is a folder for what changes write. Those that are ``apart`` run in their own processes,
    which make the workload that ``elsewhere()`` returns. With ``interrupts``, a change that hangs here is
    ended by an exception; otherwise the process that watches this one ends it.
    """

    def __init__(
        self,
        request: TryRequest,
        original: Original,
        report: events.Report,
        scratch: str,
        elsewhere: Callable[[], WorkloadRequest],
        limits: Limits = LIMITS,
        interrupts: bool = False,
    ) -> None:
        self._request = request
        self._elsewhere = elsewhere
        self._limits = limits
        self._interrupts = interrupts
        self._original = original
        self._report = report
        self._scratch = scratch
        self._seconds = request.trials.seconds
        self.hung_s = limits.hung_s(self._seconds, original.call_ns)
        #: How long a separate process is expected to take to start, in seconds.
        self.starting_s = limits.expected_starting_s

    def admit_all(
        self, waiting: list[Entrant], save: Callable[[], None], seconds: float | None = None
    ) -> None:
        """Admits as many as there is time for; those that get a contender are admitted.

        ``save()`` is called after each. It takes at most ``seconds``, or as long as the limits allow.
        """
        begin = time.perf_counter()
        limits = self._limits
        allowed = max(limits.admission_budgets * self._seconds, limits.admission_s)
        allowed = allowed if seconds is None else seconds
        failed: set[str] = set()
        for number, entrant in enumerate(waiting):
            taken = time.perf_counter() - begin
            if entrant.key in self._request.given_up:
                entrant.end(FAILED, self._request.given_up[entrant.key])
            elif entrant.change.fails_with in failed:
                entrant.end(NOT_TRIED, "the same with {} has just failed".format(entrant.change.fails_with))
                failed.add(entrant.change.title)
            elif taken > allowed or (seconds is not None and taken + self._expected_s(entrant) > allowed):
                entrant.end(NOT_TRIED, "no time was left: increase --seconds to try it")
            else:
                self._report(
                    events.Trying(
                        key=entrant.key,
                        text=entrant.change.title,
                        seconds=self.watched_s(entrant),
                        number=number + 1,
                        of_all=len(waiting),
                    )
                )
                self._admit(entrant, max(allowed - taken, LIMITS.least_patience_s))
                if entrant.hung and seconds is None:
                    begin += time.perf_counter() - begin - taken  # the others still get their time
            if entrant.status == FAILED:
                failed.add(entrant.change.title)
            save()
        self._report(events.Tried())

    def watched_s(self, entrant: Entrant) -> float:
        """Returns after how many seconds this process must be killed if the change hangs in it.

        If a change has its own process, this one kills only that.
        """
        if entrant.apart:
            return LIMITS.forever_s
        # A user's process is ended by its watcher only if the interrupt did not help.
        return self.hung_s + LIMITS.native_patience_s if self._interrupts else self.hung_s

    def patience(self, entrant: Entrant, seconds: float = LIMITS.forever_s) -> ContextManager[None]:
        """Ends what hangs in the ``with`` block, if it belongs to the change and runs here."""
        if not self._interrupts or entrant.apart:
            return nullcontext()
        return at_most(min(seconds, self.hung_s))

    def in_own_process(self, entrant: Entrant) -> ProcessContender:
        """Returns the change as a contender in its own process, which is not started yet."""
        return ProcessContender(
            entrant.change,
            self._elsewhere,
            self._original.workload.model,
            tempfile.mkdtemp(dir=self._scratch),
            self.hung_s + self._limits.starting_s,
        )

    def _expected_s(self, entrant: Entrant) -> float:
        """Returns how long admitting a change may take, estimated from a call of the original."""
        calls = LIMITS.admission_calls * self._original.call_ns / 1e9
        return calls + (self.starting_s if entrant.apart else 0)

    def _admit(self, entrant: Entrant, seconds: float) -> None:
        reason = self._has_other_state(entrant) or self._too_large(entrant) or self._too_long(entrant)
        if reason:
            entrant.end(NOT_TRIED, reason)
            return
        try:
            with self.patience(entrant, seconds):
                self._build_and_compare(entrant)
            entrant.status = TRIED
        except TookTooLong:
            entrant.hung = True
            entrant.end(FAILED, "it did not return within {:.0f} s".format(min(seconds, self.hung_s)))
        except Difference as error:
            entrant.end(DIFFERS, str(error))
        except _NoCopy as error:
            entrant.end(FAILED, str(error))
        except MemoryError:
            entrant.end(FAILED, "memory ran out")
        except (Exception, SystemExit) as error:
            entrant.end(FAILED, in_words(error))

    def _build_and_compare(self, entrant: Entrant) -> None:
        """Raises :class:`Difference` if the outputs differ, and whatever the change raises."""
        original, workload = self._original, self._original.workload
        if entrant.apart:
            entrant.contender = self.in_own_process(entrant)
        else:
            scratch = tempfile.mkdtemp(dir=self._scratch)
            entrant.contender = Contender(entrant.change, workload.names(), scratch)
        measured = original.references[0]
        begin = time.perf_counter_ns()
        original.state.set()
        self._set_up(entrant, measured.x)
        peak = Peak()
        outputs = original.compared(entrant.contender, original.input_again(measured.x))
        entrant.warmup_ns = time.perf_counter_ns() - begin
        if not original.random:
            entrant.agreement = Agreement()
            try:
                self._compare(entrant, entrant.agreement, outputs)
            except Difference:
                if not original.seeded:
                    raise
                # With the same seed, a graph draws different numbers from ops that run one by one.
                entrant.agreement, entrant.reason = None, "it draws other random numbers from the same seed"
        entrant.peak_bytes = None if entrant.apart else peak.growth_bytes()
        entrant.call_ns = min(entrant.contender.block(workload.fresh_input, 0, 2))

    @staticmethod
    def _set_up(entrant: Entrant, x: Any) -> None:
        """Builds the change. Raises :class:`_NoCopy` if the model cannot be copied."""
        assert entrant.recipe is not None
        try:
            entrant.running.set_up(x)
        except Exception as error:
            if entrant.recipe.where != "on_copy" or isinstance(error, MemoryError):
                raise
            raise _NoCopy("the model cannot be copied for it: " + in_words(error)) from error

    # --- comparing ---

    def _compare(self, entrant: Entrant, agreement: Agreement, outputs: Any) -> None:
        """Compares the outputs with the original's on each input; adds to the agreement."""
        rows = self._original.usage.rows
        measured, *others = self._original.references
        self._agree(entrant, agreement, measured.outputs, outputs)
        entrant.compared_inputs.append(measured.name)
        entrant.compared_rows += rows or 0
        for reference in others:
            if entrant.apart and rows is None:
                break  # a process makes its own dataset: the other inputs cannot be sent there
            try:
                outputs = self._original.compared(entrant.running, reference.x)
                self._agree(entrant, agreement, reference.outputs, outputs)
            except Difference as error:
                raise Difference("for {}: {}".format(reference.name, error)) from error
            entrant.compared_inputs.append(reference.name)
            entrant.compared_rows += rows or 0
        if self._original.many is not None:
            self._compare_many(entrant, agreement, self._original.many)

    def _compare_many(self, entrant: Entrant, agreement: Agreement, many: ManyRows) -> None:
        rows = many.rows
        step = rows if entrant.change.any_rows else self._original.usage.rows
        if entrant.change.calls > 1:  # its input is the input of several calls
            step = rows // entrant.change.calls
        assert step is not None  # only arrays have many rows
        # A single row's outputs may all be near 0, so that the same error is a larger part of them.
        largest = largest_numbers(many.outputs)
        begin, start = time.perf_counter(), 0
        while start + step <= rows and (start == 0 or time.perf_counter() - begin < self._limits.comparing_s):
            part = slice(start, start + step)
            try:
                outputs = self._original.compared(entrant.running, take_rows(many.x, part))
                self._agree(entrant, agreement, take_rows(many.outputs, part), outputs, largest)
            except Difference as error:
                raise Difference(
                    "for other rows, {:,} to {:,} of {:,}: {}".format(start, start + step, rows, error)
                ) from error
            start += step
        entrant.compared_inputs.append("many rows")
        entrant.compared_rows += start

    def _agree(
        self,
        entrant: Entrant,
        agreement: Agreement,
        expected: Any,
        outputs: Any,
        largest: dict[str, float] | None = None,
    ) -> None:
        assert entrant.recipe is not None
        same_kinds(expected, outputs)
        agreement.add(
            compare(
                expected,
                self._original.in_order(expected, outputs),
                through=self._original.usage.compute_dtypes,
                approximate=entrant.recipe.approximate,
                largest=largest,
            )
        )

    # --- what is not worth its time or memory ---

    def _has_other_state(self, entrant: Entrant) -> str | None:
        """Returns why a change in another process, without the state, cannot be compared, or None."""
        if not (entrant.apart and self._original.usage.keeps_state):
            return None
        return "a call's outputs depend on earlier calls, and another process has its own state"

    def _too_large(self, entrant: Entrant) -> str | None:
        """Returns why a change that puts more rows into a batch would not fit into memory, or None."""
        usage = self._original.usage
        rows, batch = entrant.change.batch_rows, usage.batch_rows
        free, taken = available_bytes(), usage.bytes_per_row
        if rows is None or batch is None or rows <= batch or free is None or taken is None:
            return None
        if rows * taken <= LIMITS.memory_share * free:
            return None
        return "a batch of {:,} rows takes up to {:.1f} GB, but only {:.1f} GB are free".format(
            rows, rows * taken / 1e9, free / 1e9
        )

    def _too_long(self, entrant: Entrant) -> str | None:
        """Returns why a change that does the work of many calls is not worth its time, or None."""
        calls, took_s = entrant.change.calls, self._original.call_ns / 1e9
        expected_s = LIMITS.admission_calls * calls * took_s
        if calls == 1 or expected_s <= max(self._seconds, self._limits.admission_s):
            return None
        return (
            "it does the work of {} calls, so comparing it takes about {:.0f} s: "
            "increase --seconds to try it".format(calls, expected_s)
        )
