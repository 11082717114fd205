"""Reads a trace of any of TensorFlow's formats, which its content tells; names what is something else."""

from __future__ import annotations

from pathlib import Path

from ...errors import RecordingError
from ...model.trace import Trace
from ..regular_files import MOST_TRACE_BYTES, open_regular
from .local_trace import read_local_trace
from .trace_json import GZIP_MAGIC, read_trace_json
from .xspace import read_xspace

#: How the names of traces end, the best format first.
ENDINGS = (".xplane.pb", ".trace.json.gz", ".trace.json")
#: What TensorFlow 2.0 and 2.1 call their trace.
LOCAL_TRACE = "local.trace"

#: How many bytes at the beginning of a file tell what it is.
_HEAD_BYTES = 1 << 20
#: What stands for each byte that is no text in a file that was copied as text: U+FFFD in UTF-8.
_REPLACED = b"\xef\xbf\xbd"
#: The least part of a binary file that these take if it was copied as text; in other files they are rare.
_LEAST_REPLACED = 0.01
#: What TensorBoard's plugin made of a trace, by the ends of the files' names.
_TOOLS = (
    "overview_page.pb",
    "input_pipeline.pb",
    "tensorflow_stats.pb",
    "kernel_stats.pb",
    "op_stats.pb",
    "op_stats_v2.pb",
    "memory_profile.json.gz",
)


def is_trace(path: Path) -> bool:
    """Whether the name of a file in a log folder says that it is a trace."""
    return path.name.endswith(ENDINGS) or path.name == LOCAL_TRACE


def read_trace_file(path: Path) -> Trace:
    """Reads the trace in ``path``. Raises :class:`RecordingError`, which says what the file is instead."""
    if path.name == LOCAL_TRACE:
        return read_local_trace(path)
    with open_regular(path, MOST_TRACE_BYTES) as file:
        head = file.read(_HEAD_BYTES)
    _refuse_others(path)
    if head.startswith(GZIP_MAGIC) or head[:64].lstrip()[:1] in (b"{", b"["):
        return read_trace_json(path)
    if head.count(_REPLACED) * len(_REPLACED) > _LEAST_REPLACED * len(head):
        raise RecordingError(
            f"{path}: the trace was copied as text: each byte that is none was replaced (EF BF BD), so it "
            "cannot be read any more",
            "copy the original again, in binary",
        )
    return read_xspace(path, cut_ok=True)


def _refuse_others(path: Path) -> None:
    if path.name.endswith(_TOOLS):
        raise RecordingError(
            f"{path}: expected a TensorFlow trace, found what TensorBoard made of one",
            "give the *.xplane.pb beside it",
        )
    if "tfevents" in path.name:
        raise RecordingError(
            f"{path}: expected a TensorFlow trace, found a log of TensorBoard, which has none",
            "traces are below plugins/profile in the same log folder",
        )
