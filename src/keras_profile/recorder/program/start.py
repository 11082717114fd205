"""Turns the recorder on in this process, and does the work that follows the program's end."""

from __future__ import annotations

import atexit
import os
import sys
import traceback
from types import TracebackType
from typing import TYPE_CHECKING

from .. import system
from ..isolated_imports import IsolatedImports
from ..protocol import FOLDER_VARIABLE, PROGRAM_FILES, events
from ..protocol.requests import RecorderOptions, WindowOptions
from ..trials.error_words import in_words
from ..untouched import thread_time_ns
from .time_windows import TimeWindows
from .watch import Watch

if TYPE_CHECKING:
    from .beginning import Began


class StartedRecorder:
    """The recorder of a process that was started to be recorded.

    :meth:`forked_child` is to be called in a forked child.
    """

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._keeps_end = False
        self._register()
        watch.when_loaded = self._register

    def _register(self) -> None:
        """Registers the exit function, to run before those of the packages that are loaded so far.

        What is registered last is called first. After the packages' exit functions, models cannot be
        called any more. The program's exit functions that were registered since then run earlier.
        """
        atexit.unregister(self.at_exit)
        atexit.register(self.at_exit)

    def forked_child(self) -> None:
        if not self._keeps_end:
            self._watch.forked_child()

    def at_exit(self) -> None:
        """Writes what is left, and takes a closer look at the calls if that was asked for."""
        watch = self._watch
        error = _uncaught()
        watch.end(None if error is None else in_words(error))
        # Only the process that was started to be recorded gets a closer look, none of its children.
        if not watch.forked and system.parent_is(watch.options.driver or 0):
            self._look_closer()
        if isinstance(error, KeyboardInterrupt):
            _end_as_interrupted()

    def _look_closer(self) -> None:
        """Takes a closer look at the calls, while the program's own end is kept."""
        try:
            with IsolatedImports():
                from .afterwards import is_worth_a_look, look_closer
                from .apart import apart_from_program
                from .kept_end import KeptEnd
        except Exception as error:  # the program has left nothing to import it from
            self._watch.files.event(events.Announce("no closer look: {}".format(in_words(error))))
            return
        watch = self._watch
        if not is_worth_a_look(watch):
            return
        self._keeps_end = True
        end = KeptEnd(watch.files)
        end.keep()
        if end.is_copy:
            return
        system.ends_with_parent()
        with apart_from_program(watch.files.folder):
            try:
                look_closer(watch)
            except KeyboardInterrupt:
                watch.files.event(events.Announce("interrupted; results until then are shown"))
            except BaseException as error:  # a model may raise anything
                traceback.print_exc()
                watch.files.event(events.Announce("the closer look ended early: {}".format(in_words(error))))
        watch.files.event(events.Done())
        end.let_go()


class RecorderInWindows:
    """The recorder of a process that is recorded for some time in each period.

    :meth:`forked_child` is to be called in a forked child. After the program's end nothing is done but
    to write what is left of a window.
    """

    def __init__(self, watch: Watch, options: WindowOptions, program: str) -> None:
        self._windows = TimeWindows(watch, options, program)
        self._windows.start()
        self.forked_child = self._windows.forked_child
        atexit.register(self.at_exit)

    def at_exit(self) -> None:
        error = _uncaught()
        self._windows.end(None if error is None else in_words(error))
        if isinstance(error, KeyboardInterrupt):
            _end_as_interrupted()


def start_by_environment(
    began: Began, forked: bool, loading_from_ns: int
) -> StartedRecorder | RecorderInWindows | None:
    """Starts to watch this process as its environment variable says; returns None without one.

    ``began`` is when it was started, or ``forked``, and ``loading_from_ns`` the thread's processor time
    when the recorder began to be loaded. Raises :class:`..protocol.RecorderError` if the options cannot be
    followed.
    """
    folder = os.environ.get(FOLDER_VARIABLE)
    if not folder:
        return None
    with open(os.path.join(folder, PROGRAM_FILES["options"]), encoding="utf-8") as file:
        options = RecorderOptions.from_json(file.read())
    watch = Watch(folder, options, began, forked)
    if options.windows is not None:
        options.windows.check()
        return RecorderInWindows(watch, options.windows, folder)
    watch.start()
    started = StartedRecorder(watch)
    watch.beginning.allowance.note("starting", thread_time_ns() - loading_from_ns)
    return started


def _uncaught() -> BaseException | None:
    """Returns the error that ended the program's main module, None if none did.

    Python keeps the last error that it has printed; a console within the program sets it, too.
    https://docs.python.org/3/library/sys.html#sys.last_value
    """
    error: BaseException | None = getattr(sys, "last_value", None)
    trace: TracebackType | None = getattr(sys, "last_traceback", None)
    if error is None or trace is None:
        return None
    return error if trace.tb_frame.f_globals is vars(sys.modules["__main__"]) or _is_start(trace) else None


def _is_start(trace: TracebackType) -> bool:
    """Whether a traceback begins where Python runs a module as the program."""
    return trace.tb_frame.f_globals.get("__name__") == "runpy"


def _end_as_interrupted() -> None:
    """Lets Python end this process by the signal, as it does after Ctrl-C.

    Python forgets that an interrupt was not caught when it evaluates text. A closer look and its import
    do that: the exit code would be 1. So the last text that it evaluates raises another interrupt.
    https://github.com/python/cpython/blob/v3.11.0/Python/pythonrun.c#L1714
    """
    try:
        exec("raise KeyboardInterrupt")
    except KeyboardInterrupt:
        return
