"""Runs a request in this interpreter: ``python <folder of this file> request.json FD``.

Events go as JSON lines to the file descriptor FD. The folder is loaded as a package of
its own name, so that nothing of it can be taken for a module of the profiled program.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # run as a file, which has no package
    from .protocol.events import Event, Report
    from .protocol.requests import Request
    from .workload.workload import Workload

_PACKAGE = "keras_profile_recorder"


def _load_package() -> None:
    folder = os.path.dirname(os.path.abspath(__file__))
    spec = importlib.util.spec_from_file_location(
        _PACKAGE, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[_PACKAGE] = package
    spec.loader.exec_module(package)


def _module(name: str) -> Any:
    """A module of the recorder, which is imported only where it is needed."""
    return importlib.import_module(_PACKAGE + "." + name)


def _do(request: Request, report: Report) -> None:
    session = _module("workload.recording_session")

    def make_workload() -> Workload:
        return session.make_workload(request, report)  # type: ignore[no-any-return]

    if request.do == "record":
        session.record(request, report)
    elif request.do == "survey":
        _module("survey").survey(request, report, session.record)
    elif request.do == "try":
        _module("trials.recipe_session").try_recipes(request, report, make_workload)
    else:
        _module("trials.worker").serve(request, report, make_workload)


def main(arguments: list[str]) -> int:
    """Does what the request in the file of the first argument says; the exit code."""
    # As for "python -m": the working folder is where the user's modules are found.
    sys.path[0] = os.getcwd()
    _load_package()
    errors, events = _module("protocol.errors"), _module("protocol.events")
    with open(arguments[0]) as file:
        request = _module("protocol.requests").read_request(file.read())
    channel = os.fdopen(int(arguments[1]), "w")

    def report(event: Event) -> None:
        channel.write(event.to_json() + "\n")
        channel.flush()

    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        if request.do == "survey":
            _module("survey").tell_installed(report)
        try:
            import numpy  # noqa: F401
        except ImportError:
            # Raises: where numpy does not work TensorFlow does not.
            report(events.Stage(events.IMPORTING))
            _module("installation").import_tensorflow()
        _do(request, report)
    except errors.RecorderError as error:
        report(events.Error(error.kind, error.message, error.advice, error.trace, error.mending))
        return 2
    except KeyboardInterrupt:
        report(events.Error("interrupted", "interrupted before the first call was measured"))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
