"""Runs a request in this interpreter: ``python <folder of this file> request.json FD``.

Events go as JSON lines to the file descriptor FD. The folder is loaded as a package of
its own name, so that nothing of it can be taken for a module of the profiled program.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import signal
import sys

_PACKAGE = "keras_profile_recorder"


def _load_package():
    folder = os.path.dirname(os.path.abspath(__file__))
    spec = importlib.util.spec_from_file_location(
        _PACKAGE, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    package = importlib.util.module_from_spec(spec)
    sys.modules[_PACKAGE] = package
    spec.loader.exec_module(package)


def _do(request, report):
    session = importlib.import_module(_PACKAGE + ".workload.recording_session")

    def make_workload():
        return session.make_workload(request, report)

    if request.survey:
        importlib.import_module(_PACKAGE + ".survey").survey(request, report, session.record)
    elif request.trials is None:
        session.record(request, report)
    elif "worker" in request.trials:
        importlib.import_module(_PACKAGE + ".trials.worker").serve(request, report, make_workload)
    else:
        importlib.import_module(_PACKAGE + ".trials.recipe_session").try_recipes(
            request, report, make_workload
        )


def main(arguments):
    # As for "python -m": the working folder is where the user's modules are found.
    sys.path[0] = os.getcwd()
    _load_package()
    protocol = importlib.import_module(_PACKAGE + ".protocol")
    with open(arguments[0]) as file:
        request = protocol.Request.from_json(file.read())
    channel = os.fdopen(int(arguments[1]), "w")

    def report(event, **fields):
        fields["event"] = event
        channel.write(json.dumps(fields) + "\n")
        channel.flush()

    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        if request.survey:
            importlib.import_module(_PACKAGE + ".survey").tell_installed(report)
        try:
            import numpy  # noqa: F401
        except ImportError:
            # Raises: where numpy does not work TensorFlow does not.
            report("stage", text=protocol.IMPORTING)
            importlib.import_module(_PACKAGE + ".frameworks").tensorflow.load()
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
