"""All checks, in the order of a checkup: from the interpreter to the opened page.

A new check is a judge in a module of this folder, a line here, its entry in
docs/commands.md, and a case in tests/unit/test_checks.py.
"""

from __future__ import annotations

from . import log_folder, short_recording, versions, viewers
from .check import Check

CHECKS: tuple[Check, ...] = (
    Check("python", (), versions.interpreter),
    Check("tensorflow", ("installed",), versions.tensorflow),
    Check("keras", ("installed",), versions.keras),
    Check("protobuf", ("installed",), versions.protobuf),
    Check("numpy", ("installed",), versions.numpy),
    Check("h5py", ("installed",), versions.h5py),
    Check("clock", ("installed",), versions.clock),
    Check("recording", ("frameworks",), short_recording.made),
    Check("internals", ("recording",), short_recording.internals),
    Check("probes", ("recording",), short_recording.probes),
    Check("trace", ("recording",), short_recording.trace),
    Check("profiler_options", ("options",), short_recording.profiler_options),
    Check("pyinstrument", ("installed", "recording"), short_recording.sampling),
    Check("page", ("recording",), short_recording.page),
    Check("tensorboard", (), viewers.tensorboard),
    Check("tensorboard_plugin", (), viewers.profile_plugin),
    Check("setuptools", (), viewers.setuptools),
    Check("snakeviz", (), viewers.snakeviz),
)

#: The checks of the log folder, if one is given.
LOG_FOLDER_CHECKS: tuple[Check, ...] = (
    Check("traces", ("log_folder",), log_folder.traces),
    Check("places", ("log_folder",), log_folder.places),
    Check("whole_files", ("log_folder",), log_folder.whole_files),
    Check("local_traces", ("log_folder",), log_folder.local_traces),
    Check("json_traces", ("log_folder",), log_folder.json_traces),
    Check("caches", ("log_folder",), log_folder.caches),
)
