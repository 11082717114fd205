"""Writes a recording in the formats of other programs; each module of ``exports`` is one."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass

from ..analysis.drilldown.assembly import views_of
from ..analysis.reports import make_report
from ..errors import RecordingError
from ..model.drilldown import Views
from ..recorder.protocol import CAPTURE_TABLE
from ..recordings.opened import OpenedRecording
from . import exports
from .words.printable import printable

#: Captures whose calls are shown in time.
IN_TIME = tuple(spec.name for spec in CAPTURE_TABLE if spec.in_time is not None)


@dataclass(frozen=True)
class ExportFormat:
    """A file format of another program that a recording can be written in.

    ``captures`` are those that it can show. The recording must have one of them, but that one may have no
    warm call: ``encode`` must check.
    ``encode`` makes the file, and says what is left out of it. ``loading`` tells the user how another
    program loads the file ``{path}``.
    """

    suffix: str
    captures: tuple[str, ...]
    encode: Callable[[OpenedRecording], tuple[bytes, list[str]]]
    loading: str


def of_views(
    encode: Callable[[Views, str], bytes],
    shows: str = "calls_in_time",
) -> Callable[[OpenedRecording], tuple[bytes, list[str]]]:
    """An encoder of a recording's views, with all calls in time.

    The part of the views that it ``shows`` must not be empty.
    """

    def made(opened: OpenedRecording) -> tuple[bytes, list[str]]:
        views = views_of(opened, make_report(opened), most_calls=sys.maxsize)
        if not getattr(views, shows):
            raise RecordingError(
                f"{opened.folder}: expected warm calls, found none that was fully recorded",
                "record again with: keras-profile profile TARGET",
            )
        return encode(views, printable(opened.folder.name)), views.notes

    return made


def export_format(name: str) -> ExportFormat:
    """The format of the module ``name``."""
    found = importlib.import_module(f"{exports.__name__}.{name}").EXPORT
    assert isinstance(found, ExportFormat)
    return found


def export(opened: OpenedRecording, name: str) -> tuple[bytes, list[str]]:
    """The recording in the format ``name``, and notes on what is left out.

    Raises :class:`KerasProfileError`, also if it has no capture that the format shows.
    """
    chosen = export_format(name)
    lacking = [one for one in chosen.captures if not opened.gave(one)]
    if len(lacking) == len(chosen.captures):
        wanted = " or ".join(chosen.captures)
        raise RecordingError(
            f"{opened.folder}: expected the capture {wanted}, which {name} shows, found none",
            f"record again with: keras-profile profile TARGET --captures bare,spans,{chosen.captures[0]}"
            if chosen.captures[0] != "spans"
            else "record again with: keras-profile profile TARGET",
        )
    data, notes = chosen.encode(opened)
    return data, [f"the recording has no {one} capture; its part is left out" for one in lacking] + notes
