"""Records a process for some time in each period; in between, nothing of the recorder runs on a call.

A thread sleeps until a window begins. It then puts the watches into Keras' functions as for any program,
and takes them out again at the window's end: the functions have their own code, no finder is in
``sys.meta_path``, nothing samples. Each window is a recording of its own, in a folder of the program's
folder. Of these the newest are kept.

The thread is not one of :mod:`threading`: the program does not see it. A forked child has its own, and
its own windows.
"""

from __future__ import annotations

import json
import os
import random
import re
import stat
import sys
from typing import TYPE_CHECKING

from ..own_files import NEW, names_of, write_file_whole
from ..protocol import PROGRAM_FILES, PROGRAM_SCHEMA, WINDOW_NAME, WINDOW_PATTERN, WINDOW_TIME
from ..protocol.visible import readable_json
from ..untouched import (
    allocate_lock,
    format_time,
    getpid,
    link_status_of,
    local_time,
    make_folder,
    perf_counter_ns,
    remove,
    remove_folder,
    rename,
    start_new_thread,
    wall_time,
)
from ..whole_file import put_in_place
from .importing import ImportWatch
from .journal import say
from .wrapping import PACKAGES, watched_modules

if TYPE_CHECKING:
    from types import ModuleType

    from ..protocol.requests import WindowOptions
    from .watch import Watch

#: How long a window waits for an import or a call that is in its way, before it looks again.
_LOOKING_S = 0.02
#: How long the end of a window waits for calls under way, and the end of the program for the thread.
_CALLS_S, _ENDING_S = 10.0, 5.0
_WINDOW = re.compile(WINDOW_PATTERN + "$")


class TimeWindows:
    """The windows of a process; ``watch`` records each into a folder below ``program``.

    :meth:`forked_child` is to be called in a forked child, :meth:`end` when the program's code has ended.
    """

    def __init__(self, watch: Watch, options: WindowOptions, program: str) -> None:
        self._watch = watch
        self._options = options
        self._program = program
        self._timer: _Timer | None = None
        # What records calls needs numpy: it is loaded when the program has imported that itself.
        self._imports = ImportWatch(watched_modules(), _nothing, _nothing, self._loaded)

    def start(self) -> None:
        """Waits for Keras or TensorFlow; the first period begins when either is imported."""
        self._imports.install()

    def forked_child(self) -> None:
        try:
            self._watch.forsake_window()
        except Exception as error:
            self._timer = None
            _is_not_recorded(error)
        if self._timer is not None:
            self._begin()

    def end(self, raised: str | None) -> None:
        """Ends the window that there is, since the program's own code has ended."""
        self._imports.remove()
        timer, self._timer = self._timer, None
        if timer is not None and timer.stop():
            timer.try_to_end_window(raised)

    def _loaded(self, name: str, module: ModuleType, begin_ns: int, end_ns: int) -> None:
        """Goes on when the first module is there whose functions are watched in a window."""
        if name in PACKAGES or self._timer is not None:
            return
        self._imports.remove()
        try:
            self._watch.prepare()
        except Exception as error:
            _is_not_recorded(error)
        else:
            self._begin()

    def _begin(self) -> None:
        timer = self._timer = _Timer(self._watch, self._options, self._program)
        try:
            timer.start()
        except RuntimeError as error:  # there can be no more threads
            self._timer = None
            _is_not_recorded(error)


class _Timer:
    """The thread that begins and ends the windows of one process."""

    def __init__(self, watch: Watch, options: WindowOptions, program: str) -> None:
        self._watch = watch
        self._options = options
        self._program = program
        self._folder: str | None = None  # of the window that there is now
        self._said = self._stopped = False
        self._stop = allocate_lock()  # held while the thread is to go on
        self._done = allocate_lock()  # held while the thread lives

    def start(self) -> None:
        """Starts the thread. Raises ``RuntimeError`` if there can be no more."""
        self._stop.acquire()
        self._done.acquire()
        start_new_thread(self._run, ())

    def stop(self) -> bool:
        """Ends the thread; returns False if it does not end, or did not begin."""
        if self._stop.locked():
            self._stop.release()
        return bool(self._done.acquire(True, _ENDING_S))

    def try_to_end_window(self, raised: str | None = None) -> None:
        """Ends the window like :meth:`end_window`. What fails is said once, and raises nothing."""
        try:
            self.end_window(raised)
        except Exception as error:
            self._fails(error)

    def end_window(self, raised: str | None = None) -> None:
        """Ends the window, if there is one, and writes what is left of it."""
        folder, self._folder = self._folder, None
        if folder is None:
            return
        patience = perf_counter_ns() + _CALLS_S * 1e9
        try:
            self._watch.end_window(lambda: perf_counter_ns() < patience and self._sleeps(_LOOKING_S), raised)
        finally:
            if any(name.startswith("process-") for name in names_of(folder)):
                _write_program(folder, complete=True)
            else:
                _remove(folder)

    # --- in its thread ---

    def _run(self) -> None:
        options = self._options
        offset_s = options.offset_s
        if offset_s is None:  # the program's own random numbers stay as they are
            offset_s = random.Random().uniform(0, options.every_s)
        due = perf_counter_ns() + round(offset_s * 1e9)
        try:
            while self._sleeps((due - perf_counter_ns()) / 1e9):
                self._record()
                late = max(perf_counter_ns() - due, 0)
                due += round((late / 1e9 // options.every_s + 1) * options.every_s * 1e9)
        finally:
            self._done.release()

    def _record(self) -> None:
        """Records one window. What fails is said once: the program and the next windows go on."""
        try:
            while self._is_in_the_way():
                if not self._sleeps(_LOOKING_S):
                    return
            self._folder = self._new_folder()
            self._watch.begin_window(self._folder)
            if self._sleeps(self._options.for_s):
                self.end_window()
                self._remove_oldest()
        except Exception as error:
            self._fails(error)
            self.try_to_end_window()

    def _sleeps(self, seconds: float) -> bool:
        """Waits; returns False as soon as the thread is to end."""
        self._stopped = self._stopped or self._stop.acquire(True, max(seconds, 0.0))
        return not self._stopped

    def _is_in_the_way(self) -> bool:
        """Whether modules are imported just now, or a call of the last window has not ended."""
        return self._watch.is_busy or any(_is_loading(name) for name in watched_modules())

    def _fails(self, error: Exception) -> None:
        if not self._said:
            self._said = True
            say("a window of the recording failed: {}: {}".format(type(error).__name__, error))

    # --- its folders ---

    def _new_folder(self) -> str:
        time = format_time(WINDOW_TIME, local_time(wall_time()))
        folder = os.path.join(self._program, WINDOW_NAME.format(time=time, pid=getpid()))
        try:
            make_folder(folder)
        except FileExistsError:  # a process of the same number, in another container
            return folder
        _write_program(folder, complete=False)
        return folder

    def _remove_oldest(self) -> None:
        """Removes the oldest windows of all processes, except for those that may not have ended yet."""
        windows = sorted(name for name in names_of(self._program) if _WINDOW.match(name))
        ended = wall_time() - self._options.for_s - _CALLS_S
        for name in windows[: -self._options.keep]:
            folder = os.path.join(self._program, name)
            try:
                if link_status_of(folder).st_mtime < ended:
                    _remove(folder)
            except FileNotFoundError:
                continue  # another process removed it


def _is_not_recorded(error: Exception) -> None:
    """Says why: the program runs all the same."""
    say("this process is not recorded: {}: {}".format(type(error).__name__, error))


def _nothing(name: str, frame: object) -> None:
    """Is called around imports, which are no part of a window."""


def _is_loading(name: str) -> bool:
    """Whether a module is being imported. The import system notes it in the module's spec.

    https://github.com/python/cpython/blob/v3.7.0/Lib/importlib/_bootstrap.py#L651
    """
    spec = getattr(sys.modules.get(name), "__spec__", None)
    return getattr(spec, "_initializing", False) is True


def _write_program(folder: str, complete: bool) -> None:
    """Writes the window's ``program.json``, as the command does for a program that it runs."""
    created = format_time("%Y-%m-%dT%H:%M:%S%z", local_time(wall_time()))
    content: dict[str, object] = {
        "schema": PROGRAM_SCHEMA,
        "created": "{}:{}".format(created[:-2], created[-2:]),  # as other times of recordings have it
        "command": [],
        "python": sys.executable or "",
        "exit_code": None,
        "complete": complete,
        "interrupted": False,
    }
    path = os.path.join(folder, PROGRAM_FILES["program"])
    part = "{}.{}".format(path, getpid())
    write_file_whole(part, NEW, readable_json(json.dumps(content)).encode())
    put_in_place(part, path, rename)


def _remove(folder: str) -> None:
    """Removes a folder with all that is in it. A link is removed, and not what it leads to."""
    for name in names_of(folder):
        path = os.path.join(folder, name)
        if stat.S_ISDIR(link_status_of(path).st_mode):
            _remove(path)
        else:
            remove(path)
    remove_folder(folder)
