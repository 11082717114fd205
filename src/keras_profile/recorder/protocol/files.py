"""The files of recordings: their names, their schema versions, the rows of binary ones."""

from __future__ import annotations

from .captures import CAPTURE_TABLE

#: Name and version of a recording's ``recording.json``.
#:
#: History: 1 is the first.
RECORDING_SCHEMA = {"name": "keras_profile.recording", "version": 1}

#: Name and version of a recording's ``trials.json``.
#:
#: History: 1 is the first.
TRIALS_SCHEMA = {"name": "keras_profile.trials", "version": 1}

#: Files of a recording, by what they hold: those of the session, and those of each capture.
FILES = {
    "recording": "recording.json",
    **{file.key: file.name for spec in CAPTURE_TABLE for file in spec.files},
    "trials": "trials.json",
    "log": "output.log",
}

#: Name and version of ``program.json``, the recording of a whole program.
#:
#: History: 1 is the first.
PROGRAM_SCHEMA = {"name": "keras_profile.program", "version": 1}

#: Files of a program's recording, by what they hold. ``options`` holds the options of its recorder,
#: ``grace`` what its processes have claimed of the total time that measuring may take.
#: ``process`` and those after it are written for each process image, in a folder ``process-PID``, or
#: ``process-PID-2`` and so on if that exists. Groups are in ``groups/NUMBER`` below that; ``replay``
#: in it is the recording of calls that were made again. ``scratch`` is for its temporary files, and
#: is removed.
PROGRAM_FILES = {
    "program": "program.json",
    "options": "options.json",
    "grace": "grace",
    "process": "process.jsonl",
    "calls": "calls.bin",
    "stacks": "stacks.json",
    "groups": "groups",
    "spans": "spans.bin",
    "replay": "replay",
    "scratch": "scratch",
}

#: The name of a window's folder in that of its program: when the window began, by the local time of the
#: machine, and the number of its process. Such a folder is the recording of a program by itself.
WINDOW_NAME = "window-{time}-{pid}"
WINDOW_TIME = "%Y%m%d-%H%M%S"
WINDOW_PATTERN = r"window-[0-9]{8}-[0-9]{6}-[0-9]{1,10}(-[0-9]{1,4})?"

#: Name and version of a process's ``stacks.json``: where its threads were, by sampling.
#:
#: History: 1 is the first. Before it, ``between.json`` had only the user's lines outside of calls;
#: that is not read any more.
STACKS_SCHEMA = {"name": "keras_profile.stacks", "version": 1}

#: The kinds of frames in ``stacks.json``: a line of the user's code, a function of a library, a
#: package that is being imported (its name is the module), an inference call (the line is the number
#: of its group), other watched work of Keras (its kind is the function), the recorder itself, a
#: thread (the line is its number).
SAMPLED_FRAME_KINDS = ("user", "library", "import", "inference", "activity", "recorder", "thread")

#: A row of ``calls.bin``, as :mod:`struct` and numpy name its types. ``capture`` is an index into
#: :data:`CAPTURES`; ``others`` is how many calls were running on other threads when the call
#: began; ``model`` numbers the model objects of the process, -1 for none; times are in ns;
#: ``rss_bytes`` is -1 if it was not read.
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
#: Flags of such a row: the group's first call; a call that raised; a call right after an instrument
#: was installed or removed, which counts for the program's time and not for the group's figures.
COLD, RAISED, SETTLING = 1, 2, 4

#: The variable that tells a process to record itself: its value is the program's folder.
FOLDER_VARIABLE = "KERAS_PROFILE"
