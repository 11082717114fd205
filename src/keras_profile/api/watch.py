"""Watches a part of the code in this process, as a program is watched."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ContextDecorator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from ..errors import KerasProfileError
from ..launch import recorder_process
from ..model.program import ProgramFile
from ..output.progress import ProgressDisplay
from ..recordings.folders import remove_empty_program
from ..recordings.json_files import write_program
from ..recordings.opened import OpenedProgram
from . import programs
from .options import ProgramOptions
from .results import Program


class Watching(ContextDecorator):
    """The result of :func:`watch`: a context manager, and a decorator of functions."""

    def __init__(self, name: str, output: Path, options: ProgramOptions, quiet: bool) -> None:
        self._name = name
        self._output = output
        self._options = options
        self._quiet = quiet
        self._depth = 0
        self._folder: Path | None = None
        self._watch: Any = None
        self._content: ProgramFile | None = None
        self._report: Program | None = None

    def __enter__(self) -> Watching:
        self._depth += 1
        if self._depth == 1:
            if self._watch is None:
                self._begin()
            self._watch.resume()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._watch.pause()

    def report(self) -> Program:
        """Tries recipes, and returns the report of all that was watched so far.

        Raises :class:`KerasProfileError` if no model was called, and within the watched code.
        """
        if self._depth:
            raise KerasProfileError(
                "expected the watched code to have ended, found it running",
                "call report() after the with block, or after the decorated function has returned",
            )
        if self._watch is not None:
            self._end()
        if self._report is None:
            raise KerasProfileError("nothing was watched yet", "run the with block or the function first")
        return self._report

    def _begin(self) -> None:
        self._report = None
        self._folder, self._content = programs.new_program(
            self._name, [self._name], sys.executable, self._output
        )
        write_program(self._folder, self._content)
        self._watch = recorder_process.watch_here(self._folder, programs.recorder_options(self._options))

    def _end(self) -> None:
        """Ends the recording: later calls belong to a new one."""
        assert self._folder is not None
        assert self._content is not None
        watch, self._watch = self._watch, None
        watch.end()
        if remove_empty_program(self._folder):
            raise KerasProfileError(
                "no call of a Keras model was recorded",
                "make a call of predict, predict_on_batch or model(x) outside of training",
            )
        write_program(self._folder, replace(self._content, complete=True))
        with ProgressDisplay(self._quiet) as display:
            recorder_process.look_closer(watch, display)
        self._report = Program.of(OpenedProgram(self._folder))


def watch(
    *,
    name: str = "watch",
    seconds: float | None = ProgramOptions.seconds,
    replay: bool = ProgramOptions.replay,
    recipes: Sequence[str] | None = ProgramOptions.recipes,
    thorough: bool = ProgramOptions.thorough,
    keep_inputs: bool = ProgramOptions.keep_inputs,
    captures: Sequence[str] = ProgramOptions.captures,
    output: str | Path = ".",
    quiet: bool = False,
) -> Watching:
    """Records the inference calls of a ``with`` block or a decorated function, in this process.

    The code makes its calls as usual; a few of them run under instruments. ``report()`` of the result
    ends the recording in ``output/traces/``, tries recipes for ``seconds`` on the models and inputs of
    the calls, and returns a :class:`keras_profile.Program`. ``recipes`` has the ids of those to try;
    None tries all that fit, an empty list none. ``thorough`` spends more of the time on instruments.
    Without ``keep_inputs`` no input is kept, and recipes are tried on generated inputs.

    >>> with keras_profile.watch() as w:                     # doctest: +SKIP
    ...     serve(requests)
    >>> w.report()                                           # doctest: +SKIP
    """
    options = ProgramOptions(
        recipes=recipes,
        captures=captures,
        thorough=thorough,
        keep_inputs=keep_inputs,
        replay=replay,
        seconds=seconds,
    )
    return Watching(name, Path(output), options, quiet)
