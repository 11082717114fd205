"""Traces and profiles that others made: found in folders, read in parallel, divided, and traces joined."""

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
from ...recorder.protocol import FILES
from ...recorder.protocol.visible import visible
from ...recordings.readers.profile_file import PROFILE_ENDINGS, is_profile, read_profile
from ...recordings.readers.trace_file import ENDINGS, LOCAL_TRACE, is_trace, read_trace_file
from ...recordings.regular_files import MOST_TRACE_BYTES, is_there, open_regular
from .profile_division import divide_profile
from .trace_division import Sums, divide_trace, join
from .trace_report import FailedTrace, HostTrace, ProfileDivision, TraceReport

#: How many bytes are read at once.
_PIECE = 1 << 24
#: A trace's report and its sums, or a profile's report.
_Divided = tuple[HostTrace, Sums] | ProfileDivision


def make_trace_report(paths: Sequence[Path], thread: str | None = None) -> TraceReport:
    """Makes the report of traces and profiles, and of all those below folders.

    ``thread`` is the name of the thread to divide, None for the main one. Several files are read by as many
    processes as there are processors; one of a folder that cannot be read is left out, and the report says
    why. Raises :class:`RecordingError` if there is none that can be read, or one in ``paths`` cannot.
    """
    found, formats = without_other_formats(find_traces(paths))
    files, copies = without_copies(found)
    if len(files) == 1:
        divided: list[_Divided | FailedTrace] = [_read_and_divide_any(files[0], thread)]
    else:
        with ProcessPoolExecutor(min(len(files), os.cpu_count() or 1)) as pool:
            divided = list(pool.map(_read_or_say_why, files, [thread] * len(files)))
    failed = [one for one in divided if isinstance(one, FailedTrace)]
    for one in failed:
        if Path(one.file) in paths:  # it was asked for by its name
            raise RecordingError(f"{one.file}: {one.reason}", one.advice)
    if len(failed) == len(files):
        raise RecordingError(
            f"none of {len(files)} traces could be read; the first: {failed[0].reason}",
            "give one file to see what is wrong with it",
        )
    profiles = [one for one in divided if isinstance(one, ProfileDivision)]
    if thread is not None and len(profiles) == len(files):
        raise RecordingError(
            f"{files[0]}: expected a trace for --thread {thread}, found a profile, which is divided whole",
            "leave out --thread",
        )
    return replace(
        join([one for one in divided if isinstance(one, tuple)]),
        copies=_texts(copies),
        other_formats=_texts(formats),
        failed=failed,
        profiles=profiles,
    )


def read_and_divide(file: Path, thread: str | None = None) -> tuple[HostTrace, Sums]:
    """Returns one trace's report, and its sums."""
    return divide_trace(read_trace_file(file), thread)


def _read_and_divide_any(file: Path, thread: str | None) -> _Divided:
    profile = None if file.name == LOCAL_TRACE else read_profile(file)
    return read_and_divide(file, thread) if profile is None else divide_profile(profile)


def _read_or_say_why(file: Path, thread: str | None) -> _Divided | FailedTrace:
    try:
        return _read_and_divide_any(file, thread)
    except RecordingError as error:
        reason = error.message.removeprefix(f"{visible(str(file))}: ")
        return FailedTrace(str(file), reason, error.advice)


def _texts(paths: Sequence[Path]) -> list[str]:
    return [str(path) for path in paths]


def find_traces(paths: Sequence[Path]) -> list[Path]:
    """Returns the files in ``paths`` and the traces below its folders, each once."""
    found: dict[Path, None] = {}
    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue
        below = sorted(file for file in path.rglob("*") if _is_wanted(file) and file.is_file())
        if not below:
            raise RecordingError(
                f"{path}: expected traces or profiles below this folder (*{', *'.join(ENDINGS)}, "
                f"{LOCAL_TRACE}, *{', *'.join(PROFILE_ENDINGS)}), found none",
                "give the log folder of the profiler or of TensorBoard, or a trace file",
            )
        found.update(dict.fromkeys(below))
    return list(found)


def _is_wanted(file: Path) -> bool:
    """Whether a file below a folder is a trace or profile; those of a recording have their own report."""
    return is_trace(file) or (is_profile(file) and not is_there(file.parent / FILES["recording"]))


def without_other_formats(files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Returns the files, and those that are another one's trace in another format.

    TensorFlow's profiler writes ``HOST.xplane.pb``, and TensorBoard ``HOST.trace.json.gz`` beside it.
    """
    best: dict[tuple[Path, str], Path] = {}
    for path in files:
        ending = _ending(path)
        key = (path.parent, path.name.removesuffix(ending))
        if key not in best or ENDINGS.index(ending) < ENDINGS.index(_ending(best[key])):
            best[key] = path
    kept = set(best.values())
    return [path for path in files if path in kept], [path for path in files if path not in kept]


def _ending(path: Path) -> str:
    """How the name of a trace ends; what has no known ending counts as the best format."""
    return next((one for one in ENDINGS if path.name.endswith(one)), ENDINGS[0])


def without_copies(files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Returns the files that differ from earlier ones, and the copies. A report has copies of its traces."""
    sizes = {path: path.stat().st_size if path.is_file() else -1 for path in files}
    of_each = Counter(sizes.values())
    copies: set[Path] = set()
    known: set[tuple[int, bytes]] = set()
    for path in sorted(files, key=lambda path: "tensorboard" in path.parts):  # the recorded one stays
        size = sizes[path]
        # Only files that may be copies are read completely.
        if size > 0 and of_each[size] > 1:
            key = (size, _digest(path))
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
