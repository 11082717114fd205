"""Loaded by Dask workers that are started here: Ctrl-C at the terminal is for their driver."""

from __future__ import annotations

import signal


def dask_setup(worker: object) -> None:
    """What Dask calls in a new worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
