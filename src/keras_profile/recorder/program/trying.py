"""Tries recipes on the program's own models and inputs, when its own code is over."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Iterator

from ..protocol import FILES, RecorderError, events
from ..trials.recipe_session import try_recipes
from .describing import make_workload

if TYPE_CHECKING:
    from ..protocol.requests import TrialOptions
    from .groups import Group
    from .watch import Watch

#: Groups that are tried, the most expensive first, and the least share of the inference that they have.
MOST_GROUPS, LEAST_SHARE = 3, 0.05


def try_groups(watch: Watch, trials: TrialOptions, listener: events.Report | None = None) -> None:
    """Tries recipes for the most expensive groups; ``trials.json`` of each goes to the group's folder.

    ``listener`` is given each event, in addition to the file.
    """
    whole = sum(group.total_ns for group in watch.groups.all)
    expensive = sorted(watch.groups.all, key=lambda group: -group.total_ns)
    chosen = [
        group
        for group in expensive
        if group.unknown is None and group.call is not None and group.total_ns > LEAST_SHARE * whole
    ][:MOST_GROUPS]
    for group in chosen:
        options = replace(trials, seconds=trials.seconds / len(chosen), processes=False)
        _try_group(watch, group, options, listener)


def _try_group(watch: Watch, group: Group, trials: TrialOptions, listener: events.Report | None) -> None:
    files = watch.files
    assert group.call is not None
    assert group.workload is not None  # it was described when its call was kept

    def report(event: events.Event) -> None:
        if isinstance(event, events.Told):
            event.group = group.number
        files.event(event)
        if listener is not None:
            listener(event)

    folder = files.group_folder(group.number)
    try:
        workload = make_workload(group.call, group.workload["target"], folder, group.inputs)
        request = workload.request.trying(trials)
        try_recipes(request, report, lambda: workload, in_own_process=False)
    except RecorderError as error:
        report(events.Announce("recipes could not be tried: {}".format(error.message)))


@contextmanager
def output_into(folder: str) -> Iterator[None]:
    """What is written to the process's output meanwhile goes to a file in ``folder``."""
    kept = []
    path = os.path.join(folder, FILES["log"])
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    for number in (1, 2):
        try:
            kept.append((number, os.dup(number)))
        except OSError:  # the program has closed it
            continue
        os.dup2(log, number)
    os.close(log)
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and not stream.closed:
                stream.flush()
        for number, copy in kept:
            os.dup2(copy, number)
            os.close(copy)
