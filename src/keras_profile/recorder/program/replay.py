"""Makes the calls of a group again, alone, under all captures, into a recording of their own."""

from __future__ import annotations

import os
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from ..facts import environment
from ..facts.model_facts import process_facts
from ..frameworks.tensorflow.switches import on_a_tape
from ..protocol import FUNCTION, PROGRAM_FILES, RecorderError, events
from ..protocol.requests import RecordRequest, WorkloadRequest
from ..trials.error_words import in_words
from ..trials.patience import TimeIsOver
from ..trials.state import ModelState
from ..workload.inputs import Inputs
from ..workload.recording_session import Again, record_again
from .describing import by_the_call, make_workload

if TYPE_CHECKING:
    from .describing import Call
    from .groups import Group
    from .watch import Watch

#: How long one call may take, as a multiple of the available time.
_LONGEST = 1.2


def obstacle(group: Group) -> str | None:
    """Why the calls of a group cannot be replayed, or None."""
    call = group.call
    assert call is not None
    backend = environment.describe(group.root)["backend"]
    if backend != "tensorflow":
        return "calls on the backend {} are not recorded yet".format(backend)
    if call.thing is None:
        return "the model was gone at the program's end"
    if call.kind == "generator":
        return "the input is a generator, which can be read only once"
    if call.called == FUNCTION and group.inputs is None:
        return "its inputs were not kept"
    return None


def make_again(
    watch: Watch, group: Group, seconds: float, whole_s: float, last_s: float, report: events.Report
) -> Again | None:
    """Replays calls of the ``group`` and records them into the group's folder ``replay``.

    Takes about ``seconds``, and up to ``whole_s`` if a call is long; after ``last_s`` everything is ended.
    Returns None if the calls could not be made; ``report`` gets the reason. The user's callbacks are not
    replayed: they may have effects outside the process.
    """
    reason = _longest(group, whole_s)
    if reason is None:
        assert group.call is not None
        state = ModelState(group.call.model)
        try:
            return record_again(*_asked(watch, group, seconds), group.call_ns, whole_s, last_s, report)
        except TimeIsOver:
            reason = "they did not return in time"
        except RecorderError as error:
            reason = error.message
        except Exception as error:  # a call may raise anything if it is made in another place
            reason = in_words(error)
        finally:
            state.forget_unchanged()
            state.set()
    report(events.Announce("calls could not be replayed: " + reason))
    return None


def _longest(group: Group, seconds: float) -> str | None:
    """Why a call is too long to be replayed, or None."""
    if group.call_ns / 1e9 <= _LONGEST * seconds:
        return None
    return "one takes {:.0f} s, but only {:.0f} s are left: increase --seconds".format(
        group.call_ns / 1e9, seconds
    )


def _asked(watch: Watch, group: Group, seconds: float) -> tuple[RecordRequest, Any]:
    """Returns the request and the workload of the group's calls. Raises if they cannot be made."""
    options = watch.options
    assert group.call is not None
    assert group.workload is not None
    folder = os.path.join(watch.files.group_folder(group.number), PROGRAM_FILES["replay"])
    os.makedirs(folder, exist_ok=True)
    target = group.workload["target"]
    workload: Any = (
        _FunctionCall(group.call, target, folder, group.inputs, group.root)
        if group.call.called == FUNCTION
        else make_workload(group.call, target, folder, group.inputs, with_callbacks=False)
    )
    if (group.workload.get("switches") or {}).get("tape"):
        workload.call = on_a_tape(workload.call)
    request = RecordRequest(
        seconds=seconds,
        captures=list(options.captures),
        internals=options.internals,
        extra_path=options.extra_path,
        **{one.name: getattr(workload.request, one.name) for one in fields(WorkloadRequest)},
    )
    return request, workload


class _FunctionCall:
    """A call of the user's own function, as a workload: no more is known about what is called."""

    announcements: list[str] = []

    def __init__(self, call: Call, target: str, folder: str, inputs: Any, root: str | None) -> None:
        self.request = WorkloadRequest(folder=folder, target=target, entry=call.entry)
        self.entry = call.entry
        self.root = root
        self.inputs = Inputs(inputs)
        self._call = call
        self._given = inputs

    def fresh_input(self) -> Any:
        return self._given

    def call(self, x: Any) -> Any:
        if self._call.single_argument:
            return self._call.function(x)
        arguments = [x[name] for name in x if name.isdigit()]
        return self._call.function(*arguments, **{name: x[name] for name in x if not name.isdigit()})

    def describe(self) -> dict[str, Any]:
        """Returns what is known about it; the program's own recording has the rest."""
        return dict(by_the_call(self._call, self.request.target), process=process_facts())
