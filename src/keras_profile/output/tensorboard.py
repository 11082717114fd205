"""Lays out the log folder that TensorBoard opens."""

from __future__ import annotations

from pathlib import Path

from ..recordings.opened import OpenedRecording, read_run
from ..recordings.writing import write_files
from .encoding.xspace import encode_xspace


def write_tensorboard(opened: OpenedRecording, folder: Path) -> Path | None:
    """Writes the recording's traces into ``folder/tensorboard``, which TensorBoard opens.

    Each round is a run. TensorBoard writes caches beside the traces it opens, so it gets
    copies, and what releases before XSpace wrote is converted. None where there is no
    trace. Raises :class:`KerasProfileError`.
    """
    entry = opened.content.workload.facts.entry_point
    files = []
    for run in opened.runs:
        name = f"tensorboard/plugins/profile/{run.parents[2].name}"
        files += [(f"{name}/{file}", data) for file, data in _files(run, entry)]
    if not files:
        return None
    write_files(folder, files)
    return folder / "tensorboard"


def _files(run: Path, entry: str) -> list[tuple[str, bytes]]:
    """The traces of one run by the file names that TensorBoard knows."""
    paths = sorted(run.glob("*.xplane.pb"))
    if paths:
        return [(path.name, path.read_bytes()) for path in paths]
    return [
        (f"{Path(trace.source).name.split('.')[0]}.xplane.pb", encode_xspace(trace, entry))
        for trace in read_run(run)
    ]
