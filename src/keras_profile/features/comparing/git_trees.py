"""Another state of the user's repository, in a work tree of its own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...errors import KerasProfileError

#: The last lines of a failed command that are shown.
_LAST_LINES = 15


@contextmanager
def work_tree(ref: str, setup: str | None, here: Path) -> Iterator[tuple[Path, str]]:
    """The folder of another state of the repository that ``here`` is in, and its short commit.

    It is the folder that corresponds to ``here``, in a new work tree that is removed afterwards. ``setup`` is
    a shell command that runs in the work tree's top folder first. Raises
    :class:`KerasProfileError` if ``here`` is in no repository, the ref is unknown, or the command fails.
    """
    top = Path(_git(here, "rev-parse", "--show-toplevel", unless="run in a folder of a git repository"))
    commit = _commit(here, ref)
    folder = Path(tempfile.mkdtemp(prefix="keras_profile-")) / top.name
    try:
        _git(top, "worktree", "add", "--detach", "--force", str(folder), commit, unless="see git's message")
        if setup is not None:
            _run_setup(setup, folder)
        yield folder / here.resolve().relative_to(top.resolve()), commit
    finally:
        subprocess.run(
            ["git", "-C", str(top), "worktree", "remove", "--force", str(folder)],
            capture_output=True,
            check=False,
        )
        shutil.rmtree(folder.parent, ignore_errors=True)
        subprocess.run(["git", "-C", str(top), "worktree", "prune"], capture_output=True, check=False)


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
    _git(
        here,
        "merge-base",
        "--is-ancestor",
        good,
        bad,
        unless=f"{good} is no ancestor of {bad}: exchange --good and --bad, or give an older --good",
    )
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
    top = _git(here, "rev-parse", "--show-toplevel", unless="run in a folder of a git repository")
    try:
        return _git(here, "rev-parse", "--verify", "--short", f"{ref}^{{commit}}", unless="")
    except KerasProfileError as error:
        raise KerasProfileError(
            f"{ref}: expected a branch, tag or commit of {top}, found none",
            f"a shallow clone lacks most: git fetch origin {ref}",
        ) from error


def _git(folder: Path, *arguments: str, unless: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise KerasProfileError("git is not installed", "install git, or compare two recordings") from error
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise KerasProfileError(f"git {arguments[0]} failed: {said[-1] if said else 'no message'}", unless)
    return done.stdout.strip()


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
