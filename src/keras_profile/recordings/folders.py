"""Makes the folders of recordings and reports, and removes those that stay empty."""

from __future__ import annotations

import filecmp
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import KerasProfileError
from ..recorder.protocol import FILES, PROGRAM_FILES
from .names import REPORTS


def new_folder(parent: Path, name: str) -> Path:
    """Makes a new empty folder ``parent/name``, or ``name-2`` and so on if that exists.

    Raises :class:`KerasProfileError` if it cannot be made.
    """
    folder = parent / name
    number = 1
    try:
        parent.mkdir(parents=True, exist_ok=True)
        while True:
            try:
                folder.mkdir()
                return folder
            except FileExistsError:
                number += 1
                folder = parent / f"{name}-{number}"
    except OSError as error:
        raise KerasProfileError(
            f"the folder {folder} cannot be created: {error.strerror}",
            "run in a folder that you can write to, or give one with --output",
        ) from error


@contextmanager
def new_report_folder(base: Path, name: str) -> Iterator[Path]:
    """Makes a folder for the report ``name`` in the folder of reports in ``base``, like :func:`new_folder`.

    It is removed again, with what was made for it, if the ``with`` block fails. Raises
    :class:`KerasProfileError` if a link leads out of ``base``.
    """
    place = base / REPORTS / name
    refuse_way_out(place.parent, base)
    made = [one for one in (place.parent, *place.parent.parents) if not one.exists()]
    folder = new_folder(place.parent, place.name)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        for one in made:
            with suppress(OSError):  # something else was put into it in the meantime
                one.rmdir()
        raise


def equal_before(folder: Path, name: str) -> Path | None:
    """The folder that :func:`new_folder` made before ``folder`` for ``name``, if all its files are the same.

    Links are not followed: a folder with one is not the same.
    """
    number = int(folder.name[len(name) + 1 :] or 1)
    before = folder.parent / (name if number == 2 else f"{name}-{number - 1}")
    if number == 1 or not before.is_dir() or before.is_symlink():
        return None
    files = _files(folder)
    if _files(before) != files:
        return None
    same = all(filecmp.cmp(before / path, folder / path, shallow=False) for path in files or ())
    return before if same else None


def _files(folder: Path) -> dict[Path, int] | None:
    """The size of each file below a folder; None if something else than files and folders is there."""
    found = {}
    for path in folder.rglob("*"):
        state = path.lstat()
        if stat.S_ISREG(state.st_mode):
            found[path.relative_to(folder)] = state.st_size
        elif not stat.S_ISDIR(state.st_mode):
            return None
    return found


def refuse_way_out(folder: Path, base: Path) -> None:
    """Raises :class:`KerasProfileError` if links lead ``folder`` out of ``base``."""
    try:
        found, within = folder.resolve(), base.resolve()
    except (OSError, RuntimeError) as error:
        raise KerasProfileError(f"the folder {folder} cannot be found: {error}") from error
    if not found.is_relative_to(within):
        raise KerasProfileError(
            f"{folder}: expected a folder to write to, found a link out of it, to {found}",
            "remove the link, or give another folder with --output",
        )


def rename_folder(folder: Path, name: str) -> Path:
    """Gives ``folder`` another name in its parent, made unique as by :func:`new_folder`."""
    return folder.replace(new_folder(folder.parent, name))


def empty_folder(folder: Path) -> Path:
    """Returns ``folder``, made if necessary. Raises if it is not empty or cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise KerasProfileError(
                f"{folder}: expected a new or empty folder, found one with files",
                "give another folder; nothing is overwritten",
            )
    except OSError as error:
        raise KerasProfileError(f"the folder {folder} cannot be created: {error.strerror}") from error
    return folder


def remove_if_empty(folder: Path) -> None:
    """Removes the folder of a recording that was never completed, including its log."""
    log = folder / FILES["log"]
    if not (folder / FILES["recording"]).exists():
        log.unlink(missing_ok=True)
        with suppress(OSError):  # it contains something else, which is not ours to remove
            folder.rmdir()


def remove_empty_program(folder: Path) -> bool:
    """Removes a program's folder if no process recorded a call. Returns whether it did."""
    if any(folder.glob("process-*")):
        return False
    for name in ("program", "options", "grace"):
        (folder / PROGRAM_FILES[name]).unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()
    return True
