"""pyinstrument's own page of its session, made by pyinstrument itself.

Its renderer puts the session into a script as it stands, where a name with ``</script>``
would end it and could begin another. So each ``<`` of the session is rendered as a
character that is in no name, and becomes an escape of JavaScript's afterwards.
"""

from __future__ import annotations

import contextlib
import io
import json

import msgspec

from ..errors import RecordingError
from ..recordings.json_text import UNDECODABLE, decode

#: Stands for ``<`` while pyinstrument renders; Unicode keeps it for private use.
_STAND_IN, _ESCAPE = "\ue000", "\\u003c"

#: What pyinstrument's renderer raises for sessions that it did not expect.
_UNRENDERABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class _Session(msgspec.Struct):
    """A session of any version of pyinstrument, with what older ones lack."""

    frame_records: list[tuple[list[str], float]]
    start_time: float = 0.0
    duration: float = 0.0
    sample_count: int = 0
    start_call_stack: list[str] = []
    target_description: str = ""
    program: str = ""
    cpu_time: float | None = 0.0
    min_interval: float = 0.001
    max_interval: float = 0.001
    sys_path: list[str] = []
    sys_prefixes: list[str] = []


def render_pyinstrument(session: bytes) -> bytes:
    """The page of a session as pyinstrument saved it. Raises :class:`RecordingError`."""
    from pyinstrument.renderers import HTMLRenderer
    from pyinstrument.session import Session

    try:
        read = decode(session, _Session)
    except UNDECODABLE as error:
        raise RecordingError(f"expected a pyinstrument session, found something else ({error})") from error
    read.target_description = read.target_description or read.program
    read.start_call_stack = read.start_call_stack or [""]
    safe = json.loads(msgspec.json.encode(read).decode().replace("<", _STAND_IN))
    # Of a session that is too large for its page pyinstrument says so on standard error.
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            page = str(HTMLRenderer().render(Session.from_json(safe)))
    except _UNRENDERABLE as error:
        raise RecordingError(
            f"pyinstrument cannot show the session ({type(error).__name__}: {error})"
        ) from error
    return page.replace(_STAND_IN, _ESCAPE).encode()
