"""pyinstrument's own page of its session, made by pyinstrument itself.

Its renderer puts the session into a script unescaped, so a name with ``</script>`` could end that script
and begin another. So each ``<`` of the session is rendered as a character that no name has, and is replaced
by a JavaScript escape afterwards. The page loads fonts from another host: addresses of other hosts are
removed, and a policy allows only its own scripts.
"""

from __future__ import annotations

import contextlib
import io
import json
import re

import msgspec

from ..errors import RecordingError
from ..recordings.json_text import UNDECODABLE, decode
from .markup import Markup, element, source_name

#: Text of the session, its replacement while pyinstrument renders, from Unicode's private use area, and the
#: final escape: for markup, and for addresses of other hosts.
_STAND_INS = (("<", "\ue000", "\\u003c"), ("//", "\ue001", "/\\u002f"))
#: An address of another host in pyinstrument's own code; XML names are not addresses.
_ADDRESS = re.compile(r"https?://(?!www\.w3\.org/)[^\"'`\\\s)]*")
_SCRIPT = re.compile("<script>(.*?)</script>", re.DOTALL)
_CHARSET = '<meta charset="utf-8">'

#: Exceptions of pyinstrument's renderer for unexpected sessions.
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
    """A session of any version of pyinstrument, with defaults for fields that older ones lack."""

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
    text = msgspec.json.encode(read).decode()
    for part, stand_in, _ in _STAND_INS:
        text = text.replace(part, stand_in)
    safe = json.loads(text)
    # If a session is too large for its page, pyinstrument says so on standard error.
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            page = str(HTMLRenderer().render(Session.from_json(safe)))
    except _UNRENDERABLE as error:
        raise RecordingError(
            f"pyinstrument cannot show the session ({type(error).__name__}: {error})"
        ) from error
    page = _ADDRESS.sub("", page)
    for _, stand_in, escape in _STAND_INS:
        page = page.replace(stand_in, escape)
    if _CHARSET not in page:
        raise RecordingError("this release of pyinstrument builds its page in an unknown way")
    return page.replace(_CHARSET, _CHARSET + _policy(page).text, 1).encode()


def _policy(page: str) -> Markup:
    """The content security policy of a page: its own scripts and styles, and nothing from elsewhere."""
    scripts = " ".join(f"'{source_name(script)}'" for script in _SCRIPT.findall(page))
    rules = (
        "default-src 'none'",
        f"script-src {scripts}",
        "style-src 'unsafe-inline'",  # of its elements' own attributes
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return element("meta", {"http-equiv": "Content-Security-Policy", "content": "; ".join(rules)})
