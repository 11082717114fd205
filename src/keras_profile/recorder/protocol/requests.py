"""The requests to a recorder: one class for each kind, and how one is read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar, Sequence, Union

from .captures import CAPTURES


@dataclass
class TrialOptions:
    """Which recipes are tried.

    - ``seconds``: how long to measure, in addition to building and comparing.
    - ``in_all``: ``seconds`` includes the time for building and comparing.
    - ``recipes``: their ids, None for all that fit.
    - ``approximate``: also those that alter results.
    - ``processes``: also those that need their own process.
    """

    seconds: float = 12.0
    recipes: Sequence[str] | None = None
    approximate: bool = False
    processes: bool = False
    in_all: bool = False


@dataclass
class ServedChange:
    """A recipe's change as code, for its own process: see the recipes' ``Change``."""

    title: str = ""
    call: str = ""
    setup: str = ""
    prepare: str = ""
    before: str = ""
    calls: int = 1
    without_debugger: bool = False


@dataclass
class WorkloadRequest:
    """What is called, and with what: the part that all requests share. Every field is plain JSON.

    - ``folder``: an existing folder that is the recording, or becomes it.
    - ``target``: a model file or folder, or ``module:callable``, ``file.py:callable``.
    - ``entry``: one of :data:`ENTRY_POINTS`, or None for the target's natural one.
    - ``input``: a ``.npy`` or ``.npz`` file or ``file.py:callable``, or None to make
      inputs from the model's own input specification.
    - ``batch_size``, ``rows``, ``steps``: positive numbers or None.
    - ``vary_input``: call the input's callable again before each call, outside what is measured.
    - ``callbacks``: ``file.py:callable`` that returns predict's callbacks, or None.
    - ``compiled``: True to compile first, False to load uncompiled, None to leave it as it is.
    - ``eager``: run the model eagerly.
    - ``verbose``: show Keras' progress bar, which is then part of what is measured.
    - ``trust_model``: let the model file bring code, and ops that touch files.
    - ``shapes_seen``: for each kind of call that a program's line made, the shapes of the input's arrays;
      empty if only one call is known.
    - ``models_seen``: how many models these calls used.
    """

    #: The word that distinguishes requests in JSON.
    do: ClassVar[str]

    folder: str
    target: str
    entry: str | None = None
    input: str | None = None
    batch_size: int | None = None
    rows: int | None = None
    steps: int | None = None
    vary_input: bool = False
    callbacks: str | None = None
    compiled: bool | None = None
    eager: bool = False
    verbose: bool = False
    trust_model: bool = False
    shapes_seen: Sequence[Sequence[Sequence[int]]] = ()
    models_seen: int = 1

    def trying(self, trials: TrialOptions) -> TryRequest:
        """Returns the request to try recipes on the same workload, into the same recording."""
        return TryRequest(trials=trials, **self._workload())

    def serving(self, change: ServedChange) -> ServeRequest:
        """Returns the request to make the same workload's calls with ``change``, on demand."""
        return ServeRequest(change=change, **self._workload())

    def _workload(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(WorkloadRequest)}

    def to_json(self) -> str:
        """Returns the request in the form that :func:`read_request` takes."""
        return json.dumps(dict(asdict(self), do=self.do))


@dataclass
class RecordRequest(WorkloadRequest):
    """Record the workload.

    - ``seconds``: how long to measure, in addition to importing and building.
    - ``rounds``: into how many rounds to cut that time, None to choose.
    - ``captures``: which of :data:`CAPTURES`.
    - ``mechanism``: which probes (:mod:`.probes`), None to choose.
    - ``internals``: rows ``[module, qualname, phase, probed]`` of the internals table.
    - ``extra_path``: a folder that is searched for pyinstrument after all others, or None.
    - ``append``: add to the recording that the folder holds already.
    """

    do = "record"

    seconds: float = 30.0
    rounds: int | None = None
    captures: list[str] = field(default_factory=lambda: list(CAPTURES))
    mechanism: str | None = None
    internals: list[tuple[str, str, str, bool]] = field(default_factory=list)
    extra_path: str | None = None
    append: bool = False


@dataclass
class SurveyRequest(RecordRequest):
    """Record, and report what this interpreter is before and after that."""

    do = "survey"


@dataclass
class CompareRequest(RecordRequest):
    """Record the workload block by block, as commands (:mod:`.commands`) on the standard input ask."""

    do = "compare"


@dataclass
class TryRequest(WorkloadRequest):
    """Try recipes on the workload. ``given_up``: key of a change -> why it is not tried again."""

    do = "try"

    trials: TrialOptions = field(default_factory=TrialOptions)
    given_up: dict[str, str] = field(default_factory=dict)


@dataclass
class ServeRequest(WorkloadRequest):
    """Make the workload's calls with a change, following the tasks on the standard input."""

    do = "serve"

    change: ServedChange = field(default_factory=ServedChange)


Request = Union[RecordRequest, SurveyRequest, CompareRequest, TryRequest, ServeRequest]

_REQUESTS: dict[str, Any] = {
    kind.do: kind for kind in (RecordRequest, SurveyRequest, CompareRequest, TryRequest, ServeRequest)
}
#: Fields that hold one of these classes.
_NESTED: dict[str, Any] = {"trials": TrialOptions, "change": ServedChange}


def read_request(text: str) -> Request:
    """Returns the request that :meth:`WorkloadRequest.to_json` wrote. Absent fields have their defaults.

    Raises :class:`TypeError` for an unknown kind or field.
    """
    given = json.loads(text)
    do = given.pop("do", None)
    if do not in _REQUESTS:
        raise TypeError("expected a request to {}, found {!r}".format(" or ".join(sorted(_REQUESTS)), do))
    request: Request = _decoded(_REQUESTS[do], given)
    return request


@dataclass
class RecorderOptions:
    """The options of a program's recorder: the content of ``options.json``.

    - ``internals``, ``captures``, ``extra_path``: as in :class:`RecordRequest`.
    - ``share``, ``grace_ns``: what measuring may cost, see :class:`..program.allowance.Allowance`.
    - ``keep_inputs``: keep an input of each group, for its calls to be made again.
    - ``replay``: make calls of the most expensive groups again when the program's own code has ended.
    - ``trials``: the recipes to try then, None for none.
    - ``seconds``: the time for both, None for as long as the program took (within limits).
    - ``driver``: the process that started the program; only its child makes calls again.
    - ``all_traces``: watch what is traced in all calls, and not only in a line's first ones.
    """

    share: float
    grace_ns: int
    internals: list[tuple[str, str, str, bool]] = field(default_factory=list)
    captures: list[str] = field(default_factory=lambda: list(CAPTURES))
    extra_path: str | None = None
    keep_inputs: bool = True
    replay: bool = True
    trials: TrialOptions | None = None
    seconds: float | None = None
    driver: int | None = None
    all_traces: bool = False

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> RecorderOptions:
        """Reads what :meth:`to_json` wrote. Raises :class:`TypeError` for an unknown field."""
        options: RecorderOptions = _decoded(cls, json.loads(text))
        return options


def _decoded(kind: Any, given: dict[str, Any]) -> Any:
    unknown = set(given) - {one.name for one in fields(kind)}
    if unknown:
        raise TypeError("unknown fields of {}: {}".format(kind.__name__, ", ".join(sorted(unknown))))
    return kind(
        **{
            name: _decoded(_NESTED[name], value) if name in _NESTED and value is not None else value
            for name, value in given.items()
        }
    )
