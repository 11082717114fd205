"""A checkup: the facts of an environment and a log folder, and what each check says about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from ...model.recording import CaptureOutcome, Schema
from ...model.report import TableCoverage

#: Name and version of what ``keras-profile doctor --json`` prints.
#:
#: History: 1 is the first. Keys may be added without a new version.
CHECKUP_SCHEMA = Schema("keras_profile.checkup", 1)

#: What a check can say, from best to worst.
Status = Literal["ok", "not checked", "warning", "fails"]
OK: Final = "ok"
NOT_CHECKED: Final = "not checked"
WARNING: Final = "warning"
FAILS: Final = "fails"


@dataclass(frozen=True)
class Failure:
    """What did not work, and what to do about it.

    ``package`` causes it, ``command`` fixes it, and ``advice`` is printed before that. The
    first two are empty if they are not known. ``said`` is the last output of a process that
    died.
    """

    message: str
    advice: str = ""
    package: str = ""
    command: str = ""
    said: str = ""


@dataclass(frozen=True)
class Installed:
    """An interpreter and the packages in it, by the names of their folders, with versions.

    ``clock_ns`` is how long reading the clock takes, ``settings`` the variables that
    change how TensorFlow or Keras run.
    """

    executable: str
    python: str
    packages: dict[str, str]
    settings: dict[str, str] = field(default_factory=dict)
    clock_ns: int = 0


@dataclass(frozen=True)
class Frameworks:
    """TensorFlow and its Keras, imported."""

    tensorflow: str
    keras: str
    keras_root: str
    backend: str


@dataclass(frozen=True)
class ModelFile:
    """Whether an HDF5 model file was written and read; ``failure`` is why not."""

    failure: Failure | None = None


@dataclass(frozen=True)
class CheckRecording:
    """A short recording that was made for the checkup, read back.

    ``calls`` counts calls by capture, ``unprobed`` names the internals that got no probe. For
    the traces, ``steps`` counts the calls that are marked in them, ``annotated`` names the
    phases. ``sampler`` is the module that pyinstrument samples with, ``page_bytes`` the size
    of the page that was made from the recording.
    """

    captures: dict[str, CaptureOutcome]
    calls: dict[str, int]
    coverage: TableCoverage | None
    samples: int
    sampler: str | None
    trace_events: int
    steps: int
    annotated: list[str]
    page_bytes: int
    unprobed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ProfilerOptions:
    """How the profiler handled its options.

    ``asked`` is None if they could not be set, and ``reason`` says why. ``told`` is the options that
    the trace says it was taken with, None if it does not say. ``python_events`` counts calls of Python
    functions in it.
    """

    asked: dict[str, int] | None
    reason: str = ""
    told: dict[str, int] | None = None
    python_events: int = 0


@dataclass(frozen=True)
class LogFile:
    """A file in a log folder, by its path below it.

    ``modified`` is in seconds. ``recording`` is the keras_profile recording that contains it.
    """

    path: str
    bytes: int
    modified: float
    recording: str | None = None

    @property
    def run(self) -> str:
        """The folder that contains it, which TensorBoard takes for a run."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True)
class LogFolder:
    """The content of a folder that TensorBoard is to open.

    ``traces`` are what today's TensorBoard reads. ``json_traces`` are what TensorFlow 2.2 and 2.3
    wrote, ``local_traces`` what 2.0 and 2.1 wrote, both only if the run has no other traces.
    ``not_listed`` are the paths of traces that are not in ``plugins/profile/RUN``, ``cut_short`` of
    those that end where no trace can end. ``caches`` are TensorBoard's own files next to them.
    ``above`` is the folder that TensorBoard needs if ``path`` is too deep.
    """

    path: str
    traces: list[LogFile] = field(default_factory=list)
    json_traces: list[LogFile] = field(default_factory=list)
    local_traces: list[LogFile] = field(default_factory=list)
    caches: list[LogFile] = field(default_factory=list)
    not_listed: list[str] = field(default_factory=list)
    cut_short: list[str] = field(default_factory=list)
    above: str | None = None

    @property
    def all_traces(self) -> list[LogFile]:
        """The traces of every format."""
        return [*self.traces, *self.json_traces, *self.local_traces]


@dataclass(frozen=True)
class Facts:
    """All the facts for the checks. What could not be found out is None.

    ``here`` is the interpreter of keras_profile itself, in which viewers are searched.
    ``failure`` is why the first of the facts that are None could not be found out.
    """

    here: Installed
    installed: Installed | None = None
    tensorflow: str | None = None
    frameworks: Frameworks | None = None
    model_file: ModelFile | None = None
    recording: CheckRecording | None = None
    options: ProfilerOptions | None = None
    failure: Failure | None = None
    log_folder: LogFolder | None = None


@dataclass(frozen=True)
class Line:
    """What a check says. ``advice`` says what to do, ``command`` is what to run for it."""

    check: str
    status: Status
    text: str
    advice: str = ""
    command: str = ""


@dataclass(frozen=True)
class Checkup:
    """All lines of a checkup; ``works`` is whether none fails.

    ``said`` is what the checked process said last, where it died.
    """

    schema: Schema
    interpreter: str
    log_folder: str | None
    works: bool
    lines: list[Line]
    said: str = ""
