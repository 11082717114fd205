"""The captures that there are: a row each, with all that is known of one before it runs.

A capture is three things. Its row here is what both sides need to know, the recorder and what
reads recordings, and loads no instrument. ``recorder/captures/NAME.py`` is its instrument, which
is imported in the profiled interpreter where the capture is taken. ``recordings/readers/NAME.py``
reads what it wrote. Names of captures in schedules, options, outputs, pages and documents come
from these rows; only what a capture is trusted for, such as ``bare`` for the total, is said where
it is used.

New rows go to the end: rows of ``calls.bin`` count in this table.
"""

from __future__ import annotations

from typing import NamedTuple


class CaptureFile(NamedTuple):
    """A file or folder that a capture writes into a recording."""

    #: What it is called in :data:`..protocol.FILES`.
    key: str
    name: str
    #: What it holds and how far reports read it, for the documents.
    holds: str
    read: str = "yes"
    #: Its path as the documents show it, where that is more than the name.
    path: str = ""


class Costs(NamedTuple):
    """What an instrument costs in a program: ns, and how much longer a call takes under it."""

    make_ns: int
    around_ns: int
    longer: float


class InTime(NamedTuple):
    """How calls under a capture are shown one by one, in the order of time."""

    #: Where it stands among the others in viewers, and where for the page to open it first.
    position: int
    preference: int
    #: The heading over its calls in the page's list, and what the page says below such a call.
    heading: str
    basis: str
    #: Whether begin and end of its boxes are known only about.
    approximate: bool = False


class CaptureSpec(NamedTuple):
    """What is known of a capture."""

    name: str
    #: What it is called in other programs' viewers.
    title: str
    #: What it gives, in a phrase, for the documents.
    gives: str
    #: The first file is the one that is read: without it there is nothing to show.
    files: tuple[CaptureFile, ...]
    #: Of the time for measuring its share, most calls a round, and most calls in all. A cProfile
    #: call counts the same every time, and a trace grows by thousands of events a call.
    share: float
    most_in_round: int
    most_in_all: int
    #: In a program, how many calls in a row are made under it, where they are short; and what it
    #: is taken to cost until that is known.
    program_block: int
    program_costs: Costs
    #: None where it knows nothing of what happens within a call.
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

#: Their names, in the order a report lists them.
CAPTURES = tuple(spec.name for spec in CAPTURE_TABLE)

#: The rows by their name.
CAPTURE_OF = {spec.name: spec for spec in CAPTURE_TABLE}


def captures_in_time() -> list[CaptureSpec]:
    """The captures that know what happens within a call, in the order that viewers show them."""
    shown = [(spec.in_time.position, spec) for spec in CAPTURE_TABLE if spec.in_time is not None]
    return [spec for _, spec in sorted(shown)]


#: Where calls of a program are made again after its end, that and trying recipes take as long as the
#: program took, but at least and at most so many seconds.
LEAST_S, MOST_S = 10.0, 60.0

#: Where a command records and then tries recipes, so much of its time goes to recording.
RECORDING_SHARE = 0.6
