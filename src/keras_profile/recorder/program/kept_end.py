"""Keeps the program's own end safe from what is done after it, such as recipes that crash.

A program leaves some work to its end, such as closing files and calling ``__del__``. That happens when
the interpreter is torn down, and then no model can be called any more. So before models are called
again, all open files are flushed and the process is forked: the copy waits. If the process ends by
itself, the copy goes away without a trace. If it dies, the copy comes to the program's end in its place,
and the exit code of that is reported.
"""

from __future__ import annotations

import ctypes
import gc
import io
import os
import signal
import time
import warnings
from typing import TYPE_CHECKING, Any

from ..protocol import events

if TYPE_CHECKING:
    from .process_files import ProcessFiles

#: Signals that a waiting copy ignores: they are meant for the process that it is a copy of.
_NOT_HEEDED = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
#: How often the copy checks if its process lives, and how long the program's end may take in the copy.
_LOOKING_MS, ENDING_S = 500, 20.0
#: Classes of TensorFlow: a tensor, which may be the handle of a resource, and what deletes resources.
_TENSOR, _DELETER = "EagerTensor", "Deleter"
_WRITERS = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)


def flush_open_files() -> None:
    """Flushes the buffers of all files that the program has open."""
    for thing in gc.get_objects():
        kind = type(thing)  # isinstance would ask the object itself, which may be the program's code
        for writer in _WRITERS:
            if issubclass(kind, writer):
                try:
                    writer.flush(thing)
                except (OSError, ValueError):
                    break  # it is closed, detached or cannot be written: its own end will say so


def keep_resources() -> None:
    """Holds on to TensorFlow's handles, so that the end of the interpreter destroys no resource.

    The destructors of iterators stop and join threads, which a copy does not have: four of ten copies
    crashed there. A handle refers to none of the program's own objects: those come to their end as ever.
    """
    hold = ctypes.pythonapi.Py_IncRef
    hold.argtypes, hold.restype = [ctypes.py_object], None
    # Those of the type itself, whatever its metaclass does.
    name_of, module_of = (type.__dict__[name].__get__ for name in ("__name__", "__module__"))
    for thing in gc.get_objects():
        name = name_of(type(thing))
        if name == _TENSOR or name.endswith(_DELETER):
            module = module_of(type(thing))
            if isinstance(module, str) and module.partition(".")[0] == "tensorflow":
                hold(thing)


class KeptEnd:
    """Keeps the program's end from :meth:`keep` to :meth:`let_go`.

    :meth:`keep` returns in this process. If it dies before :meth:`let_go`, it also returns in the copy,
    where :attr:`is_copy` is set. The copy is to go on to the program's end immediately.
    """

    def __init__(self, files: ProcessFiles) -> None:
        self._files = files
        self._writing: int | None = None
        self.is_copy = False

    def keep(self) -> None:
        """Makes the copy. If the system has no fork, there is no copy, and files are only flushed."""
        flush_open_files()
        if not hasattr(os, "fork"):
            return
        reading, writing = os.pipe()
        own = os.getpid()
        try:
            child = _fork()
        except (OSError, RuntimeError) as error:  # no more processes, or no memory for one
            os.close(reading)
            os.close(writing)
            self._files.event(events.Announce("the program's end could not be kept: {}".format(error)))
            return
        if child == 0:
            os.close(writing)
            self._wait(reading, own)
            self.is_copy = True
            return
        os.close(reading)
        self._writing = writing
        self._files.event(events.EndKept(child))

    def let_go(self) -> None:
        """Makes the copy go away: the process has come back from what might have ended it."""
        writing, self._writing = self._writing, None
        if writing is not None:
            try:
                os.write(writing, b".")
            except BrokenPipeError:
                pass  # something killed the copy
            os.close(writing)

    def _wait(self, reading: int, own: int) -> None:
        """Waits in the copy; returns, in a copy of the copy, if the process ``own`` has died."""
        import select

        before = {}
        for name in _NOT_HEEDED:
            number = getattr(signal, name)
            before[number] = signal.signal(number, signal.SIG_IGN)
        waiting = select.poll()
        waiting.register(reading, select.POLLIN)
        # Other children of the process may hold the pipe as well: so its number is checked.
        while os.getppid() == own:
            if waiting.poll(_LOOKING_MS):
                break
        if waiting.poll(0) and os.read(reading, 1):
            os._exit(0)
        os.close(reading)
        child = _fork()
        if child == 0:
            for number, handler in before.items():
                # None is a handler that was not set from Python.
                signal.signal(number, signal.SIG_DFL if handler is None else handler)
            keep_resources()
            return
        self._files.event(events.Settled(_exit_code(child)))
        os._exit(0)


def _exit_code(child: int) -> int | None:
    """Returns the exit code of a process, minus its number for a signal; None if the process hangs."""
    until = time.monotonic() + ENDING_S
    while time.monotonic() < until:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _fork() -> int:
    with warnings.catch_warnings():
        # From Python 3.12 on, a fork of a process with threads warns: none of them is needed here.
        warnings.simplefilter("ignore")
        try:
            return os.fork()
        except RuntimeError:
            return _fork_by_library()


def _fork_by_library() -> int:
    """Forks like ``os.fork``, which Python 3.12.0 and 3.12.1 refuse in exit functions.

    https://github.com/python/cpython/issues/113964
    """
    library: Any = ctypes.PyDLL(None)
    library.PyOS_BeforeFork()
    child: int = library.fork()
    if child == 0:
        library.PyOS_AfterFork_Child()
    else:
        library.PyOS_AfterFork_Parent()
    if child < 0:
        raise OSError("there can be no more processes")
    return child
