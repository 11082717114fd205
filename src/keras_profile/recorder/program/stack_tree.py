"""The stacks of a program's threads as one tree: equal paths are one path.

A path has the user's frames by line and those of libraries by function. Work that the recorder
watches is a frame of its own. An inference call ends the path, except for the user's code that it
calls, such as a callback: that follows, with the function that calls it. The import of a library is
one frame for each package: what runs within it is the package's.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Mapping, Tuple

from ..protocol import SAMPLED_FRAME_KINDS
from ..source_files import SourceLines
from ..user_frames import is_importing, is_recorders, is_users
from .doing import INFERENCE

if TYPE_CHECKING:
    from types import FrameType

    from .doing import Work

USER, LIBRARY, IMPORT, CALL, ACTIVITY, RECORDER, THREAD = SAMPLED_FRAME_KINDS

#: (kind, file, module, function, line)
_Key = Tuple[str, str, str, str, int]

#: The tree has at most this many nodes: what is seen further down counts for the last known one.
MOST_NODES = 8000
#: How many frames of a deep stack, such as a recursion, are looked at: outermost and innermost ones.
_OUTERMOST, _INNERMOST = 60, 90
#: How many library functions are kept of those that the user's code within a call calls.
_CALLED = 4
#: How many code objects are kept, to recognise them.
_MOST_CODES = 20000
#: Kinds of frames that have no node of their own.
_PASSED, _IMPORTING = "passed", "importing"
#: The recorder's modules whose frames lead from the user's frame to what the user called.
_LEADING = tuple(
    os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    for name in ("wrapping.py", "call_recorder.py", "importing.py")
)


class StackTree:
    """A tree of frames with the time that was seen in each.

    Node 0 has no frame; the parent of a node comes before it. ``wall_ns`` is the time between
    looks, ``cpu_ns`` the processor time that the whole process had or its main thread wanted meanwhile.
    """

    def __init__(self) -> None:
        self.frames: list[_Key] = []
        self.parent = [-1]
        self.frame = [-1]
        self.count = [0]
        self.wall_ns = [0]
        self.cpu_ns = [0]
        self._frame_numbers: dict[_Key, int] = {}
        self._children: list[dict[int, int]] = [{}]
        self._codes = _Codes()
        self._lines: dict[int, list[Any]] = {}
        self._sources = SourceLines()

    def seen(self, thread: int, frame: FrameType | None, doing: Mapping[int, Work]) -> tuple[int, bool]:
        """Counts a stack of ``thread`` whose innermost frame is ``frame``, and returns its node.

        Also returns whether the thread is at watched work.
        """
        node, watched = self._child(0, (THREAD, "", "", "", thread)), False
        outside, inside = _stacks(frame, doing)
        for key in _path(outside, doing, self._codes) + _called_back(inside, self._codes):
            node = self._child(node, key)
            watched = watched or key[0] in (CALL, ACTIVITY)
        self.count[node] += 1
        return node, watched

    def add(self, node: int, wall_ns: int, cpu_ns: int) -> None:
        """Adds time to a node."""
        self.wall_ns[node] += wall_ns
        self.cpu_ns[node] += cpu_ns

    def content(self) -> dict[str, Any]:
        """Returns all of it as plain data; the text of the user's lines is read now."""
        count = len(self.parent)
        frames = list(self.frames)
        return {
            "frames": [list(key) + self._about(number, key) for number, key in enumerate(frames)],
            "nodes": {
                name: list(getattr(self, name)[:count])
                for name in ("parent", "frame", "count", "wall_ns", "cpu_ns")
            },
        }

    def _child(self, node: int, key: _Key) -> int:
        frame = self._frame_numbers.get(key)
        if frame is None:
            if len(self.parent) >= MOST_NODES:
                return node
            frame = self._frame_numbers[key] = len(self.frames)
            self.frames.append(key)
        child = self._children[node].get(frame)
        if child is None:
            if len(self.parent) >= MOST_NODES:
                return node
            child = self._children[node][frame] = len(self._children)
            self._children.append({})
            for column, value in (
                (self.frame, frame),
                (self.count, 0),
                (self.wall_ns, 0),
                (self.cpu_ns, 0),
                (self.parent, node),
            ):
                column.append(value)
        return child

    def _about(self, number: int, key: _Key) -> list[Any]:
        """Returns the text of a user's line, and whether it is in a loop."""
        if key[0] != USER:
            return []
        known = self._lines.get(number)
        if known is None:
            looped = key[4] in self._codes.looped_lines(key[1], key[3])
            known = self._lines[number] = [self._sources.line(key[1], key[4]), looped]
        return known


def _stacks(frame: FrameType | None, doing: Mapping[int, Work]) -> tuple[list[Any], list[Any]]:
    """Returns the frames from the outermost up to an inference call's, and those within that."""
    outside: list[Any] = []
    inside: list[Any] = []
    while frame is not None:
        work = doing.get(id(frame)) if doing else None
        if work is not None and work.kind == INFERENCE:
            inside += outside
            del outside[:]
        outside.append(frame)
        frame = frame.f_back
    if len(outside) > _OUTERMOST + _INNERMOST:
        # Frames of watched work are few, and say what is done.
        middle = [one for one in outside[_INNERMOST:-_OUTERMOST] if id(one) in doing]
        outside = outside[:_INNERMOST] + middle + outside[-_OUTERMOST:]
    outside.reverse()
    inside.reverse()
    return outside, inside[:_OUTERMOST]


def _called_back(inside: list[Any], codes: _Codes) -> list[_Key]:
    """Returns keys of the user's code that a call runs, of what calls that code and of what it calls."""
    kinds = [codes.of(frame)[0] for frame in inside]
    libraries = [place for place, kind in enumerate(kinds) if kind == LIBRARY]
    first = min(libraries, default=len(kinds))
    users = [place for place, kind in enumerate(kinds) if kind == USER and place > first]
    if not users:
        return []
    before = [place for place in libraries if place < users[0]][-1:]
    # The first one may only lead to another.
    after = [place for place in libraries if place > users[-1]][:_CALLED]
    return _path([inside[place] for place in before + users + after], {}, codes)


class _Codes:
    """What code objects are: the kind of each, and its key if that needs no line. Each is looked at once."""

    def __init__(self) -> None:
        # By identity, with the objects, which are kept: hashing one reads all of it.
        self._known: dict[int, tuple[str, _Key, Any]] = {}
        self._users: dict[tuple[str, str], list[Any]] = {}  # by file and function
        self._looped: dict[int, set[int]] = {}

    def of(self, frame: Any) -> tuple[str, _Key, Any]:
        code = frame.f_code
        known = self._known.get(id(code))
        if known is None:
            if len(self._known) > _MOST_CODES:
                self._known.clear()
            known = self._known[id(code)] = (*_kind_and_key(frame, code), code)
            if known[0] == USER:
                self._users.setdefault((code.co_filename, code.co_name), []).append(code)
        return known

    def looped_lines(self, file: str, function: str) -> set[int]:
        """Returns the lines of such functions that are in a loop."""
        found: set[int] = set()
        for code in self._users.get((file, function), ()):
            if id(code) not in self._looped:
                self._looped[id(code)] = _looped_lines(code)
            found |= self._looped[id(code)]
        return found


def _looped_lines(code: Any) -> set[int]:
    """Returns the lines between a backward jump and its target, both included."""
    import dis  # not at the top: all programs would have it from their start

    lines: dict[int, int] = {}
    jumps: list[tuple[int, int]] = []
    line = code.co_firstlineno
    starts = dict(dis.findlinestarts(code))
    for one in dis.get_instructions(code):
        line = starts.get(one.offset) or line
        lines[one.offset] = line
        jumps_back = one.opcode in dis.hasjrel or one.opcode in dis.hasjabs
        if jumps_back and isinstance(one.argval, int) and one.argval < one.offset:
            jumps.append((one.argval, one.offset))
    return {line for begin, end in jumps for offset, line in lines.items() if begin <= offset <= end}


def _kind_and_key(frame: Any, code: Any) -> tuple[str, _Key]:
    file, name, module = code.co_filename, code.co_name, _module(frame)
    if is_recorders(file):
        return (_PASSED if file in _LEADING else RECORDER), (RECORDER, "", "", "", 0)
    if is_importing(file):
        return _IMPORTING, (IMPORT, "", "", "", 0)
    if is_users(file):
        return USER, (USER, file, module, name, 0)
    if name == "<module>":
        return IMPORT, (IMPORT, "", module.partition(".")[0], "", 0)
    return LIBRARY, (LIBRARY, file, module, getattr(code, "co_qualname", name), 0)


def _path(stack: list[Any], doing: Mapping[int, Work], codes: _Codes) -> list[_Key]:
    """Returns the keys of a stack's nodes."""
    path: list[_Key] = []
    looking = within = False  # the import system is at work; a library is being imported
    for frame in stack:
        work = doing.get(id(frame)) if doing else None
        if work is not None:
            if work.kind == INFERENCE:
                path.append((CALL, "", "", "", int(work.what)))
                return path
            path.append((ACTIVITY, "", "", str(work.what), 0))
            continue
        kind, key, _ = codes.of(frame)
        if kind == LIBRARY:
            if not within:
                looking = False
                path.append(key)
        elif kind == USER:
            looking = within = False
            path.append(key[:4] + (frame.f_lineno or 0,))
        elif kind == _IMPORTING:
            looking = True
        elif kind == IMPORT:
            # A library that is run as a program is not imported.
            if looking and not (within and path[-1] == key):
                path.append(key)
            within = within or looking
            looking = False
        elif kind == RECORDER:
            path.append(key)
            return path
    if looking and not within:
        path.append((IMPORT, "", "", "", 0))
    return path


def _module(frame: Any) -> str:
    # A program may execute code with globals of its own class, whose methods are not called here.
    name = dict.get(frame.f_globals, "__name__", "")
    return name if type(name) is str else ""
