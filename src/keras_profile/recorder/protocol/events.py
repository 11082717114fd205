"""What a recorder reports: one class for each kind of event, a line of JSON each.

Absent fields have their defaults; unknown fields and lines of unknown kinds are ignored. So recordings
of other versions can be read. Events of the class :class:`Told` report progress; the other events of a
program's processes are kept in its recording.
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

    ``of`` is never written: if several workloads run in a row, it says which one this belongs to.
    """

    #: The name of the kind in a line of JSON.
    event: ClassVar[str]

    of: str = field(default="", init=False)

    def to_json(self) -> str:
        """Returns the event as one line, without a line break."""
        return readable_json(json.dumps(dict({"event": self.event}, **vars(self)), default=str))


#: Called with each event.
Report = Callable[[Event], None]


# --- progress ---


@dataclass
class Told(Event):
    """Reports progress. ``group`` is the program's group whose recipes are tried, else -1."""

    group: int = field(default=-1, init=False)


@dataclass
class Stage(Told):
    """What begins now."""

    event = "stage"

    text: str


@dataclass
class Looking(Stage):
    """A closer look at a program's calls begins: its process counts as hung after ``seconds``."""

    event = "looking"

    seconds: float


@dataclass
class EndKept(Told):
    """A copy of the process waits, as process ``pid``, to run the program's own end.

    It does so if the process dies before it is :class:`Done`.
    """

    event = "end_kept"

    pid: int


@dataclass
class Settled(Told):
    """The copy has reached the program's end.

    ``exit_code`` is that of the program: for a signal, minus its number; None if its end hung.
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
    """A block of calls under ``capture`` begins, with the time that is left."""

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
    """A change is running that may hang: it counts as hung after ``seconds``.

    ``key`` is the change's, empty for the original call; ``text`` its title.
    """

    key: str
    text: str
    seconds: float


@dataclass
class Trying(OnTrial):
    """A change is being built and compared: the ``number``-th ``of_all``."""

    event = "trying"

    number: int
    of_all: int


@dataclass
class Measuring(OnTrial):
    """A change is being measured."""

    event = "measuring"


@dataclass
class Tried(Told):
    """No change is running any more."""

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
    """A serving process did its task: the ``file`` of outputs, or the times of calls in ns."""

    event = "answer"

    file: str | None = None
    walls: list[int] | None = None


@dataclass
class Ready(Event):
    """A recorder that is compared with another made its first calls; one takes ``call_ns`` now.

    ``files`` are those of the user's modules that are loaded: not of the interpreter or its packages.
    ``installed`` are the modules and packages that are loaded from the interpreter's folders of packages: the
    file of each, and its path from there, with ``/``.
    ``inputs`` are those of a call, as a recording describes them.
    """

    event = "ready"

    call_ns: int = 0
    files: list[str] = field(default_factory=list)
    inputs: list[dict[str, Any]] = field(default_factory=list)
    installed: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class BlockMade(Event):
    """The calls of a block: their wall and processor times in ns.

    Without calls, the capture failed or cannot be taken, for this ``reason``.
    """

    event = "block"

    capture: str
    round: int
    walls: list[int] = field(default_factory=list)
    cpus: list[int] = field(default_factory=list)
    reason: str = ""


@dataclass
class KeptCounted(Event):
    """How many Python objects each call leaves behind; None if a call failed, for this ``reason``."""

    event = "kept"

    objects: float | None = None
    reason: str = ""


@dataclass
class OutputsWritten(Event):
    """The outputs of one call were written, and compared with the other side's if there were any.

    ``agreement`` has how close they are: whether they are ``equal``, the largest ``error`` and what is
    allowed (``tolerance``). Without it, ``reason`` says why they were not compared, or where they differ if
    ``differ``. ``same_weights`` and ``same_input`` are whether both sides were given the same.
    """

    event = "outputs"

    agreement: dict[str, Any] | None = None
    differ: bool = False
    reason: str = ""
    same_weights: bool = False
    same_input: bool = False


# --- what an interpreter is ---


@dataclass
class Survey(Event):
    """What an interpreter is. Reported in the order of the classes below."""


@dataclass
class SurveyInstalled(Survey):
    """The interpreter, its packages on disk, and how long reading the clock takes."""

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
    """Its Keras can be imported, too: the same as a recording's ``environment``."""

    event = "survey_frameworks"

    environment: dict[str, Any]


@dataclass
class SurveyModelFile(Survey):
    """Whether a model file can be written and read: the reason if not, else an empty message."""

    event = "survey_model_file"

    message: str
    advice: str = ""
    fix: dict[str, str] | None = None


@dataclass
class SurveySampler(Survey):
    """The module that pyinstrument samples with, None if it is not loaded."""

    event = "survey_sampler"

    module: str | None


@dataclass
class SurveyOptions(Survey):
    """The profiler's options with which a trace was taken; None if it was not, and the reason."""

    event = "survey_options"

    asked: dict[str, int] | None
    reason: str = ""


# --- the processes of a program ---


@dataclass
class Process(Event):
    """A process that calls a model. ``time`` (of day, in seconds) and ``began_ns`` are the same moment.

    ``boot`` identifies the current start of the machine: until the next, all processes share one clock.
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
    """The internals as found here, as in ``recording.json``. The last one counts."""

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
    """A line of the user's code that calls a model.

    ``through`` is the library's line that called Keras for it: ``file``, ``line``, ``function``.
    ``one_position`` says that the line uses one position of the output's second axis.
    """

    event = "site"

    site: int
    file: str
    line: int
    function: str
    source: str
    through: dict[str, Any] | None = None
    one_position: bool = False


@dataclass
class Group(Event):
    """Calls of one site, entry point, model and shape. The last one with a number counts.

    Groups with the same ``base`` differ only in shapes; ``workload`` is as in ``recording.json``.
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
    """Work other than inference. ``within`` is the group in whose call it ran, -1 for none."""

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
    """A call that has been running for long, or that was ``ended`` before it returned.

    ``batches`` are those that predict has begun. ``inside`` is the user's line within the call that is
    running, ``endless`` the part of the input that may have no end: ``generator``, ``repeat`` or nothing.
    The last one with the same group and beginning counts.
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
    """The time that recording has taken so far, in ns, by part. The last one counts."""

    event = "overhead"

    parts: dict[str, int]
    at_ns: int = 0


@dataclass
class Ended(Event):
    """The program's own code has ended; ``raised`` is the exception that ended it."""

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
        Ready,
        BlockMade,
        KeptCounted,
        OutputsWritten,
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
    """Returns the event of a line, None if its kind is not known here.

    Raises :class:`ValueError` if it is no event, or lacks a field that has no default.
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
