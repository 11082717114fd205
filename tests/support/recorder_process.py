"""Records one request after the other in one process: ``python recorder_process.py RECORDER IN OUT``.

Python 3.7 code, run by the interpreter that is profiled. RECORDER is the recorder's folder;
IN and OUT are file descriptors. A line of IN is a job as JSON: ``folder`` to work in,
``request`` (a file) and ``log`` (what the process prints goes there). OUT gets the recorder's
events, and ``finished`` with the exit code that the recorder would have ended with.

So TensorFlow is imported once for many recordings. Between two of them the process is made as
new as it can be; what cannot be undone needs a process of its own.
"""

import gc
import importlib.util
import json
import os
import sys


def load_recorder(folder):
    """The recorder's ``__main__``, which the driver runs as a program."""
    spec = importlib.util.spec_from_file_location("recorder_main", os.path.join(folder, "__main__.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def do(job, recorder, out):
    """Records one request; the exit code."""
    os.chdir(job["folder"])
    log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    try:
        return recorder.answer(job["request"], lambda event: os.write(out, (event.to_json() + "\n").encode()))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def renew():
    """Forgets the models made so far, so that they weigh on nothing that comes after."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None:
        tensorflow.keras.backend.clear_session()
    gc.collect()


def main(recorder_folder, jobs, out):
    recorder = load_recorder(recorder_folder)
    with os.fdopen(int(jobs)) as lines:
        for line in lines:
            code = do(json.loads(line), recorder, int(out))
            renew()
            os.write(int(out), (json.dumps({"event": "finished", "code": code}) + "\n").encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
