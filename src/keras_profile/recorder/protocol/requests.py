"""The requests to a recorder: one class for each kind, and how one is read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar, Sequence, Union

from .captures import CAPTURES
from .errors import RecorderError


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
    - ``chained``: whether the input of each of them is made from the output of the one before.
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
    chained: bool = False

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


#: A window is at least this long and a period at most, in s: a day in a year is still a window.
LEAST_WINDOW_S, MOST_PERIOD_S = 0.1, 366 * 86400.0
#: How many windows can be kept at most.
MOST_WINDOWS = 10000


@dataclass
class WindowOptions:
    """When a process is recorded: for some time in each period, and not in between.

    - ``every_s``: the period, in s; ``for_s``: how much of it is recorded, a window.
    - ``offset_s``: when the first window begins, in s after the import of Keras or TensorFlow. None is a
      random moment of the first period, so that many processes are not recorded at once.
    - ``keep``: how many windows are kept in the recording's folder, the newest.
    """

    every_s: float
    for_s: float
    offset_s: float | None = None
    keep: int = 24

    def check(self) -> None:
        """Raises :class:`RecorderError` if there can be no such windows."""
        wrong = self._wrong()
        if wrong is not None:
            raise RecorderError("windows", "expected {}, found {}".format(*wrong))

    def _wrong(self) -> tuple[str, str] | None:
        """Returns what is expected and what is there instead; None if all is well."""
        if not _is_between(self.every_s, 2 * LEAST_WINDOW_S, MOST_PERIOD_S):
            return "a period of {:g} s to 366 days".format(2 * LEAST_WINDOW_S), _in_s(self.every_s)
        if not _is_between(self.for_s, LEAST_WINDOW_S, MOST_PERIOD_S):
            return "windows of at least {:g} s".format(LEAST_WINDOW_S), _in_s(self.for_s)
        if self.for_s >= self.every_s:
            found = "{} of each {}".format(_in_s(self.for_s), _in_s(self.every_s))
            return "windows that are shorter than their period", found
        if self.offset_s is not None and not _is_between(self.offset_s, 0, self.every_s):
            return "a first window within the period of {}".format(_in_s(self.every_s)), _in_s(self.offset_s)
        if type(self.keep) is not int or not 1 <= self.keep <= MOST_WINDOWS:
            return "1 to {:,} windows to keep".format(MOST_WINDOWS), repr(self.keep)
        return None


def _is_between(value: Any, least: float, most: float) -> bool:
    """Whether a value of JSON is a number from ``least`` to ``most``; not a number is none."""
    return type(value) in (int, float) and least <= value <= most


def _in_s(value: Any) -> str:
    return "{:g} s".format(value) if type(value) in (int, float) else repr(value)


@dataclass
class RecorderOptions:
    """The options of a program's recorder: the content of ``options.json``.

    - ``internals``, ``captures``, ``extra_path``: as in :class:`RecordRequest`.
    - ``share``, ``grace_ns``: what measuring may cost, see :class:`..program.allowance.Allowance`.
    - ``keep_inputs``: keep an input of each group, for its calls to be made again.
    - ``replay``: make calls of the most expensive groups again when the program's own code has ended.
    - ``trials``: the recipes to try then, None for none.
    - ``seconds``: the time for both, None for as long as the program and its calls ask for.
    - ``driver``: the process that started the program; only its child makes calls again.
    - ``all_traces``: watch what is traced in all calls, and not only in a line's first ones.
    - ``windows``: when the process is recorded, None for all the time. Then nothing is made again.
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
    windows: WindowOptions | None = None

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> RecorderOptions:
        """Reads what :meth:`to_json` wrote. Raises :class:`TypeError` for an unknown field."""
        options: RecorderOptions = _decoded(cls, json.loads(text))
        return options


#: Fields that hold one of these classes.
_NESTED: dict[str, Any] = {"trials": TrialOptions, "change": ServedChange, "windows": WindowOptions}


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
