"""Traces that others made: found in folders, read in parallel, divided, and joined."""

from __future__ import annotations

import hashlib
import mmap
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from ...errors import RecordingError
from ...output.tensorboard import ANNOTATION, phase_of
from ...recordings.readers.xspace import read_xspace
from ...recordings.regular_files import MOST_TRACE_BYTES, open_regular
from .trace_division import Sums, divide_trace, join
from .trace_report import HostTrace, TraceReport

_ENDING = ".xplane.pb"
#: How many bytes are read at once.
_PIECE = 1 << 24


def make_trace_report(paths: Sequence[Path]) -> TraceReport:
    """Makes the report of trace files, and of all those below folders.

    Several files are read by as many processes as there are processors. Raises
    :class:`RecordingError`.
    """
    files, copies = without_copies(find_traces(paths))
    if len(files) == 1:
        report = join([read_and_divide(files[0])])
    else:
        with ProcessPoolExecutor(min(len(files), os.cpu_count() or 1)) as pool:
            report = join(list(pool.map(read_and_divide, files)))
    return replace(report, copies=[str(path) for path in copies])


def read_and_divide(file: Path) -> tuple[HostTrace, Sums]:
    """Returns one file's report, and its sums."""
    return divide_trace(read_xspace(file, cut_ok=True))


def find_traces(paths: Sequence[Path]) -> list[Path]:
    """Returns the files in ``paths`` and the traces below its folders, each once."""
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


def without_copies(files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Returns the files that differ from earlier ones, and the copies. A report has copies of its traces."""
    sizes = {path: (path.name, path.stat().st_size if path.is_file() else -1) for path in files}
    of_each = Counter(sizes.values())
    copies: set[Path] = set()
    known: set[tuple[str, int, bytes]] = set()
    for path in sorted(files, key=lambda path: "tensorboard" in path.parts):  # the recorded one stays
        name, size = sizes[path]
        # Only files that may be copies are read completely.
        if size > 0 and of_each[name, size] > 1:
            key = (name, size, _digest(path))
            if key in known:
                copies.add(path)
            known.add(key)
    return [path for path in files if path not in copies], sorted(copies)


def _digest(path: Path) -> bytes:
    """Returns a digest of a trace that is the same for its copy for TensorBoard."""
    digest = hashlib.sha256()
    with (
        open_regular(path, MOST_TRACE_BYTES) as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        at = 0
        for found in ANNOTATION.finditer(data):
            digest.update(data[at : found.start()])
            digest.update(phase_of(found))
            at = found.end()
        while at < len(data):
            digest.update(data[at : at + _PIECE])
            at += _PIECE
    return digest.digest()
