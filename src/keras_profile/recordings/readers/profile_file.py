"""Reads a profile that another profiler made of a program: which one, its content tells."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from ...errors import RecordingError
from ...model.foreign_profile import ForeignProfile
from ..regular_files import MOST_TRACE_BYTES, open_regular
from .folded_stacks import are_folded_stacks, read_folded_stacks
from .pstats_file import BEGINNINGS, read_pstats
from .pyinstrument import read_session
from .speedscope_file import read_speedscope

#: How the names of such files end that are looked for in folders.
PROFILE_ENDINGS = (".prof", ".pstats", ".pyisession", ".speedscope.json", ".folded", ".collapsed.txt")

#: What only speedscope's files have, and only sessions of pyinstrument.
_SPEEDSCOPE = re.compile(rb'"\$schema"\s{0,9}:\s{0,9}"[^"]{0,40}speedscope')
_SESSION = re.compile(rb'"frame_records"\s{0,9}:\s{0,9}\[')


#: How many bytes at the beginning of a file, and at its end, tell what it is.
_HEAD_BYTES, _TAIL_BYTES = 1 << 20, 1 << 12


def is_profile(path: Path) -> bool:
    """Whether the name of a file says that it is such a profile."""
    return path.name.endswith(PROFILE_ENDINGS)


def read_profile(path: Path) -> ForeignProfile | None:
    """Reads the profile in ``path``; None if it is something else, such as a trace.

    Raises :class:`RecordingError` if it is damaged.
    """
    with open_regular(path, MOST_TRACE_BYTES) as file:
        head = file.read(_HEAD_BYTES)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(len(head), size - _TAIL_BYTES))
        tail = file.read(_TAIL_BYTES)
    read = profile_reader(head, tail)
    if read is None and is_profile(path):
        raise RecordingError(
            f"{path}: expected a profile of cProfile, pyinstrument or speedscope, or folded stacks, found "
            "something else",
            "the file may be cut short: copy it again, in binary, or record again",
        )
    return None if read is None else read(path)


def profile_reader(head: bytes, tail: bytes = b"") -> Callable[[Path], ForeignProfile] | None:
    """What reads a file of this beginning and end; None if it is not the profile of another profiler.

    >>> profile_reader(b'{"$schema":"https://www.speedscope.app/file-format-schema.json"').__name__
    'read_speedscope'
    >>> profile_reader(b'{"traceEvents": []}')
    """
    if head.startswith(BEGINNINGS):
        return read_pstats
    if head[:64].lstrip()[:1] == b"{":
        if _SPEEDSCOPE.search(head) or _SPEEDSCOPE.search(tail):
            return read_speedscope
        return read_session if _SESSION.search(head) else None
    return read_folded_stacks if are_folded_stacks(head) else None
