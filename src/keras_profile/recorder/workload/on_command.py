"""Records a workload block by block, as the process asks that compares it with another."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import frameworks
from ..protocol import commands, events
from ..structures import leaves, map_leaves
from ..trials.error_words import in_words
from ..trials.outputs import Difference, Flat, compare, flatten
from .recording_session import make_workload, on_command

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..protocol.requests import CompareRequest
    from .workload import Workload

#: Names of the arrays in a file of outputs: weights, inputs, outputs.
_WEIGHT, _INPUT, _OUTPUT, _PLACES = "weight-{}", "input-{}", "output-{}", "places"


def record_on_command(request: CompareRequest, report: events.Report, lines: Iterable[str]) -> None:
    """Records ``request`` into its folder as the commands in ``lines`` ask.

    Raises :class:`..protocol.RecorderError` if the first call fails.
    """
    workload = make_workload(request, report)
    for text in workload.announcements:
        report(events.Announce(text))
    with on_command(request, workload, report) as session:
        files, installed = _loaded_files()
        report(events.Ready(session.call_ns, files, workload.inputs.describe(), installed))
        for line in lines:
            command = commands.decode(line)
            if isinstance(command, commands.MakeBlock):
                report(session.make_block(command))
            elif isinstance(command, commands.CountKept):
                report(session.count_kept(command.calls))
            else:
                report(write_outputs(workload, command))


#: The folders that interpreters have their packages in.
_PACKAGES = ("site-packages", "dist-packages")


def _loaded_files() -> tuple[list[str], list[tuple[str, str]]]:
    """Returns the files of the modules that belong neither to the interpreter nor to its packages; and those
    of modules and packages in the interpreter's folders of packages, each with its path from there.
    """
    ours = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    others = [os.path.realpath(one) for one in (sys.base_prefix, ours)]
    files, installed = set(), set()
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if not isinstance(path, str) or not path.endswith((".py", ".pyc")):
            continue
        parts = path.replace(os.sep, "/").split("/")
        folder = next((at for at, part in enumerate(parts) if part in _PACKAGES), None)
        if folder is not None:
            above = sys.modules.get(name.rpartition(".")[0])
            if getattr(above, "__file__", None) is None:  # the others are in one of these
                installed.add((path, "/".join(parts[folder + 1 :])))
            continue
        real = os.path.realpath(path)
        if not any(real.startswith(one + os.sep) for one in others):
            files.add(real)
    return sorted(files), sorted(installed)


def write_outputs(workload: Workload, command: commands.WriteOutputs) -> events.OutputsWritten:
    """Writes a call's outputs, and compares them with those of the other side if there are any."""
    try:
        x = workload.fresh_input()
        if command.like is None:
            _write(command.into, workload, x, workload.call(x))
            return events.OutputsWritten()
        with np.load(command.like, allow_pickle=False) as other:
            return _compared(workload, x, other)
    except Exception as error:
        return events.OutputsWritten(reason=in_words(error))


def _write(path: str, workload: Workload, x: Any, outputs: Any) -> None:
    arrays: dict[str, Any] = {}
    for number, weight in enumerate(_weights(workload)):
        arrays[_WEIGHT.format(number)] = weight
    for number, leaf in enumerate(_arrays(workload, x)):
        arrays[_INPUT.format(number)] = leaf
    pairs = flatten(outputs)
    for number, (_, array) in enumerate(pairs):
        arrays[_OUTPUT.format(number)] = array
    np.savez(path, **dict(arrays, **{_PLACES: np.array([place for place, _ in pairs])}))


def _compared(workload: Workload, x: Any, other: Any) -> events.OutputsWritten:
    found = events.OutputsWritten()
    theirs = _all(other, _WEIGHT)
    mine = _weights(workload)
    # An exported function has its weights within.
    if workload.model is not None and [one.shape for one in mine] == [one.shape for one in theirs]:
        if mine:
            workload.model.set_weights(theirs)
        found.same_weights = True
    inputs, own = _all(other, _INPUT), _arrays(workload, x)
    if own and [one.shape for one in inputs] == [one.shape for one in own]:
        given = iter(inputs)
        pairs = {id(leaf): next(given) for leaf in leaves(x)}
        x = map_leaves(lambda leaf: frameworks.tensor_like(pairs[id(leaf)], leaf), x)
        found.same_input = True
    first = Flat([(place, np.array(array)) for place, array in flatten(workload.call(x))])
    again = Flat([(place, np.array(array)) for place, array in flatten(workload.call(x))])
    reference = Flat(list(zip([str(one) for one in other[_PLACES]], _all(other, _OUTPUT))))
    try:
        compare(first, again)
    except Difference:
        found.reason = "the outputs are random: two calls of the same model differ"
        return found
    if not (found.same_weights and found.same_input):
        what = "weights" if not found.same_weights else "inputs"
        found.reason = "both sides were not given the same {}".format(what)
        return found
    try:
        agreement = compare(reference, first)
    except Difference as difference:
        found.differ, found.reason = True, str(difference)
        return found
    found.agreement = {
        "equal": agreement.equal,
        "max_abs_error": float(agreement.error),
        "tolerance": float(agreement.tolerance),
    }
    return found


def _weights(workload: Workload) -> list[Any]:
    return [] if workload.model is None else [np.asarray(one) for one in workload.model.get_weights()]


def _arrays(workload: Workload, x: Any) -> list[Any]:
    """Returns the arrays of an input; none if it consists of batches, or of something else than numbers."""
    if workload.inputs.kind not in ("array", "tensor"):
        return []
    found = [np.asarray(leaf) for leaf in leaves(x)]
    return found if all(one.dtype.kind in "biufcSU" for one in found) else []


def _all(file: Any, name: str) -> list[Any]:
    found: list[Any] = []
    while name.format(len(found)) in file.files:
        found.append(file[name.format(len(found))])
    return found
