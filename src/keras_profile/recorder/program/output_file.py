"""Redirects what a process writes to its output into a file, for a while."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Iterator

from ..protocol import FILES


@contextmanager
def printed_into(folder: str) -> Iterator[None]:
    """Redirects what Python code prints meanwhile to a file in ``folder``; other streams stay the same."""
    path = os.path.join(folder, FILES["log"])
    with open(path, "a", encoding="utf-8", errors="backslashreplace") as log:
        with redirect_stdout(log), redirect_stderr(log):
            yield


@contextmanager
def output_into(folder: str) -> Iterator[None]:
    """Redirects what is written to the process's output meanwhile to a file in ``folder``."""
    kept = []
    path = os.path.join(folder, FILES["log"])
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    for number in (1, 2):
        try:
            kept.append((number, os.dup(number)))
        except OSError:  # the program has closed it
            continue
        os.dup2(log, number)
    os.close(log)
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and not stream.closed:
                stream.flush()
        for number, copy in kept:
            os.dup2(copy, number)
            os.close(copy)
