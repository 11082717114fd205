"""Runs a command that must not outlive the process that started this file: ``FOLDER COMMAND…``.

However that process ends, its pipe is closed then, on every system. The command is killed, and the folder,
which it works in, is removed. This is run as a file, without the package; its exit code is the command's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading


def main() -> int:
    folder, *command = sys.argv[1:]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    is_alone = threading.Event()

    def wait_for_the_end() -> None:
        # Not through sys.stdin: its lock would be held when this process ends.
        while os.read(0, 1):
            pass
        is_alone.set()
        process.kill()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    code = process.wait()
    if is_alone.is_set():
        shutil.rmtree(folder, ignore_errors=True)
    # An exit code has no sign: a signal is more than 128, as in shells.
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
