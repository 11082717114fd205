"""Searches a folder that TensorBoard is to open: which traces are in it, and where.

TensorBoard's profile plugin lists each folder ``plugins/profile/RUN`` as a run, at any
depth below the log folder, whatever is in it. It shows a run that has ``*.xplane.pb``,
and keeps what it made from that in the same folder.
"""

from __future__ import annotations

import mmap
from pathlib import Path

from ...errors import KerasProfileError
from ...recorder.protocol import FILES
from ...recordings.readers.wire import Malformed, fields
from .checkup import LogFile, LogFolder

_XSPACE, _JSON, _LOCAL = "*.xplane.pb", "*.trace.json.gz", "local.trace"
#: What the plugin writes next to a trace.
_CACHES = ("*.op_stats*.pb", "*.SSTABLE", ".cached_tools.json", "cache_version.txt")
#: The folders that a run must be in.
_PLACE = ("plugins", "profile")


def read_log_folder(path: Path) -> LogFolder:
    """Returns what is in ``path``. Raises :class:`KerasProfileError` if it is not a folder."""
    if not path.is_dir():
        raise KerasProfileError(
            f"LOGDIR: expected a folder, found {'a file' if path.exists() else 'nothing'} at {path}",
            "give the folder for tensorboard --logdir",
        )
    spaces = sorted(path.rglob(_XSPACE))
    runs = {one.parent for one in spaces}
    others = [
        [one for one in sorted(path.rglob(pattern)) if one.parent not in runs] for pattern in (_JSON, _LOCAL)
    ]
    caches = sorted(one for pattern in _CACHES for one in path.rglob(pattern))
    misplaced = [one for one in [*spaces, *others[0], *others[1]] if not _is_listed(one, path)]
    return LogFolder(
        path=str(path),
        traces=[_file(one, path) for one in spaces],
        json_traces=[_file(one, path) for one in others[0]],
        local_traces=[_file(one, path) for one in others[1]],
        caches=[_file(one, path) for one in caches],
        not_listed=[_below(one, path) for one in misplaced],
        cut_short=[_below(one, path) for one in spaces if _is_cut_short(one)],
        above=next((str(above) for one in misplaced if (above := _log_folder_of(one)) is not None), None),
    )


def _file(path: Path, folder: Path) -> LogFile:
    status = path.stat()
    recordings = [str(parent) for parent in path.parents if (parent / FILES["recording"]).is_file()]
    return LogFile(_below(path, folder), status.st_size, status.st_mtime, next(iter(recordings), None))


def _below(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _is_listed(trace: Path, folder: Path) -> bool:
    return trace.relative_to(folder).parts[-4:-2] == _PLACE


def _log_folder_of(trace: Path) -> Path | None:
    """Returns the folder above ``plugins/profile/RUN``, if the trace is in such a folder."""
    whole = trace.absolute()
    return whole.parents[3] if whole.parts[-4:-2] == _PLACE else None


def _is_cut_short(trace: Path) -> bool:
    """Whether the last plane is incomplete. Empty files are handled separately.

    Only the planes' sizes are read, so a trace of gigabytes takes no time.
    """
    if trace.stat().st_size == 0:
        return False
    with open(trace, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        view = memoryview(data)
        try:
            for _, _, body in fields(view):
                body.release()
        except Malformed:
            return True
        finally:
            view.release()
    return False
