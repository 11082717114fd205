"""Runs a request in this interpreter: ``python <folder of this file> request.json FD``.

Events go as JSON lines to the file descriptor FD. The recorder and the recipes beside it are
imported as parts of a package that no program has, so that nothing of them can be taken for a
module of the profiled program.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import types
from typing import Any, Callable

#: The recorder and the recipes lie side by side in a folder; this package is that folder, without
#: the module that is keras_profile itself.
_PACKAGE = "keras_profile_recorder"
_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def _recorder(module: str) -> Any:
    """A module of the recorder's, as a part of the package."""
    if _PACKAGE not in sys.modules:
        sys.modules[_PACKAGE] = types.ModuleType(_PACKAGE)
        sys.modules[_PACKAGE].__path__ = [_FOLDER]
    return importlib.import_module("{}.recorder.{}".format(_PACKAGE, module))


def _do(request: Any, report: Callable[..., None]) -> None:
    session = _recorder("workload.recording_session")

    def make_workload() -> Any:
        return session.make_workload(request, report)

    if request.survey:
        _recorder("survey").survey(request, report, session.record)
    elif request.trials is None:
        session.record(request, report)
    elif "worker" in request.trials:
        _recorder("trials.worker").serve(request, report, make_workload)
    else:
        _recorder("trials.recipe_session").try_recipes(request, report, make_workload)


def main(arguments: list[str]) -> int:
    # As for "python -m": the working folder is where the user's modules are found.
    sys.path[0] = os.getcwd()
    protocol = _recorder("protocol")
    with open(arguments[0]) as file:
        request = protocol.Request.from_json(file.read())
    channel = os.fdopen(int(arguments[1]), "w")

    def report(event: str, **fields: Any) -> None:
        fields["event"] = event
        channel.write(json.dumps(fields) + "\n")
        channel.flush()

    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        if request.survey:
            _recorder("survey").tell_installed(report)
        try:
            import numpy  # noqa: F401
        except ImportError:
            # Raises: where numpy does not work TensorFlow does not.
            report("stage", text=protocol.IMPORTING)
            _recorder("frameworks").tensorflow.load()
        _do(request, report)
    except protocol.RecorderError as error:
        report(
            "error",
            kind=error.kind,
            message=error.message,
            advice=error.advice,
            trace=error.trace,
            mending=error.mending,
        )
        return 2
    except KeyboardInterrupt:
        report(
            "error",
            kind="interrupted",
            message="interrupted before the first call was measured",
            advice="",
            trace="",
        )
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
