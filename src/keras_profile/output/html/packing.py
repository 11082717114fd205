"""Packs the page's data: JSON for everything with names, then columns of numbers, compressed.

Before compression by zlib, the bytes are: the length of the JSON as four bytes, little endian; the JSON,
padded with spaces to a multiple of eight; the columns, each beginning at a multiple of eight. The JSON's
``columns`` says where each one is.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

#: Types of columns by their name in the page, the narrowest first, and the most that each holds.
_TYPES = (
    ("u8", "<u1", (1 << 8) - 1),
    ("u16", "<u2", (1 << 16) - 1),
    ("u32", "<u4", (1 << 32) - 1),
    ("f64", "<f8", 1 << 53),
)
_BOUNDARY = 8


class Columns:
    """Collects columns; the JSON refers to a column by its number."""

    def __init__(self) -> None:
        self.directory: list[dict[str, Any]] = []
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, values: npt.ArrayLike, rising: bool = False) -> int:
        """Adds a column of whole numbers of at least -1, and returns its number.

        A ``rising`` one is stored as differences, which compress better.
        """
        whole = np.asarray(values, dtype=np.int64)
        stored = np.diff(whole, prepend=0) if rising else whole
        least = min(int(stored.min(initial=0)), 0)
        stored = stored - least
        most = int(stored.max(initial=0))
        name, kind, _ = next(one for one in _TYPES if most <= one[2])
        data = stored.astype(kind).tobytes()
        data += bytes(-len(data) % _BOUNDARY)
        self.directory.append(
            {"type": name, "at": self._size, "count": len(whole), "least": least, "rising": rising}
        )
        self._parts.append(data)
        self._size += len(data)
        return len(self.directory) - 1

    def data(self) -> bytes:
        """All columns, one after another."""
        return b"".join(self._parts)


def pack(content: Mapping[str, Any], columns: Columns) -> str:
    """``content`` and ``columns`` as text that is safe inside an element.

    Names may contain anything: invalid characters become JSON escapes, and the whole becomes base64, so
    nothing in it can end its element.
    """
    head = json.dumps(
        {**content, "columns": columns.directory}, ensure_ascii=True, separators=(",", ":"), allow_nan=False
    ).encode("ascii")
    head += b" " * (-(len(head) + 4) % _BOUNDARY)
    whole = len(head).to_bytes(4, "little") + head + columns.data()
    return base64.b64encode(zlib.compress(whole, 6)).decode("ascii")
