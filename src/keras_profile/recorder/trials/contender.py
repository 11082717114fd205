"""One way of making the call, as running code: the original or a recipe's change."""

from __future__ import annotations

import contextlib
import os
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any, Callable, ContextManager, Iterator, Mapping

from ..frameworks.keras import is_model
from ..frameworks.tensorflow.switches import without_debugger
from ..structures import map_leaves

if TYPE_CHECKING:
    from ...recipes.recipe import Change
    from ..protocol.requests import ServedChange

_UNSET = object()


class Contender:
    """A change whose code is run as it is printed: a recipe's, or one that a process serves.

    ``names`` are available to the code: ``model``, ``callbacks``, ``signature``. Files that
    ``setup`` writes are in the folder ``scratch``.
    """

    def __init__(self, change: Change | ServedChange, names: Mapping[str, Any], scratch: str) -> None:
        self.change = change
        self._names = dict(names)
        self._scratch = scratch
        self._call = compile(change.call, "<recipe>", "eval")
        self._prepare = compile(change.prepare, "<recipe>", "exec") if change.prepare else None
        self._x: Any = _UNSET

    def set_up(self, x: Any) -> None:
        """Runs the statements that run only once; ``x`` is the first input.

        Raises whatever they raise.
        """
        self._names["x"] = x
        with _working_folder(self._scratch), self._as_in_the_program():
            exec(compile(self.change.setup, "<recipe>", "exec"), self._names)

    def adopt(self, other: Contender) -> None:
        """Takes over what the same ``setup`` built for another contender."""
        self._names = dict(other._names)

    def take(self, x: Any) -> None:
        """Makes ``x`` the input of the next calls."""
        if x is self._x:
            return
        self._x = x
        self._names["x"] = x
        if self.change.calls > 1:
            self._names["xs"] = [x] * self.change.calls
        if self._prepare is not None:
            exec(self._prepare, self._names)

    def outputs(self, x: Any) -> Any:
        """Returns the outputs of the call for ``x``; those of one call if it does the work of several."""
        with self._as_in_the_program():
            self.take(x)
            result = eval(self._call, self._names)
        return _first_part(result, self.change.calls) if self.change.calls > 1 else result

    def measure(self, x: Any) -> int:
        """Returns how long a call takes, in ns."""
        self.take(x)
        code, names = self._call, self._names
        begin = perf_counter_ns()
        result = eval(code, names)
        wall = perf_counter_ns() - begin
        del result
        return wall

    def block(self, fresh: Callable[[], Any], settling: int, calls: int) -> list[int]:
        """Returns the wall times of ``calls`` calls, in ns, after ``settling`` uncounted ones.

        ``fresh()`` returns the input of each.
        """
        with self._as_in_the_program():
            return [self.measure(fresh()) for _ in range(settling + calls)][settling:]

    def _as_in_the_program(self) -> ContextManager[None]:
        """Returns the context for its code, in which it runs as it would in a program."""
        return without_debugger() if self.change.without_debugger else contextlib.nullcontext()

    def models(self) -> list[Any]:
        """Returns the Keras models that its code has made."""
        return [thing for name, thing in self._names.items() if name != "model" and is_model(thing)]

    def close(self) -> None:
        """Releases what was built."""
        self._names.clear()


def _first_part(result: Any, parts: int) -> Any:
    return map_leaves(lambda array: array[: len(array) // parts], result)


@contextlib.contextmanager
def _working_folder(folder: str) -> Iterator[None]:
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
