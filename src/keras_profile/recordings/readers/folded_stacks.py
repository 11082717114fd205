"""Reads folded stacks, a stack a line: frames from the outermost on, with ``;`` between, and a count.

The format of Brendan Gregg's flamegraph.pl, which ``py-spy record --format raw`` writes. A frame of py-spy
is ``name (file:line)``, and the first one may name a process or a thread.
https://github.com/brendangregg/FlameGraph
"""

from __future__ import annotations

import re
from pathlib import Path

from ...errors import RecordingError
from ...model.call_graph import Function
from ...model.foreign_profile import SAMPLES, ForeignProfile
from ..json_text import plain_text
from ..regular_files import read_regular
from .sampled_stacks import SampleRows

#: A stack and its count. A thread that runs no Python has no frames.
_LINE = re.compile(rb"([^\r\n]*) ([0-9]{1,15})")
_FRAME = re.compile(r"(?P<name>.+) \((?P<file>[^()]+?)(?::(?P<line>[0-9]{1,9}))?\)")
#: What py-spy puts first with ``--threads`` and ``--subprocesses``.
_THREAD, _PROCESS = "thread (", "process "
#: How many lines at the beginning of a file are looked at, what stands in lines without frames, and what
#: only lines with frames have.
_LOOKED_AT = 20
_COUNT = b" 0123456789\r"
_FRAMES = (b";", b".py:")
_TEXT = re.compile(rb"[^\x00-\x08\x0e-\x1f\x7f]*")


def are_folded_stacks(head: bytes) -> bool:
    """Whether a file that begins with ``head`` has folded stacks: its first line with frames is one.

    >>> are_folded_stacks(b"main (a.py:1);run (a.py:2) 7"), are_folded_stacks(b"see page 7")
    (True, False)
    """
    first = next((line.rstrip(b"\r") for line in head.split(b"\n", _LOOKED_AT) if line.lstrip(_COUNT)), b"")
    match = _LINE.fullmatch(first)
    return match is not None and _TEXT.fullmatch(first) is not None and any(one in first for one in _FRAMES)


def read_folded_stacks(path: Path) -> ForeignProfile:
    """Reads the stacks in ``path``; their order is not that of time. Raises :class:`RecordingError`."""
    rows = SampleRows(path)
    frames: dict[bytes, Function] = {}
    threads: dict[bytes, int] = {}
    for number, line in enumerate(read_regular(path).split(b"\n"), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.rstrip(b"\r"))
        if match is None:
            raise RecordingError(
                f"{path}: expected folded stacks, found line {number:,}, which is not frames and a count",
                "the file may be cut short: copy it again, or record again",
            )
        node, thread = SampleRows.ROOT, 0
        for text in match[1].split(b";") if match[1].strip() else ():
            if text not in frames:
                frames[text] = _frame(text)
            if frames[text].name.startswith(_THREAD):
                thread = threads.setdefault(text, len(threads))
            node = rows.below(node, frames[text])
        rows.add(node, thread, int(match[2]))
    return ForeignProfile(
        str(path),
        "folded",
        "py-spy or another sampler",
        samples=rows.finished(),
        unit=SAMPLES,
        threads=len(threads),
    )


def _frame(text: bytes) -> Function:
    """Returns the function of a frame.

    >>> _frame(b"Model.predict (keras/src/trainer.py:587)")
    Function(file='keras/src/trainer.py', line=587, name='Model.predict')
    >>> _frame(b"[idle]")
    Function(file='', line=0, name='[idle]')
    """
    name = plain_text(text.decode("utf-8", "replace"))
    match = None if name.startswith((_THREAD, _PROCESS)) else _FRAME.fullmatch(name)
    if match is None:
        return Function("", 0, name)
    return Function(match["file"], int(match["line"] or 0), match["name"])
