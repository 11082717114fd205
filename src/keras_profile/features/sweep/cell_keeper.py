"""Keeps a folder and a command that works in it for the process that started this file: neither outlives it.

However that process ends, its pipe is closed then, on every system. This is run as a file, without the
package. It reads what it has to start, a line of JSON, and reports the exit code; at the end of its input it
kills what still runs, and removes the folder.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from contextlib import suppress


def main() -> None:
    process = None
    try:
        order = sys.stdin.readline()
        if order:
            process = _start(**json.loads(order))
            threading.Thread(target=_report, args=(process,), daemon=True).start()
            sys.stdin.read()
    finally:
        if process is not None:
            process.kill()
            process.wait()
        shutil.rmtree(sys.argv[1], ignore_errors=True)


def _start(command: list[str], folder: str, variables: dict[str, str], log: str) -> subprocess.Popen[bytes]:
    with open(log, "wb") as errors:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )


def _report(process: subprocess.Popen[bytes]) -> None:
    code = process.wait()
    with suppress(OSError):  # nobody listens any more
        print(code, flush=True)


if __name__ == "__main__":
    main()
