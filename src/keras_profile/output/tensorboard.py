"""Lays out the log folder that TensorBoard opens."""

from __future__ import annotations

from pathlib import Path

from ..recordings.opened import OpenedRecording
from ..recordings.regular_files import MOST_TRACE_BYTES, open_regular
from ..recordings.writing import copy_file, make_folder, write_files
from .encoding.xspace import encode_xspace

#: The end of names of traces that TensorBoard opens.
_XSPACE = ".xplane.pb"


def write_tensorboard(opened: OpenedRecording, folder: Path) -> Path | None:
    """Writes the recording's traces into ``folder/tensorboard``, which TensorBoard opens.

    Each round is a run. TensorBoard writes caches beside the traces it opens, so it gets copies. Traces of
    releases before XSpace are converted. None if there is no trace. Raises :class:`KerasProfileError`.
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
    return folder / "tensorboard" if opened.traces_by_run else None
