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
    #: The way of running in which it shows, where it is one alone.
    only_in: str = ""


NOTICED = (
    Noticed(
        "Environment variables",
        "PYTHONPATH and KERAS_PROFILE turn the recorder on, also in child processes. With -S, which starts "
        "no recorder, the folder stays in sys.path.",
        {"environment/variables_added": ("line added",), "flags/no_site": ("line path",)},
    ),
    Noticed(
        "Modules and finders",
        "A module sitecustomize is there from the start, and the recorder's finder is the first in "
        "sys.meta_path. After the import of Keras or TensorFlow there are also modules below "
        "keras_profile_recorder.",
        {
            "imports/modules_at_start": ("line sitecustomize", "line finders"),
            "imports/modules_with_keras": ("line path", "line of the recorder"),
            "imports/asked_of_a_finder": ("line of the recorder", "line first", "file here asked 100644"),
            "imports/sitecustomize_exits": ("standard error",),
        },
    ),
    Noticed(
        "A sitecustomize.py beside the script",
        "A program that imports it by that name gets the recorder's, unless it is found through PYTHONPATH.",
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
        "Two files of the recorder are open in a process that calls a model. Each write first checks that "
        "the descriptor is still its own. On Linux no line of the program runs between the check and the "
        "write; on other systems another thread of the program can close the descriptor at that moment.",
        {"descriptors/files_that_are_open": ("line regular files",)},
    ),
    Noticed(
        "A thread",
        "A thread that samples the stacks runs after the import of Keras or TensorFlow. threading does not "
        "list it, sys._current_frames() does.",
        {"threads/listed": ("line counted", "line frames")},
    ),
    Noticed(
        "Another thread, if a process is recorded in windows",
        "In a process that is recorded for a part of the time, a thread waits for the next window. A forked "
        "child has its own, from the fork on. threading does not list it; the system counts it.",
        {"children/forked_after_keras": ("line threads",)},
        only_in="windows",
    ),
    Noticed(
        "What profilers and audit hooks see",
        "The program's own profiler and audit hook see the recorder's functions and what they open or read. "
        "A profiler of memory also counts what the recorder's thread allocates, and the process's peak can "
        "be at that moment.",
        {"hooks/own_profiler": ("line of the recorder",), "hooks/audited": ("line events",)},
    ),
    Noticed(
        "Attributes of models that are read",
        "At its first call a model is described, which reads its attributes and properties.",
        {
            "hostile/attributes_counted": ("line by calls", "line by predict"),
            "identity/patched_before_keras_is_used": ("line looked up",),
        },
    ),
    Noticed(
        "Inputs that are inspected",
        "At the first call of each shape the inputs are described: lists are iterated, and objects are "
        "asked for their array and a PyDataset for its length more often than without the recorder.",
        {
            "inputs/written_by_nobody": ("line call", "line predict"),
            "inputs/of_a_pydataset": ("line asked",),
        },
    ),
    Noticed(
        "Functions that the program has replaced",
        "The recorder calls functions of Python and numpy by name, so it calls any replacements by the "
        "program. If these raise, calls are missing in the recording, and the report says so.",
        {
            "patched/builtins_of_python": ("line asked",),
            "patched/files": ("line asked",),
            "patched/numpy_functions": ("line asked by us", "line asked"),
        },
    ),
    Noticed(
        "Programs that remove modules",
        "The closer look imports what it needs when the program is over. If the program has emptied "
        "sys.path, replaced what the recorder calls or has modules of the same names beside it, the "
        "recorder's error follows the program's own lines in standard error.",
        {
            "patched/tracebacks_and_inspection": ("standard error, after its own",),
        },
    ),
    Noticed(
        "What a model does in the closer look",
        "After the program's end its calls are made again: files that the model then writes, and processes "
        "that it starts, remain. --no-replay --no-try repeats no call.",
        {
            "misbehaving/writes_files": ("file here written 100644",),
            "misbehaving/forks": ("processes left",),
            "misbehaving/starts_processes": ("processes left",),
        },
    ),
    Noticed(
        "A terminal",
        "On a terminal, a line of progress is shown while the program starts; --quiet shows none.",
        {"streams/on_a_terminal": ("standard error",)},
        only_on="3.11",  # the runs of another Python are --quiet
    ),
    Noticed(
        "Output while Python shuts down",
        "Destructors that write to standard error while Python shuts down do so after the first lines of "
        "the closer look.",
        {"unflushed/temporary_ones": ("standard error",)},
    ),
    Noticed(
        "TensorFlow's retracing warnings",
        "TensorFlow counts how often each code object is traced again. While a call is watched in detail, "
        "parts of Keras run as copies of their code, which are counted separately: a warning can come later, "
        "or not at all.",
        {"identity/copied_and_pickled": ("standard error",)},
    ),
)


def expected(program: str, version: str, way: str) -> set[str]:
    """What must differ when a program is recorded in this way, on this version of Python."""
    return {
        what
        for one in NOTICED
        if one.only_on in ("", version) and one.only_in in ("", way)
        for what in one.shown_by.get(program, ())
    }
