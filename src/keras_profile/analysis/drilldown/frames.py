"""One table of frames that all views share."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence

from ...model.call_graph import Function
from ...model.drilldown import BUILT_IN, FUNCTION, NATIVE, PART, STANDARD_LIBRARY, WRAPPER, Frame
from ...model.recording import RecordedInternal
from ..attribution.vocabulary import NO_PHASE

#: Prefixes of a module's path: installed packages first, since they are within the other.
_PACKAGES = re.compile(r".*[\\/](?:site|dist)-packages[\\/]")
_STANDARD_LIBRARY = re.compile(r".*[\\/]lib[\\/]python3\.\d+[\\/]|.*[\\/]Lib[\\/](?=[a-z_])")
#: Files that profilers give for functions that are not Python.
_BUILT_IN_FILES = ("<built-in>", "~", "")


class FrameTable:
    """Numbers frames in the order of first use, each place once."""

    def __init__(self, internals: Sequence[RecordedInternal], row_phases: Sequence[str]) -> None:
        self.frames: list[Frame] = []
        self._numbers: dict[Hashable, int] = {}
        self._internals = internals
        self._row_phases = row_phases
        self._row_of_place = {
            (row.file, row.line, row.qualname.rpartition(".")[2]): number
            for number, row in enumerate(internals)
            if row.file is not None
        }

    def function(self, function: Function) -> int:
        """The number of a function as profilers know it."""
        row = self._row_of_place.get((function.file, function.line, function.name))
        if row is not None:
            return self.internal(row)
        return self._number(function, lambda: _frame_of(function))

    def internal(self, row: int) -> int:
        """The number of a row of the internals table."""
        one = self._internals[row]
        kind = WRAPPER if self._row_phases[row] in NO_PHASE else FUNCTION
        return self._number(
            ("internal", row), lambda: Frame(one.qualname, one.module, one.file or "", one.line or 0, kind)
        )

    def native(self, event: str) -> int:
        """The number of an event of TensorFlow's own."""
        return self._number((NATIVE, event), lambda: Frame(event, "", "", 0, NATIVE))

    def part(self, name: str) -> int:
        """The number of a part of the call that is no function."""
        return self._number((PART, name), lambda: Frame(name, "", "", 0, PART))

    def functions(self, functions: Iterable[Function]) -> list[int]:
        """The numbers of several functions."""
        return [self.function(one) for one in functions]

    def _number(self, key: Hashable, make: Callable[[], Frame]) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.frames)
            self.frames.append(make())
        return number


def _frame_of(function: Function) -> Frame:
    if function.file in _BUILT_IN_FILES:
        return Frame(function.name, "", "", 0, BUILT_IN)
    is_library = function.file.startswith("<frozen") or (
        not _PACKAGES.match(function.file) and _STANDARD_LIBRARY.match(function.file) is not None
    )
    return Frame(
        function.name,
        module_of(function.file),
        function.file,
        function.line,
        STANDARD_LIBRARY if is_library else FUNCTION,
    )


def module_of(file: str) -> str:
    """The module of a source file, as far as its path shows.

    >>> module_of("/env/lib/python3.12/site-packages/keras/src/trainers/trainer.py")
    'keras.src.trainers.trainer'
    >>> module_of("/env/lib/python3.12/threading.py"), module_of("work/net.py")
    ('threading', 'net')
    >>> module_of("<frozen importlib._bootstrap>"), module_of("/x/site-packages/a/__init__.py")
    ('importlib._bootstrap', 'a')
    """
    if file.startswith("<"):
        return file.strip("<>").removeprefix("frozen ")
    path, found = _PACKAGES.subn("", file)
    if not found:
        path, found = _STANDARD_LIBRARY.subn("", file)
    parts = re.split(r"[\\/]", path if found else re.split(r"[\\/]", file)[-1])
    parts[-1] = parts[-1].removesuffix(".py")
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    return ".".join(parts)
