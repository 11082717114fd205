"""Runs a request in this interpreter: ``python <folder of this file> request.json MARK [TERMINAL]``.

Events go to standard output as lines of JSON, after MARK on its own line. What is printed goes to
standard error, or to TERMINAL. See :mod:`.protocol.channel`. The recorder and the recipes beside it are
imported as parts of a package that no program has, so that none of their modules can be mistaken for one
of the profiled program.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # run as a file, which has no package
    from .protocol.events import Report
    from .protocol.requests import Request
    from .workload.workload import Workload

#: The recorder and the recipes are side by side in a folder. This package is that folder, without
#: keras_profile's own module.
_PACKAGE = "keras_profile_recorder"
_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def _recorder(module: str) -> Any:
    """Returns a module of the recorder, as a part of the package. It is imported only when it is needed."""
    if _PACKAGE not in sys.modules:
        package: Any = types.ModuleType(_PACKAGE)
        package.__path__ = [_FOLDER]
        sys.modules[_PACKAGE] = package
    return importlib.import_module("{}.recorder.{}".format(_PACKAGE, module))


def _do(request: Request, report: Report) -> None:
    session = _recorder("workload.recording_session")

    def make_workload() -> Workload:
        workload: Workload = session.make_workload(request, report)
        return workload

    if request.do == "record":
        session.record(request, report)
    elif request.do == "survey":
        _recorder("survey").survey(request, report, session.record)
    elif request.do == "compare":
        _recorder("workload.on_command").record_on_command(request, report, sys.stdin)
    elif request.do == "try":
        _recorder("trials.recipe_session").try_recipes(request, report, make_workload)
    else:
        _recorder("trials.worker").serve(request, report, make_workload)


def answer(request_file: str, report: Report) -> int:
    """Does what the request in a file says, and reports it. Returns the exit code."""
    # As for "python -m": the user's modules are found in the working folder.
    sys.path[0] = os.getcwd()
    errors, events = _recorder("protocol.errors"), _recorder("protocol.events")
    with open(request_file, encoding="utf-8") as file:
        request = _recorder("protocol.requests").read_request(file.read())
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _recorder("interrupts").take_breaks_for_interrupts()
    try:
        if request.do == "survey":
            _recorder("survey").tell_installed(report)
        try:
            import numpy  # noqa: F401
        except ImportError:
            # Raises: if numpy does not work, TensorFlow does not either.
            report(events.Stage(events.IMPORTING))
            _recorder("frameworks").tensorflow.load()
        _do(request, report)
    except errors.RecorderError as error:
        report(events.Error(error.kind, error.message, error.advice, error.trace, error.fix))
        return 2
    except KeyboardInterrupt:
        report(events.Error("interrupted", "interrupted before the first call was measured"))
        return 2
    return 0


def main(arguments: list[str]) -> int:
    """Runs the recorder as a program, which ends with the process that started it."""
    channel = _recorder("protocol.channel").Channel(*arguments[1:])
    _recorder("system").ends_with_parent()
    return answer(arguments[0], channel.report)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
