"""What goes into the recorder and what comes out: the schema that both sides share.

Only this module of the recorder is imported by the rest of keras_profile.
"""

from __future__ import annotations

import json
from copy import copy

#: Name and version of a recording's ``recording.json``.
#:
#: History: 1 is the first.
RECORDING_SCHEMA = {"name": "keras_profile.recording", "version": 1}

#: Name and version of a recording's ``trials.json``.
#:
#: History: 1 is the first.
TRIALS_SCHEMA = {"name": "keras_profile.trials", "version": 1}

#: The captures there are, in the order a report lists them.
CAPTURES = ("bare", "spans", "cprofile", "pyinstrument", "tensorflow")

#: Where a command records and then tries recipes, so much of its time goes to recording.
RECORDING_SHARE = 0.6

#: The entry points that a workload can have.
ENTRY_POINTS = ("predict", "predict_on_batch", "call", "call_inference", "function", "signature")

#: Files of a recording, by what they hold.
FILES = {
    "recording": "recording.json",
    "spans": "spans.npz",
    "cprofile": "cprofile.prof",
    "cprofile_table": "cprofile.json",
    "pyinstrument": "pyinstrument.pyisession",
    "tensorflow": "tensorflow",
    "annotations": "annotations.json",
    "trials": "trials.json",
    "log": "output.log",
}

#: Name and version of ``program.json``, the recording of a whole program.
#:
#: History: 1 is the first.
PROGRAM_SCHEMA = {"name": "keras_profile.program", "version": 1}

#: Files of a program's recording, by what they hold. ``options`` is what its recorder is told.
#: ``process`` and what follows are of each process, in a folder ``process-PID``; groups are in
#: ``groups/NUMBER`` below that.
PROGRAM_FILES = {
    "program": "program.json",
    "options": "options.json",
    "process": "process.jsonl",
    "calls": "calls.bin",
    "between": "between.json",
    "groups": "groups",
    "spans": "spans.bin",
}

#: A row of ``calls.bin``, as :mod:`struct` and numpy name its types. ``capture`` counts in
#: :data:`CAPTURES`; ``others`` is how many calls were in flight on other threads when the call
#: began; ``model`` numbers the model objects of the process, -1 for none; times are ns,
#: ``rss_bytes`` is -1 where it was not read.
CALL_ROW = "<ihhiiiiqqqqq"
CALL_FIELDS = (
    ("group", "<i4"),
    ("capture", "<i2"),
    ("flags", "<i2"),
    ("thread", "<i4"),
    ("others", "<i4"),
    ("model", "<i4"),
    ("block", "<i4"),
    ("begin_ns", "<i8"),
    ("wall_ns", "<i8"),
    ("cpu_ns", "<i8"),
    ("thread_cpu_ns", "<i8"),
    ("rss_bytes", "<i8"),
)
#: Flags of such a row: the group's first call; a call that raised; one right after an
#: instrument came or went, which counts for the program's time and not for the group's figures.
COLD, RAISED, SETTLING = 1, 2, 4

#: The variable by which a process learns that it is to be recorded: the program's folder.
FOLDER_VARIABLE = "KERAS_PROFILE"

#: The text of the stage in which TensorFlow is imported.
IMPORTING = "importing TensorFlow"

#: The name that the frame around every measured call has in stacks, before its number.
CALL_FRAME = "keras_profile_call_"

#: Events in ``spans.npz``. A probe's entry is logged as the internal's number (0 and up),
#: a generator's resumption as that plus RESUMED, and an exit or ``yield`` as
#: ``-1 - number``; the others are no probe's.
RESUMED = 500000000
CALL_BEGIN = 1000000001
CALL_END = 1000000002
GC_BEGIN = 1000000003
GC_END = 1000000004

#: What the annotation of an internal is called in a TensorFlow trace; its phase follows.
#: Without a colon, behind which TF 2.0 expects the op and cuts off what stands before.
ANNOTATION_PREFIX = "keras_profile."

#: What follows the entry point in the name of a step there. TensorFlow names the call of a
#: tf.function for it, and one may be called ``function`` or ``predict``: none has brackets.
STEP_SUFFIX = "()"

#: The op whose events tie the clock of ``annotations.json`` to that of its trace.
MARKER_OP = "PopulationCount"


class Request:
    """What to record. Every field is plain JSON.

    - ``folder``: an existing folder that becomes the recording.
    - ``target``: a model file or folder, or ``module:callable``, ``file.py:callable``.
    - ``entry``: one of :data:`ENTRY_POINTS`, or None for the target's natural one.
    - ``input``: a ``.npy`` or ``.npz`` file or ``file.py:callable``, or None to make
      inputs from the model's own input specification.
    - ``batch_size``, ``rows``, ``steps``: positive numbers or None.
    - ``vary_input``: call the input's callable anew before each call, outside what is measured.
    - ``callbacks``: ``file.py:callable`` that returns predict's callbacks, or None.
    - ``compiled``: True to compile first, False to load uncompiled, None for as it is.
    - ``eager``: run the model eagerly.
    - ``verbose``: show Keras' progress bar, which is then part of what is measured.
    - ``trust_model``: let the model file bring code (Keras' safe mode off).
    - ``seconds``: how long to measure, beyond import and build.
    - ``rounds``: into how many rounds to cut that time, None to choose.
    - ``captures``: which of :data:`CAPTURES`.
    - ``mechanism``: which probes (:mod:`.probes`), None to choose.
    - ``internals``: rows ``[module, qualname, phase, probed]`` of the internals table.
    - ``extra_path``: a folder that is searched for pyinstrument after all others, or None.
    - ``append``: add to the recording that the folder holds already.
    - ``survey``: tell what this interpreter is, before and after what is recorded.
    - ``trials``: None to record. To try recipes instead, a dict: ``seconds`` for measuring,
      ``recipes`` (their ids, None for all that fit), ``approximate`` (also those that alter
      results), ``processes`` (also those that need a process of their own), ``given_up``
      (key of a change -> why it is not to be tried again).
    """

    DEFAULTS = {
        "folder": None,
        "target": None,
        "entry": None,
        "input": None,
        "batch_size": None,
        "rows": None,
        "steps": None,
        "compiled": None,
        "eager": False,
        "verbose": False,
        "trust_model": False,
        "seconds": 30.0,
        "rounds": None,
        "captures": list(CAPTURES),
        "mechanism": None,
        "internals": [],
        "extra_path": None,
        "append": False,
        "vary_input": False,
        "callbacks": None,
        "trials": None,
        "survey": False,
    }

    folder: str
    target: str
    entry: str | None
    input: str | None
    batch_size: int | None
    rows: int | None
    steps: int | None
    compiled: bool | None
    eager: bool
    verbose: bool
    trust_model: bool
    seconds: float
    rounds: int | None
    captures: list[str]
    mechanism: str | None
    internals: list[tuple[str, str, str, bool]]
    extra_path: str | None
    append: bool
    vary_input: bool
    callbacks: str | None
    trials: dict[str, object] | None
    survey: bool

    def __init__(self, **fields):
        unknown = set(fields) - set(self.DEFAULTS)
        if unknown:
            raise TypeError("unknown request fields: " + ", ".join(sorted(unknown)))
        for name, default in self.DEFAULTS.items():
            setattr(self, name, fields.get(name, copy(default)))

    def replaced(self, **fields):
        """The same request with other values of these fields."""
        return Request(**{**{name: getattr(self, name) for name in self.DEFAULTS}, **fields})

    def to_json(self):
        return json.dumps({name: getattr(self, name) for name in self.DEFAULTS})

    @classmethod
    def from_json(cls, text):
        return cls(**json.loads(text))


class RecorderError(Exception):
    """An expected failure, told to the user as it stands.

    ``kind`` is a word for programs, ``message`` says what was expected and what was
    found, ``advice`` what to do next, ``trace`` is the traceback of the user's own code
    where that is what failed, ``mending`` names the ``package`` that is to blame, the ``command``
    that mends it and the ``words`` before that, where there is one.
    """

    def __init__(self, kind, message, advice="", trace="", mending=None):
        Exception.__init__(self, message)
        self.kind = kind
        self.message = message
        self.advice = advice
        self.trace = trace
        self.mending = mending
