"""The service ``in_windows.py``, recorded for a part of each period."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .commands import PROGRAMS
from .programs import Process, environment


@dataclass(frozen=True)
class Service:
    """What a run of the service left."""

    code: int
    notes: dict[str, dict]
    err: str
    folder: Path

    @property
    def windows(self):
        return sorted(self.folder.glob("window-*"))

    def processes(self, pid):
        return [Process(one) for one in sorted(self.folder.glob(f"window-*/process-{pid}"))]

    def watched_in(self, process, name):
        """How many calls were made in a window while the functions were watched, by the service's notes."""
        began, ended = lived(process)
        return sum(not bare and began < begin < ended for bare, _, begin, _ in self.notes[name]["calls"])


def prepared(folder, *options):
    """The folder that the command prepared for a program, and the variables to start it with."""
    done = subprocess.run(
        [sys.executable, "-m", "keras_profile", "environment", "--json", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    content = json.loads(done.stdout)
    return folder / content["recording"], {**content["variables"], **content["put_before"]}


def run(folder, variables, *arguments, python=sys.executable):
    return subprocess.run(
        [str(python), str(PROGRAMS / "in_windows.py"), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=environment(**variables),
    )


def served(folder, options, *arguments, python=sys.executable):
    """Runs the service with the command's ``options`` and its own ``arguments``."""
    recording, variables = prepared(folder, *options)
    done = run(folder, variables, *arguments, python=python)
    notes = [json.loads(line) for line in done.stdout.splitlines()]
    return Service(done.returncode, {one["name"]: one for one in notes}, done.stderr, recording)


def lived(process):
    """When a window began and ended, by the clock."""
    [began], [ended] = process.of_kind("process"), process.of_kind("ended")
    return began["began_ns"], ended["at_ns"]
