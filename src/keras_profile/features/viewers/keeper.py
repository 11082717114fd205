"""Keeps a viewer and its folder for whoever started this file, and ends both with that process.

However that ends, the pipe to it is closed then, on every system. Run as a file, without the package:
it says where the folder is, reads what is to be started, and says how that ended if it did by itself.
Messages are lines of JSON.
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

#: How long a viewer may take to end once it was asked to.
ENDING_S = 10.0
#: What the viewer prints goes there, in the folder.
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
        # No Ctrl-C at the terminal comes to this process, nor to what it starts.
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
    with suppress(OSError):  # whoever listened is gone
        print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main()
