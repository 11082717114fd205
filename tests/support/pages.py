"""What a page's script reads of the page, read by other means."""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

_TYPES = {"u8": "<u1", "u16": "<u2", "u32": "<u4", "f64": "<f8"}


def unpacked(page: str) -> tuple[dict[str, Any], Callable[[int], list[int]]]:
    """What the page's script gets from the page's data: the JSON and a function to its columns."""
    packed = re.search(r'<script type="text/plain" id="data">([^<]*)</script>', page)[1]
    whole = zlib.decompress(base64.b64decode(packed))
    (size,) = struct.unpack("<I", whole[:4])
    content = json.loads(whole[4 : 4 + size])

    def read(number: int) -> list[int]:
        column = content["columns"][number]
        assert (4 + size + column["at"]) % 8 == 0
        stored = np.frombuffer(whole, _TYPES[column["type"]], column["count"], 4 + size + column["at"])
        values = stored.astype(np.int64) + column["least"]
        return np.cumsum(values).tolist() if column["rising"] else values.tolist()

    return content, read
