"""Reads a pyinstrument session: sampled stacks with the call that each was taken in.

A session's ``frame_records`` are pairs of a stack, outermost first, and the seconds since
the previous sample. A frame is ``name NUL file NUL line``, and from pyinstrument 4 on
attributes may follow, separated by ``\\x01``: ``c`` and the class, ``l`` and the line that runs.
https://github.com/joerick/pyinstrument/blob/v5.1.1/pyinstrument/session.py
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import msgspec

from ...errors import RecordingError
from ...model.call_graph import Function
from ...model.foreign_profile import ForeignProfile
from ...model.samples import Samples
from ...recorder.protocol import CALL_FRAME
from ..json_text import UNDECODABLE, decode
from ..regular_files import read_regular
from .sampled_stacks import MOST_DEPTH, SampleRows

#: The maximum time of all samples.
_MOST_NS = 1 << 53
#: The seconds that a sample may represent; the largest number fits into 64 bits in ns.
_Seconds = Annotated[float, msgspec.Meta(ge=0, le=1e9)]


class _Session(msgspec.Struct):
    frame_records: list[tuple[list[str], _Seconds]]


def read_pyinstrument(path: Path) -> Samples:
    """Reads the samples in ``path``, without those outside measured calls.

    Raises :class:`RecordingError` if it is not a pyinstrument session.
    """
    session = _decoded(path, "record again with: keras-profile profile TARGET")
    frames: list[Function] = []
    # Frames by number. A measured call has -2 minus its own number; calls that are not kept have -1.
    numbers: dict[str, int] = {}
    stacks: list[tuple[int, ...]] = []
    stack_numbers: dict[tuple[int, ...], int] = {}
    samples = Samples(frames, stacks, [], [], [])
    for names, seconds in session.frame_records:
        for name in names:
            if name not in numbers:
                if name.startswith(CALL_FRAME):
                    numbers[name] = -2 - _call_number(name)
                else:
                    numbers[name] = len(frames)
                    frames.append(_parse_frame(name))
        stack = tuple([numbers[name] for name in names])
        top = next((depth for depth in reversed(range(len(stack))) if stack[depth] < 0), None)
        if top is None or stack[top] == -1:
            continue
        call, stack = -2 - stack[top], stack[top + 1 : top + 1 + MOST_DEPTH]
        if stack not in stack_numbers:
            stack_numbers[stack] = len(stacks)
            stacks.append(stack)
        samples.stack.append(stack_numbers[stack])
        samples.call.append(call)
        samples.weight_ns.append(round(seconds * 1e9))
    if sum(samples.weight_ns) > _MOST_NS:
        raise RecordingError(f"{path}: its samples cover more time than any recording takes")
    return samples


def read_session(path: Path) -> ForeignProfile:
    """Reads the session of a whole program in ``path``, which pyinstrument saved itself.

    Raises :class:`RecordingError` if it is not a pyinstrument session.
    """
    session = _decoded(path, "the file may be cut short: copy it again, or record again")
    functions: dict[str, Function] = {}
    rows = SampleRows(path)
    for names, seconds in session.frame_records:
        node = SampleRows.ROOT
        for name in names:
            if name not in functions:
                functions[name] = _running(name)
            node = rows.below(node, functions[name])
        rows.add(node, 0, round(seconds * 1e9))
    return ForeignProfile(
        str(path), "pyinstrument", "pyinstrument", samples=rows.finished(), threads=1, in_order=True
    )


def _decoded(path: Path, advice: str) -> _Session:
    try:
        return decode(read_regular(path), _Session)
    except UNDECODABLE as error:
        raise RecordingError(
            f"{path}: expected a pyinstrument session, found something else ({error})", advice
        ) from error


def _call_number(frame: str) -> int:
    return _number(frame.split("\0", 1)[0][len(CALL_FRAME) :], -1)


def _parse_frame(text: str) -> Function:
    """Returns the function of a frame.

    >>> _parse_frame("predict\\0/k/trainer.py\\x0012\\x01cModel")
    Function(file='/k/trainer.py', line=12, name='predict')
    """
    parts = text.split("\x01", 1)[0].split("\0")
    name = parts[0]
    file = parts[1] if len(parts) > 1 else ""
    line = _number(parts[2], 0) if len(parts) > 2 else 0
    return Function(file, line, name)


def _running(text: str) -> Function:
    """Returns the function of a frame, with its class and the line that runs in it, if they are there.

    >>> _running("predict\\0/k/trainer.py\\x0012\\x01cModel\\x01l40")
    Function(file='/k/trainer.py', line=40, name='Model.predict')
    """
    function = _parse_frame(text)
    attributes = {one[:1]: one[1:] for one in text.split("\x01")[1:]}
    owner = attributes.get("c", "")
    return Function(
        function.file,
        _number(attributes.get("l", ""), function.line),
        f"{owner}.{function.name}" if owner else function.name,
    )


def _number(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else otherwise


READ = read_pyinstrument
