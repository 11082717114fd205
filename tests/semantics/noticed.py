"""What a program can notice of the recorder: all of it, and nothing else may differ.

``docs/noticed.md`` says the same to users; ``test_noticed.py`` holds the two together. An
entry that no longer differs fails its programs, so it goes from here when it is no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Noticed:
    """One thing that differs, why it does, and which programs show it where."""

    title: str
    why: str
    #: Names of programs, and of each what differs, as ``running.differences`` names it.
    shown_by: Mapping[str, tuple[str, ...]]
    #: The Python on which it shows, where it is one alone.
    only_on: str = ""


NOTICED = (
    Noticed(
        "Environment variables",
        "PYTHONPATH and KERAS_PROFILE turn the recorder on, in children too. "
        "With -S, which starts no recorder, the folder stays in sys.path.",
        {"environment/variables_added": ("line added",), "flags/no_site": ("line path",)},
    ),
    Noticed(
        "Modules and finders",
        "A module sitecustomize is there from the start, and a finder of ours is the first in sys.meta_path. "
        "Once Keras or TensorFlow is imported there are modules below keras_profile_recorder as well.",
        {
            "imports/modules_at_start": ("line sitecustomize", "line finders"),
            "imports/modules_with_keras": ("line path", "line of the recorder"),
            "imports/asked_of_a_finder": ("line of the recorder", "line first", "file here asked 100644"),
            "imports/sitecustomize_exits": ("standard error",),
        },
    ),
    Noticed(
        "A sitecustomize.py beside the script",
        "The program that imports it by that name gets ours, unless it is found by PYTHONPATH.",
        {
            "imports/sitecustomize_beside": (
                "exit code",
                "standard output",
                "standard error, after its own",
            )
        },
    ),
    Noticed(
        "Open files",
        "Two files of the recorder are open in a process that calls a model. "
        "Each write looks first whether the descriptor is still its own.",
        {"descriptors/files_that_are_open": ("line regular files",)},
    ),
    Noticed(
        "A thread",
        "A thread that looks at the stacks runs once Keras or TensorFlow is imported. "
        "threading does not list it, sys._current_frames() does.",
        {"threads/listed": ("line counted", "line frames")},
    ),
    Noticed(
        "What profilers and audit hooks see",
        "The recorder's own functions and what they open or read are seen by the program's own profiler "
        "and audit hook.",
        {"hooks/own_profiler": ("line of the recorder",), "hooks/audited": ("line events",)},
    ),
    Noticed(
        "Attributes of models that are read",
        "A model is described at its first call: its attributes and properties are read then.",
        {
            "hostile/attributes_counted": ("line by calls", "line by predict"),
            "identity/patched_before_keras_is_used": ("line looked up",),
        },
    ),
    Noticed(
        "Inputs that are looked at",
        "Inputs are described at the first call of each shape: a list is gone through, an object is asked "
        "for its array, and a PyDataset for its length, more often than without.",
        {
            "inputs/written_by_nobody": ("line call", "line predict"),
            "inputs/of_a_pydataset": ("line asked",),
        },
    ),
    Noticed(
        "Functions that the program has replaced",
        "The recorder calls functions of Python and numpy by their names, so it calls those that a program "
        "has put in their place. Where they raise, calls are missing in the recording, and the report "
        "says so.",
        {
            "patched/builtins_of_python": ("line asked",),
            "patched/files": ("line asked",),
            "patched/numpy_functions": ("line asked by us", "line asked"),
        },
    ),
    Noticed(
        "Programs that take modules away",
        "What the closer look needs is imported when the program is over. Where a program has emptied "
        "sys.path, replaced what the recorder calls or has modules of those names beside it, the recorder's "
        "error stands in standard error after the program's own lines.",
        {
            "patched/tracebacks_and_inspection": ("standard error, after its own",),
        },
    ),
    Noticed(
        "What a model does in the closer look",
        "After the program's end its calls are made again: what the model then writes, and processes that it "
        "starts, are there. --no-replay --no-try makes no call again.",
        {
            "misbehaving/writes_files": ("file here written 100644",),
            "misbehaving/forks": ("processes left",),
            "misbehaving/starts_processes": ("processes left",),
        },
    ),
    Noticed(
        "A terminal",
        "While the program starts a line of progress is shown on a terminal; --quiet shows none.",
        {"streams/on_a_terminal": ("standard error",)},
    ),
    Noticed(
        "What is said at Python's very end",
        "What destructors write to standard error when Python takes its modules apart comes after the first "
        "lines of the closer look.",
        {"unflushed/temporary_ones": ("standard error",)},
    ),
    Noticed(
        "TensorFlow's warnings of retracing",
        "They count calls of a function by where it stands, and are fewer.",
        {"identity/copied_and_pickled": ("standard error",)},
    ),
)


def expected(program: str, version: str) -> set[str]:
    """What must differ when a program is recorded on this version of Python."""
    return {what for one in NOTICED if one.only_on in ("", version) for what in one.shown_by.get(program, ())}
