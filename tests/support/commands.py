"""Runs ``keras-profile`` as a user does, in a process of its own."""
from __future__ import annotations

import json
import os
import subprocess
import sys
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
        (recording,) = (self.folder / "traces").iterdir()
        return recording

    @property
    def report_folder(self) -> Path:
        """The one report in ``reports/``."""
        (folder,) = (self.folder / "reports").iterdir()
        return folder


def keras_profile(*arguments: str, folder: Path, stdin: str | None = None, **variables: str) -> Finished:
    """Runs ``keras-profile`` with these arguments in ``folder``, with further environment variables."""
    done = subprocess.run(
        [sys.executable, "-m", "keras_profile", *arguments], cwd=folder, env={**os.environ, **variables},
        input=stdin, text=True, capture_output=True, timeout=PATIENCE, check=False)
    return Finished(done.returncode, done.stdout, done.stderr, folder)


def python(*arguments: str, folder: Path | None = None, interpreter: str = sys.executable) -> str:
    """What a Python program prints. It must succeed."""
    done = subprocess.run([interpreter, *arguments], cwd=folder, text=True, capture_output=True,
                          timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
