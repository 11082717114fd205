"""What a recorder reports: one class for each kind of event, a line of JSON each.

Absent fields have their defaults, unknown ones are left out, and so are lines of unknown kinds:
recordings of other versions are read. :class:`Told` are those that say how it goes; the others of
a program's processes are kept in its recording.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from typing import Any, Callable, ClassVar

from .visible import readable_json

#: The text of the stage in which TensorFlow is imported.
IMPORTING = "importing TensorFlow"


@dataclass
class Event:
    """Something that a recorder reports.

    ``of`` is never written: of several workloads in a row, it says which one this is of.
    """

    #: The name of the kind in a line of JSON.
    event: ClassVar[str]

    of: str = field(default="", init=False)

    def to_json(self) -> str:
        """The event as one line, without its end."""
        return readable_json(json.dumps(dict({"event": self.event}, **vars(self)), default=str))


#: Is given each event.
Report = Callable[[Event], None]


# --- how it goes ---


@dataclass
class Told(Event):
    """How it goes. ``group`` is the one of a program whose recipes are tried, else -1."""

    group: int = field(default=-1, init=False)


@dataclass
class Stage(Told):
    """What begins now."""

    event = "stage"

    text: str


@dataclass
class Looking(Stage):
    """A closer look at a program's calls begins: its process is taken for hung after ``seconds``."""

    event = "looking"

    seconds: float


@dataclass
class EndKept(Told):
    """A copy of the process waits, as process ``pid``, to bring about the program's own end.

    Which it does should the process die before it is :class:`Done`.
    """

    event = "end_kept"

    pid: int


@dataclass
class Settled(Told):
    """The copy has come to the program's end.

    ``exit_code`` is that of the program, minus its number for a signal, None where its end hung.
    """

    event = "settled"

    exit_code: int | None


@dataclass
class Announce(Told):
    """A sentence for the user."""

    event = "announce"

    text: str


@dataclass
class Progress(Told):
    """A block of calls under ``capture`` begins; what is left of the time."""

    event = "progress"

    capture: str
    round: int
    left_ns: int
    budget_ns: int


@dataclass
class CaptureFailed(Told):
    """A capture failed; the others go on. ``trace`` is of the user's own code."""

    event = "capture_failed"

    capture: str
    reason: str
    trace: str = ""


@dataclass
class OnTrial(Told):
    """A change is at work that may hang: it is taken for hung after ``seconds``.

    ``key`` is the change's, empty for the original call; ``text`` its title.
    """

    key: str
    text: str
    seconds: float


@dataclass
class Trying(OnTrial):
    """A change is built and compared: the ``number``-th ``of_all``."""

    event = "trying"

    number: int
    of_all: int


@dataclass
class Measuring(OnTrial):
    """A change is measured."""

    event = "measuring"


@dataclass
class Tried(Told):
    """No change is at work any more."""

    event = "tried"


@dataclass
class Done(Told):
    """The end, with the number of calls that were measured."""

    event = "done"

    calls: int = 0


@dataclass
class Error(Event):
    """The end, by a :class:`.errors.RecorderError`."""

    event = "error"

    kind: str
    message: str
    advice: str = ""
    trace: str = ""
    fix: dict[str, str] | None = None


@dataclass
class Answer(Event):
    """A process that serves did as it was told: the ``file`` of outputs, or times of calls in ns."""

    event = "answer"

    file: str | None = None
    walls: list[int] | None = None


# --- what an interpreter is ---


@dataclass
class Survey(Event):
    """What an interpreter is. Told in the order of the classes below."""


@dataclass
class SurveyInstalled(Survey):
    """The interpreter, its packages as they lie on disk, and what reading the clock takes."""

    event = "survey_installed"

    python: str
    implementation: str
    executable: str
    packages: dict[str, str]
    settings: dict[str, str]
    clock_ns: int


@dataclass
class SurveyTensorFlow(Survey):
    """TensorFlow can be imported."""

    event = "survey_tensorflow"

    version: str


@dataclass
class SurveyFrameworks(Survey):
    """Its Keras can be, too: the same as a recording's ``environment``."""

    event = "survey_frameworks"

    environment: dict[str, Any]


@dataclass
class SurveyModelFile(Survey):
    """Whether a model file can be written and read: why not, or an empty message."""

    event = "survey_model_file"

    message: str
    advice: str = ""
    fix: dict[str, str] | None = None


@dataclass
class SurveySampler(Survey):
    """The module by which pyinstrument samples, None where it is not loaded."""

    event = "survey_sampler"

    module: str | None


@dataclass
class SurveyOptions(Survey):
    """The profiler's options under which a trace was taken; None where it was not, and why."""

    event = "survey_options"

    asked: dict[str, int] | None
    reason: str = ""


# --- the processes of a program ---


@dataclass
class Process(Event):
    """A process in which a model is called. ``time`` (of day, in seconds) and ``began_ns`` are one moment.

    ``boot`` names the time since the machine was started, in which all processes have one clock.
    """

    event = "process"

    pid: int
    parent: int
    argv: list[str]
    time: float
    began_ns: int
    executable: str = ""
    python: str = ""
    folder: str = ""
    forked: bool = False
    boot: str = ""


@dataclass
class Environment(Event):
    """What the process runs with, as in ``recording.json``. The last one counts."""

    event = "environment"

    environment: dict[str, Any]


@dataclass
class Internals(Event):
    """The internals as they are here, as in ``recording.json``. The last one counts."""

    event = "internals"

    internals: list[dict[str, Any]]


@dataclass
class Thread(Event):
    """The name of a thread."""

    event = "thread"

    thread: int
    name: str


@dataclass
class Site(Event):
    """A line of the user's that calls a model.

    ``through`` is the library's line that called Keras for it: ``file``, ``line``, ``function``.
    """

    event = "site"

    site: int
    file: str
    line: int
    function: str
    source: str
    through: dict[str, Any] | None = None


@dataclass
class Group(Event):
    """Calls of one site, entry point, model and shape. The last one of a number counts.

    Groups of one ``base`` differ in shapes alone; ``workload`` is as in ``recording.json``.
    """

    event = "group"

    group: int
    site: int
    entry: str
    workload: dict[str, Any]
    base: int
    varying: bool = False


@dataclass
class Capture(Event):
    """How a capture of a group went, as in ``recording.json``. The last one counts."""

    event = "capture"

    group: int
    name: str
    status: str
    reason: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass
class Activity(Event):
    """Work beside inference. ``within`` is the group in whose call it ran, -1 for none."""

    event = "activity"

    kind: str
    name: str
    where: str
    begin_ns: int
    wall_ns: int
    thread: int
    within: int = -1


@dataclass
class Unfinished(Event):
    """A call under way for long, or ``ended`` by something else than its own end.

    ``batches`` are those that predict has begun. ``inside`` is the user's line within the call that is at
    work, ``endless`` what of the input may have no end: ``generator``, ``repeat`` or nothing. The last one
    of a group and beginning counts.
    """

    event = "unfinished"

    group: int
    where: str
    entry: str
    begin_ns: int
    wall_ns: int
    ended: str = ""
    batches: int | None = None
    inside: str = ""
    endless: str = ""
    grown_bytes: int | None = None


@dataclass
class Overhead(Event):
    """What recording took so far, in ns, by what took it. The last one counts."""

    event = "overhead"

    parts: dict[str, int]
    at_ns: int = 0


@dataclass
class Ended(Event):
    """The program's own code is over; ``raised`` is the exception that ended it."""

    event = "ended"

    at_ns: int
    raised: str | None = None


#: The events by the names of their kinds.
KINDS: dict[str, Any] = {
    kind.event: kind
    for kind in (
        Stage,
        Looking,
        EndKept,
        Settled,
        Announce,
        Progress,
        CaptureFailed,
        Trying,
        Measuring,
        Tried,
        Done,
        Error,
        Answer,
        SurveyInstalled,
        SurveyTensorFlow,
        SurveyFrameworks,
        SurveyModelFile,
        SurveySampler,
        SurveyOptions,
        Process,
        Environment,
        Internals,
        Thread,
        Site,
        Group,
        Capture,
        Activity,
        Unfinished,
        Overhead,
        Ended,
    )
}


def decode(line: str | bytes) -> Event | None:
    """The event of a line, None where its kind is not known here.

    Raises :class:`ValueError` where it is none, or lacks a field that has no default.
    """
    given = json.loads(line)
    if not isinstance(given, dict) or not isinstance(given.get("event"), str):
        raise ValueError("expected an event, found {!r}".format(line))
    kind = KINDS.get(given["event"])
    if kind is None:
        return None
    known = {one.name for one in fields(kind) if one.init}
    try:
        event: Event = kind(**{name: value for name, value in given.items() if name in known})
    except TypeError as error:
        raise ValueError("{}: {}".format(given["event"], error)) from error
    if isinstance(event, Told):
        event.group = given.get("group", -1)
    return event
