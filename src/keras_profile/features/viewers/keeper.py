"""Keeps a viewer and its folder for the process that started this file, and removes both when that ends.

However that process ends, its pipe is closed then, on every system. This is run as a file, without the
package. It reports where the folder is, reads what it has to start, and reports how that ended if it
ended by itself. Messages are lines of JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from typing import Any

#: Seconds that a viewer may take to end after it was asked to.
ENDING_S = 10.0
#: The file in the folder for what the viewer prints.
LOG = "viewer.log"


def main() -> None:
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit())
    folder = tempfile.mkdtemp(prefix="keras-profile-")
    try:
        _say({"folder": folder})
        order = sys.stdin.readline()
        if order:
            _keep(json.loads(order)["start"], os.path.join(folder, LOG))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _keep(command: list[str], log: str) -> None:
    with open(log, "wb") as file:
        # Ctrl-C at the terminal reaches neither this process nor what it starts.
        viewer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=file, stderr=subprocess.STDOUT)
    threading.Thread(target=lambda: _say({"ended": viewer.wait()}), daemon=True).start()
    try:
        sys.stdin.read()
    finally:
        viewer.terminate()
        try:
            viewer.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            viewer.kill()
            viewer.wait()


def _say(message: dict[str, Any]) -> None:
    with suppress(OSError):  # the listener is gone
        print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main()
