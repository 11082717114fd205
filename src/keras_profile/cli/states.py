"""The states that a command looks through: commits, or interpreters."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from ..api.options import ProfileOptions
from ..errors import KerasProfileError
from . import options as shared
from .commands.compare import side_of

if TYPE_CHECKING:
    from types import TracebackType

    from ..features.comparing.comparing import Comparison, Place
    from ..features.comparing.in_turn import SideToMeasure
    from ..launch.recorder_process import Listener

#: How many work trees are kept: those of the two states that were measured last.
_TREES = 2


def states_of(options: argparse.Namespace) -> States:
    """The states that the options ask for: the commits since ``--good``, or the interpreters.

    Raises :class:`KerasProfileError` if there is neither, or an interpreter is none.
    """
    from ..features.comparing.git_trees import commits_between
    from ..launch.interpreters import find_interpreter

    call = shared.given(options, ProfileOptions())
    if options.good is None:
        if options.setup is not None:
            raise KerasProfileError("--setup is for commits", "add --good REF, or leave out --setup")
        if len(options.python) < 2:
            raise KerasProfileError(
                "expected states to look through, found none",
                "give --good REF, or at least two interpreters: --python OLD NEWER NEWEST",
            )
        for python in options.python:
            find_interpreter(python)
        return States(options.target, call, options.python)
    if len(options.python) > 1:
        raise KerasProfileError(
            f"expected one --python for all commits, found {len(options.python)}",
            "leave out --good to look through interpreters",
        )
    commits = commits_between(options.good, options.bad, Path())
    return States(options.target, call, options.python, commits, options.setup)


class States:
    """States of one call, which can be measured in turn.

    ``pythons`` are the states, oldest first; or, if there are ``commits``, at most one, for all of them.
    It is a context manager that removes the commits' work trees.
    """

    def __init__(
        self,
        target: str,
        call: ProfileOptions,
        pythons: Sequence[str],
        commits: Sequence[tuple[str, str]] = (),
        setup: str | None = None,
    ) -> None:
        self._target = target
        self._call = call
        self._pythons = pythons
        self._commits = commits
        self._setup = setup
        self._trees: dict[int, tuple[Path, ExitStack]] = {}
        self.names = [f"{name} {subject}" for name, subject in commits] or list(pythons)

    def __enter__(self) -> States:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._trees:
            self._remove(next(iter(self._trees)))

    @property
    def are_commits(self) -> bool:
        """Whether the states are commits, and not interpreters."""
        return bool(self._commits)

    def measure(
        self, first: int, second: int, seconds: float, place: Place, listener: Listener
    ) -> Comparison:
        """Measures two states in turn. Raises :class:`KerasProfileError`, which says of which state it is."""
        from ..features.comparing.comparing import compare_in_turn
        from ..features.comparing.in_turn import Plan

        sides = self._side(first, listener), self._side(second, listener)
        return compare_in_turn(sides, Plan(seconds), place, listener, html=False)

    def _side(self, number: int, listener: Listener) -> SideToMeasure:
        name = self.names[number]
        try:
            if not self._commits:
                return side_of(name, self._target, self._call, name, None, listener)
            python = self._pythons[0] if self._pythons else None
            folder = self._folder(number, listener)
            return side_of(name, self._target, self._call, python, folder, listener)
        except KerasProfileError as error:
            error.of_side(name)
            raise

    def _folder(self, number: int, listener: Listener) -> Path:
        """The work tree of a commit, as it was prepared last if that was one of the last two."""
        from ..features.comparing.git_trees import work_tree
        from ..recorder.protocol import events

        if number in self._trees:
            self._trees[number] = self._trees.pop(number)  # now the newest
            return self._trees[number][0]
        if len(self._trees) == _TREES:
            self._remove(next(iter(self._trees)))
        listener(events.Stage(f"preparing {self.names[number]}"))
        with ExitStack() as opened:
            folder, _ = opened.enter_context(work_tree(self._commits[number][0], self._setup, Path()))
            self._trees[number] = folder, opened.pop_all()
        return folder

    def _remove(self, number: int) -> None:
        _, opened = self._trees.pop(number)
        opened.close()
