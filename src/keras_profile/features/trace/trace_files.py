"""Traces that others made: found in folders, read side by side, divided, put together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from ...errors import RecordingError
from ...recordings.readers.xspace import read_xspace
from .trace_division import Sums, divide_trace, join
from .trace_report import HostTrace, TraceReport

_ENDING = ".xplane.pb"


def make_trace_report(paths: Sequence[Path]) -> TraceReport:
    """The report of trace files, and of all that lie below folders.

    Several files are read by as many processes as there are processors. Raises
    :class:`RecordingError`.
    """
    files = find_traces(paths)
    if len(files) == 1:
        return join([read_and_divide(files[0])])
    with ProcessPoolExecutor(min(len(files), os.cpu_count() or 1)) as pool:
        return join(list(pool.map(read_and_divide, files)))


def read_and_divide(file: Path) -> tuple[HostTrace, Sums]:
    """One file's report, and its sums."""
    return divide_trace(read_xspace(file, cut_ok=True))


def find_traces(paths: Sequence[Path]) -> list[Path]:
    """The files of ``paths`` and the traces below its folders, each once."""
    found: dict[Path, None] = {}
    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue
        below = sorted(path.rglob(f"*{_ENDING}"))
        if not below:
            raise RecordingError(
                f"{path}: expected TensorFlow traces (*{_ENDING}) below this folder, found none",
                "give the log folder of the profiler or of TensorBoard, or a trace file; TensorFlow before "
                "2.4 wrote other formats",
            )
        found.update(dict.fromkeys(below))
    return list(found)
