"""HTML and SVG whose text cannot become markup: everything except elements is escaped."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

from .words.printable import printable, shortened

#: Characters that XML does not allow even as an escape, beyond control characters.
_NOT_ALLOWED = re.compile("[^\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Elements that have no end tag in HTML or no need of one in SVG.
_EMPTY = ("meta", "br", "rect", "line", "circle", "input")


@dataclass(frozen=True)
class Markup:
    """Finished markup. Make it directly only from our own constant strings."""

    text: str


#: The content of an element: text is escaped, None is omitted.
Child: TypeAlias = "Markup | str | Iterable[Child] | None"


def element(tag: str, attributes: Mapping[str, str | None], *children: Child) -> Markup:
    """An element; attributes that are None are left out.

    >>> element("a", {"href": 'x"y', "title": None}, "<b>", [element("br", {}), "&"]).text
    '<a href="x&quot;y">&lt;b&gt;<br />&amp;</a>'
    """
    begin = tag + "".join(
        f' {name}="{_text(value)}"' for name, value in attributes.items() if value is not None
    )
    return Markup(f"<{begin} />" if tag in _EMPTY else f"<{begin}>{join(children).text}</{tag}>")


def join(children: Iterable[Child], between: Child = None) -> Markup:
    """Children one after the other, as in an element, with ``between`` between them."""
    return Markup(_child(between).join(_child(child) for child in children))


def prose(sentence: str) -> Child:
    """A sentence; text between backticks becomes code.

    >>> join([prose("call `model(x)` <once>")]).text
    'call <code>model(x)</code> &lt;once&gt;'
    """
    parts = re.split("`([^`]+)`", sentence)
    return [element("code", {}, part) if place % 2 else part for place, part in enumerate(parts)]


def source_name(source: str) -> str:
    """The name of a script or a style in a content security policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _child(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child.text
    if isinstance(child, str):
        return "\n".join(_text(shortened(line)) for line in child.split("\n"))
    return join(child).text


def _text(line: str) -> str:
    # Attributes are in double quotes, so single quotes need no escape.
    return escape(_NOT_ALLOWED.sub("", printable(line)), quote=False).replace('"', "&quot;")
