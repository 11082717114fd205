"""Another state of the user's repository, in a work tree of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...errors import KerasProfileError

#: What git sets for its hooks (``git rev-parse --local-env-vars``), for its own repository.
_OF_HOOKS = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)
#: The last lines of a failed command that are shown.
_LAST_LINES = 15


@contextmanager
def work_tree(ref: str, setup: str | None, here: Path) -> Iterator[tuple[Path, str]]:
    """The folder of another state of the repository that ``here`` is in, and its short commit.

    It is the folder that corresponds to ``here``, in a new work tree that is removed afterwards. ``setup`` is
    a shell command that runs there first. Raises
    :class:`KerasProfileError` if ``here`` is in no repository, the ref is unknown, or the command fails.
    """
    top = top_of(here)
    commit = _commit(here, ref)
    folder = Path(tempfile.mkdtemp(prefix="keras_profile-")) / top.name
    try:
        _git(top, "worktree", "add", "--detach", "--force", str(folder), commit, unless="see git's message")
        place = folder / here.resolve().relative_to(top.resolve())
        if not place.is_dir():
            raise KerasProfileError(
                f"{ref}: expected the folder {place.relative_to(folder)}, found none in that state",
                "run in a folder that is there, such as the top of the repository",
            )
        if setup is not None:
            _run_setup(setup, place)
        yield place, commit
    finally:
        _run(top, "worktree", "remove", "--force", str(folder))
        shutil.rmtree(folder.parent, ignore_errors=True)


def top_of(here: Path) -> Path:
    """The top folder of the repository that ``here`` is in. Raises :class:`KerasProfileError`."""
    return Path(_git(here, "rev-parse", "--show-toplevel", unless="run in a folder of a git repository"))


def prefix_of(here: Path) -> str:
    """The path of ``here`` in its repository, with a slash at its end; empty at the top, and in none."""
    try:
        return _git(here, "rev-parse", "--show-prefix", unless="")
    except KerasProfileError:
        return ""


def state_here(here: Path) -> str:
    """The commit that ``here`` is at, with a mark if files were changed since."""
    commit = _git(here, "rev-parse", "--short", "HEAD", unless="run in a folder of a git repository")
    changed = _git(here, "status", "--porcelain", "--untracked-files=no", unless="see git's message")
    return f"{commit} with changes" if changed else commit


def commits_between(good: str, bad: str, here: Path) -> list[tuple[str, str]]:
    """The commits from ``good`` to ``bad`` along first parents, oldest first: short name and subject.

    Raises :class:`KerasProfileError` if one is unknown, or ``good`` is no ancestor of ``bad``.
    """
    for ref in (good, bad):
        _commit(here, ref)
    try:
        _git(here, "merge-base", "--is-ancestor", good, bad, unless="")
    except KerasProfileError as error:
        raise KerasProfileError(
            f"{good} is no ancestor of {bad}", "exchange --good and --bad, or give an older --good"
        ) from error
    # The form of each line: a short name, a tab, the subject.
    form = "--format=%h%x09%s"
    first = _git(here, "log", "-1", form, good, unless="see git's message")
    others = _git(
        here, "log", "--first-parent", "--reverse", form, f"{good}..{bad}", unless="see git's message"
    )
    lines = [first, *others.splitlines()]
    return [(name, subject) for name, _, subject in (line.partition("\t") for line in lines)]


def _commit(here: Path, ref: str) -> str:
    """The short name of the commit that ``ref`` refers to."""
    top = top_of(here)
    try:
        return _git(here, "rev-parse", "--verify", "--short", f"{ref}^{{commit}}", unless="")
    except KerasProfileError as error:
        raise KerasProfileError(
            f"{ref}: expected a branch, tag or commit of {top}, found none",
            f"a shallow clone lacks most: git fetch origin {ref}",
        ) from error


def _git(folder: Path, *arguments: str, unless: str) -> str:
    """What git prints. Raises :class:`KerasProfileError` with the advice ``unless`` if it fails."""
    try:
        done = _run(folder, *arguments)
    except FileNotFoundError as error:
        raise KerasProfileError("git is not installed", "install git, or compare two recordings") from error
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise KerasProfileError(f"git {arguments[0]} failed: {said[-1] if said else 'no message'}", unless)
    return done.stdout.strip()


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs git without the variables by which a hook of git tells it where its files are."""
    return subprocess.run(
        ["git", "-C", str(folder), *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        env={name: value for name, value in os.environ.items() if name not in _OF_HOOKS},
        check=False,
    )


def _run_setup(command: str, folder: Path) -> None:
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise KerasProfileError(
            f"the command that prepares the base failed with exit code {done.returncode}: {command}",
            "see its last output above",
            trace="\n".join(done.stdout.splitlines()[-_LAST_LINES:]),
        )
