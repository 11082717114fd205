"""Tries recipes on the program's own models and inputs, when its own code is over."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager

from ..protocol import FILES, RecorderError
from ..trials.recipe_session import try_recipes
from .describing import make_workload

#: Groups that are tried, dearest first, and the least share of the inference that they have.
MOST_GROUPS, LEAST_SHARE = 3, 0.05


def try_groups(watch, trials, listener=None):
    """Tries recipes for the dearest groups; ``trials.json`` of each goes to the group's folder.

    ``listener`` is told of each event, beside the file.
    """
    whole = sum(group.total_ns for group in watch.groups.all)
    dearest = sorted(watch.groups.all, key=lambda group: -group.total_ns)
    chosen = [
        group
        for group in dearest
        if group.unknown is None and group.call is not None and group.total_ns > LEAST_SHARE * whole
    ][:MOST_GROUPS]
    for group in chosen:
        _try_group(
            watch, group, dict(trials, seconds=trials["seconds"] / len(chosen), processes=False), listener
        )


def _try_group(watch, group, trials, listener):
    files = watch.files

    def report(event, **fields):
        files.event(event, trials=True, group=group.number, **fields)
        if listener is not None:
            listener(dict(fields, event=event))

    folder = files.group_folder(group.number)
    try:
        workload = make_workload(group.call, group.workload["target"], folder, group.inputs, trials)
        try_recipes(workload.request, report, lambda: workload, in_own_process=False)
    except RecorderError as error:
        report("announce", text="recipes could not be tried: {}".format(error.message))


@contextmanager
def output_into(folder):
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
