"""Ends Python code that does not return, by raising an exception in it."""

from __future__ import annotations

import ctypes
import signal
import threading
import time
from contextlib import contextmanager
from types import FrameType
from typing import Any, Iterator

from ..interrupts import interrupt_main


class TookTooLong(BaseException):
    """Raised in code that took too long. It is not an ``Exception``, since code may catch all of those."""


class TimeIsOver(BaseException):
    """Raised when the time for everything is over: what is running then did not take too long itself."""


#: Seconds until another exception follows, in case the code caught the first one.
_AGAIN_S = 2.0
#: A signal arrives before the next line of Python; at most this many seconds later on any machine.
_ARRIVES_S = 0.2


@contextmanager
def at_most(seconds: float, error: type[BaseException] = TookTooLong) -> Iterator[None]:
    """Raises the ``error`` in the code of this ``with`` block after ``seconds``.

    In the main thread a signal raises it, which also wakes code that sleeps or waits. In another thread
    it is raised when Python code runs next. Native code that does not return is not ended.
    """
    with _Guard(seconds, error).around():
        yield


class _Guard:
    def __init__(self, seconds: float, error: type[BaseException]) -> None:
        self._seconds = seconds
        self._error = error
        self._ident = threading.get_ident()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._sent = 0
        self._in_main = threading.current_thread() is threading.main_thread()
        self._before: Any = None

    @contextmanager
    def around(self) -> Iterator[None]:
        if self._in_main:
            self._before = signal.signal(signal.SIGINT, self._interrupted)
        try:
            threading.Thread(target=self._watch, name="keras_profile", daemon=True).start()
            yield
        finally:
            while True:
                # What is sent as the block ends is raised here, and sent again and again if that ends this.
                try:
                    self._end()
                    break
                except self._error:
                    continue
            if self._in_main:
                signal.signal(signal.SIGINT, self._before)

    def _end(self) -> None:
        """Sends no more, and takes what was sent and has not arrived.

        To cancel it would leave a flag of CPython 3.11 set for good, with which cProfile never returns.
        """
        with self._lock:
            self._over.set()
        if self._in_main:
            self._let_arrive()
        else:
            for _ in range(2):  # it is raised where a loop goes back, if not before
                pass

    def _let_arrive(self) -> None:
        """Waits for a signal that was sent but has not arrived: it would be taken for the user's."""
        until = time.monotonic() + _ARRIVES_S
        while self._sent and time.monotonic() < until:
            time.sleep(0.001)

    def _watch(self) -> None:
        wait = self._seconds
        while not self._over.wait(wait):
            wait = _AGAIN_S
            with self._lock:
                if self._over.is_set():
                    return
                self._sent += 1
                if self._in_main:
                    interrupt_main()
                else:
                    _raise_in(self._ident, self._error)

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if self._sent:
            self._sent = 0  # several signals may arrive as one
            if not self._over.is_set():
                raise self._error
        elif callable(self._before):
            self._before(number, frame)
        else:
            raise KeyboardInterrupt


def _raise_in(ident: int, kind: type[BaseException]) -> None:
    """Raises an exception of this ``kind`` in a thread, when it runs Python code next.

    https://docs.python.org/3/c-api/init.html#c.PyThreadState_SetAsyncExc
    """
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(kind))
