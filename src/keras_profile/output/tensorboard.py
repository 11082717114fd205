"""Lays out the log folder that TensorBoard opens."""

from __future__ import annotations

import mmap
import re
from pathlib import Path

from ..analysis.attribution.vocabulary import PHASES
from ..recorder.protocol import ANNOTATION_PREFIX, ANNOTATION_SUFFIX
from ..recordings.opened import OpenedRecording
from ..recordings.regular_files import MOST_TRACE_BYTES, open_regular
from ..recordings.writing import copy_file, make_folder, write_files
from .encoding.xspace import encode_xspace

#: The end of names of traces that TensorBoard opens.
_XSPACE = ".xplane.pb"
_PHASE = f"({'|'.join(PHASES)})"
#: The name of a phase's annotation, as it is recorded or as it is in the copies here. What follows a
#: recorded name is no letter of one.
ANNOTATION = re.compile(
    rf"{re.escape(ANNOTATION_PREFIX)}{_PHASE}(?![a-z_.])|{_PHASE}{re.escape(ANNOTATION_SUFFIX)}".encode()
)


def write_tensorboard(opened: OpenedRecording, folder: Path) -> Path | None:
    """Writes the recording's traces into ``folder/tensorboard``, which TensorBoard opens.

    Each round is a run. TensorBoard writes caches beside the traces it opens, so it gets copies. Traces of
    releases before XSpace are converted. In the names of annotations the phase comes first, since narrow
    boxes show only the beginning. None if there is no trace. Raises :class:`KerasProfileError`.
    """
    entry = opened.content.workload.facts.entry_point
    if opened.traces_by_run:
        make_folder(folder)
    for run, trace in opened.traces_by_run:
        place = f"tensorboard/plugins/profile/{run.parents[2].name}"
        source = Path(trace.source)
        if source.name.endswith(_XSPACE):
            with open_regular(source, MOST_TRACE_BYTES) as file:
                copy_file(file, folder, f"{place}/{source.name}")
        else:
            converted = (f"{place}/{source.name.split('.')[0]}{_XSPACE}", encode_xspace(trace, entry))
            write_files(folder, [converted])
        _put_phases_first(folder / place)
    return folder / "tensorboard" if opened.traces_by_run else None


def _put_phases_first(run: Path) -> None:
    """Changes the names of annotations in the copies of a run, each in its place: no length changes."""
    for path in run.glob(f"*{_XSPACE}"):
        if path.stat().st_size:
            with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as data:
                for found in ANNOTATION.finditer(data):
                    data[found.start() : found.end()] = phase_of(found) + ANNOTATION_SUFFIX.encode()


def phase_of(annotation: re.Match[bytes]) -> bytes:
    """The phase that a name which :data:`ANNOTATION` found is of."""
    return annotation[1] or annotation[2]
