"""Turns the recorder on in this process, and sees to it that the end is not missed."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from types import TracebackType
from typing import Any

from ..protocol import FOLDER_VARIABLE, PROGRAM_FILES, events
from ..protocol.requests import RecorderOptions
from ..trials.error_words import in_words
from ..user_frames import without_recorder
from .afterwards import look_closer
from .output_file import output_into
from .watch import Watch


def start_by_environment() -> Watch | None:
    """Starts to watch this process as the variable of its environment says; None without it."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if not folder:
        return None
    with open(os.path.join(folder, PROGRAM_FILES["options"])) as file:
        options = RecorderOptions.from_json(file.read())
    watch = Watch(folder, options)
    watch.start()
    # What is registered first is called last.
    atexit.register(_end_as_interrupted, watch)
    # What is registered last is called first: the model is to be called before TensorFlow ends.
    atexit.register(_at_exit, watch)

    def register_again() -> None:
        atexit.unregister(_at_exit)
        atexit.register(_at_exit, watch)

    watch.when_loaded = register_again
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=watch.forked_child)
    _watch_exceptions(watch)
    return watch


def _at_exit(watch: Watch) -> None:
    watch.end()
    # The closer look is for the process that was started to be recorded, and for none of its children.
    if watch.forked or os.getppid() != watch.options.driver or not watch.groups.all:
        return
    watch.looked_closer = True
    try:
        with output_into(watch.files.folder):
            look_closer(watch)
    except KeyboardInterrupt:
        watch.files.event(events.Announce("interrupted: what was found until then is shown"))
    watch.files.event(events.Done())


def _end_as_interrupted(watch: Watch) -> None:
    """Ends a process that Ctrl-C ended as Python does, by the signal itself.

    Python forgets that an interrupt was not caught when it evaluates text, which a closer look does: the
    exit code would be 1. https://github.com/python/cpython/blob/v3.11.0/Modules/main.c#L682
    """
    interrupted = (watch.raised or "").startswith(KeyboardInterrupt.__name__)
    if not interrupted or not watch.looked_closer or watch.forked or sys.version_info < (3, 8):
        return
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.closed:
            stream.flush()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGINT)


def _watch_exceptions(watch: Watch) -> None:
    """Tells what ended the program, and shows it without the recorder's own frames."""
    shown = sys.excepthook

    def excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        watch.raised = in_words(error)
        # A hook of the program's own that was set before calls this one: all go on from here.
        shown(kind, error, without_recorder(error, trace))

    sys.excepthook = excepthook
    if hasattr(threading, "excepthook"):
        shown_of_thread = threading.excepthook

        def thread_excepthook(arguments: Any) -> None:
            without_recorder(arguments.exc_value, arguments.exc_traceback)
            shown_of_thread(arguments)

        threading.excepthook = thread_excepthook
