"""The table of captures: a row each, with everything that is known about one before it runs.

A capture has three parts. Its row here is what both the recorder and the readers of recordings
need to know, and loads no instrument. ``recorder/captures/NAME.py`` is its instrument, which
is imported in the profiled interpreter if the capture is taken. ``recordings/readers/NAME.py``
reads what it wrote. Names of captures in schedules, options, outputs, pages and documents come
from these rows. Only what a capture is trusted for, such as ``bare`` for the total, is defined
where it is used.

New rows go to the end: rows of ``calls.bin`` have indices into this table.
"""

from __future__ import annotations

from typing import NamedTuple


class CaptureFile(NamedTuple):
    """A file or folder that a capture writes into a recording."""

    #: Its key in :data:`..protocol.FILES`.
    key: str
    name: str
    #: What it holds and how much of it reports read, for the documents.
    holds: str
    read: str = "yes"
    #: Its path as the documents show it, if that is more than the name.
    path: str = ""


class Costs(NamedTuple):
    """What an instrument costs in a program: in ns, and as the factor by which it slows a call."""

    make_ns: int
    around_ns: int
    longer: float


class InTime(NamedTuple):
    """How single calls under a capture are shown, in the order of time."""

    #: Its position among the others in viewers, and its rank when the page chooses which to open first.
    position: int
    preference: int
    #: The heading above its calls in the page's list, and what the page says below such a call.
    heading: str
    basis: str
    #: Whether the beginnings and ends of its boxes are known only approximately.
    approximate: bool = False


class CaptureSpec(NamedTuple):
    """What is known about a capture."""

    name: str
    #: Its title in other programs' viewers.
    title: str
    #: What it gives, in a phrase, for the documents.
    gives: str
    #: The first file is the one that is read. Without it there is nothing to show.
    files: tuple[CaptureFile, ...]
    #: Its share of the time for measuring, the most calls per round, and the most calls in all. cProfile
    #: gives the same counts for every call, and a trace grows by thousands of events per call.
    share: float
    most_in_round: int
    most_in_all: int
    #: In a program, how many calls in a row are made under it if they are short; and its assumed
    #: cost until that is known.
    program_block: int
    program_costs: Costs
    #: None if it knows nothing about what happens within a call.
    in_time: InTime | None = None


CAPTURE_TABLE = (
    CaptureSpec(
        name="bare",
        title="bare: nothing installed",
        gives="wall time, processor time and memory of each call",
        files=(),
        share=0.26,
        most_in_round=100,
        most_in_all=1000,
        program_block=1,
        program_costs=Costs(0, 0, 0.0),
    ),
    CaptureSpec(
        name="spans",
        title="spans: Keras' and TensorFlow's internals, exact",
        gives="entry and exit of the classified internals in each call, exact",
        files=(CaptureFile("spans", "spans.npz", "events of the `spans` capture"),),
        share=0.30,
        most_in_round=80,
        most_in_all=600,
        program_block=4,
        program_costs=Costs(300000000, 200000, 0.06),
        in_time=InTime(
            position=1,
            preference=2,
            heading="warm, exact internals (spans)",
            basis="spans: exact, as measured and not scaled. Each box is one call of an internal, or one "
            "garbage collection.",
        ),
    ),
    CaptureSpec(
        name="cprofile",
        title="cprofile: Python's functions, counted",
        gives="exact call counts of Python functions, and who calls whom",
        files=(
            CaptureFile(
                "cprofile_table",
                "cprofile.json",
                "what `cProfile` counted",
                read="no figure of the report comes from it",
            ),
            CaptureFile("cprofile", "cprofile.prof", "the same for viewers such as snakeviz", read="never"),
        ),
        share=0.12,
        most_in_round=20,
        most_in_all=100,
        program_block=4,
        program_costs=Costs(1000000, 1000000, 0.6),
    ),
    CaptureSpec(
        name="pyinstrument",
        title="pyinstrument: sampled Python functions",
        gives="sampled Python stacks",
        files=(
            CaptureFile(
                "pyinstrument",
                "pyinstrument.pyisession",
                "samples of the `pyinstrument` capture, JSON",
            ),
        ),
        share=0.20,
        most_in_round=80,
        most_in_all=600,
        program_block=10,
        program_costs=Costs(50000000, 5000000, 0.4),
        in_time=InTime(
            position=3,
            preference=3,
            heading="warm, sampled: every Python function",
            basis="pyinstrument: a box joins neighbouring samples that share a frame. Its edges are only as "
            "exact as the time between samples.",
            approximate=True,
        ),
    ),
    CaptureSpec(
        name="tensorflow",
        title="tensorflow: phases above TensorFlow's own events, all threads",
        gives="TensorFlow's own events on all threads, below the phases",
        files=(
            CaptureFile(
                "tensorflow",
                "tensorflow",
                "traces of the `tensorflow` capture; TensorFlow 2.2 and 2.3 write `<host>.trace.json.gz`, "
                "2.0 and 2.1 `local.trace` in place of the last",
                path="tensorflow/round-NN/plugins/profile/<time>/<host>.xplane.pb",
            ),
            CaptureFile(
                "annotations",
                "annotations.json",
                "next to a `local.trace`: what TensorFlow 2.1 cannot annotate its trace with, see "
                "[below](#annotationsjson)",
            ),
        ),
        share=0.12,
        most_in_round=8,
        most_in_all=24,
        program_block=2,
        program_costs=Costs(500000000, 300000000, 0.5),
        in_time=InTime(
            position=2,
            preference=1,
            heading="warm, with TensorFlow's events and threads",
            basis="tensorflow: TensorFlow's own events (paler) beneath the internals that they ran in, other "
            "threads below; as measured, not scaled. The colour of another thread's event is the phase that "
            "the calling thread was in.",
        ),
    ),
)

#: Their names, in the order in which a report lists them.
CAPTURES = tuple(spec.name for spec in CAPTURE_TABLE)

#: The rows by their name.
CAPTURE_OF = {spec.name: spec for spec in CAPTURE_TABLE}


def captures_in_time() -> list[CaptureSpec]:
    """Returns the captures that know what happens within a call, in the order in which viewers show them."""
    shown = [(spec.in_time.position, spec) for spec in CAPTURE_TABLE if spec.in_time is not None]
    return [spec for _, spec in sorted(shown)]


#: If calls of a program are made again after its end, that and trying recipes take as long as the
#: program took, but at least and at most so many seconds.
LEAST_S, MOST_S = 10.0, 60.0

#: If a command records and then tries recipes, this share of its time goes to recording.
RECORDING_SHARE = 0.6
