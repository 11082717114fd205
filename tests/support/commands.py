"""Runs ``keras-profile`` as a user does, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
WORKLOADS = TESTS / "live" / "workloads.py"
PROGRAMS = TESTS / "programs"

#: How long a command may take, in seconds: far longer than any does. What hangs is a failure.
PATIENCE = 600


@dataclass(frozen=True)
class Finished:
    """What a finished keras-profile left."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def report(self) -> dict[str, Any]:
        """The report that ``--json`` printed."""
        return json.loads(self.out)

    @property
    def recording(self) -> Path:
        """The one recording in ``traces/``."""
        return self._the_one_in("traces")

    @property
    def report_folder(self) -> Path:
        """The one report in ``reports/``."""
        return self._the_one_in("reports")

    def _the_one_in(self, name: str) -> Path:
        folder = self.folder / name
        found = list(folder.iterdir()) if folder.is_dir() else []
        assert len(found) == 1, (folder, found, self.err)
        return found[0]


def keras_profile(*arguments: str, folder: Path, stdin: str | None = None, **variables: str) -> Finished:
    """Runs ``keras-profile`` with these arguments in ``folder``, with further environment variables."""
    command = [sys.executable, "-m", "keras_profile", *arguments]
    return Finished(*run(command, folder, stdin, variables), folder)


def heed_interrupts() -> None:
    """For a process that is started: shells let background jobs ignore Ctrl-C, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(
    command: Sequence[str], folder: Path, stdin: str | None, variables: Mapping[str, str]
) -> tuple[int, str, str]:
    """Runs a command to its end: its exit code, output and errors. What hangs is ended with its children."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        text=True,
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=heed_interrupts,
    )
    try:
        out, err = process.communicate(stdin, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        # keras-profile passes it on to the recorder, which has a session of its own.
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(5)
        os.killpg(process.pid, signal.SIGKILL)
        raise
    return process.returncode, out, err


def python(*arguments: str, folder: Path | None = None, interpreter: str = sys.executable) -> str:
    """What a Python program prints. It must succeed."""
    done = subprocess.run(
        [interpreter, *arguments], cwd=folder, text=True, capture_output=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
