"""One recording out of several processes that made the same calls one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

import numpy as np

from ...model.recording import Calls, Recording
from ...model.timeline import Timeline
from ...recordings.json_files import read_recording
from ...recordings.opened import OpenedRecording
from ...recordings.readers.spans import read_spans
from ...recordings.regular_files import is_there


def pooled(folders: Sequence[Path]) -> OpenedRecording:
    """The calls of all ``folders`` as one recording; the rest is that of the first.

    Raises :class:`RecordingError` if one cannot be read.
    """
    recordings = [read_recording(folder) for folder in folders]
    first = recordings[0]
    columns = {
        column.name: [value for one in recordings for value in getattr(one.content.calls, column.name)]
        for column in fields(Calls)
    }
    # Memory grows within a process: one shows by how much.
    other = sum(len(one.content.calls.wall_ns) for one in recordings[1:])
    columns["rss_bytes"] = [*first.content.calls.rss_bytes, *[None] * other]
    whole = Recording(first.folder, replace(first.content, calls=Calls(**columns)))
    opened = [OpenedRecording(one) for one in recordings]
    if len(folders) == 1 or not all(is_there(one.path_of("spans")) for one in opened):
        return OpenedRecording(whole)
    return OpenedRecording(whole, lambda: joined([read_spans(one.path_of("spans")) for one in opened]))


def joined(timelines: Sequence[Timeline]) -> Timeline:
    """Timelines of calls that were made one after the other, as one."""
    calls = np.cumsum([0, *(one.calls for one in timelines)])
    spans = np.cumsum([0, *(len(one.call) for one in timelines)])
    return Timeline(
        call=np.concatenate([one.call + calls[at] for at, one in enumerate(timelines)]),
        internal=np.concatenate([one.internal for one in timelines]),
        parent=np.concatenate(
            [np.where(one.parent >= 0, one.parent + spans[at], -1) for at, one in enumerate(timelines)]
        ),
        depth=np.concatenate([one.depth for one in timelines]),
        resumed=np.concatenate([one.resumed for one in timelines]),
        begin=np.concatenate([one.begin for one in timelines]),
        end=np.concatenate([one.end for one in timelines]),
        repaired=sum(one.repaired for one in timelines),
        damaged=sum(one.damaged for one in timelines),
    )
