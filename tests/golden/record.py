"""Records what lies in ``traces/`` again: the tiny model in each generation, and the question.

``python tests/golden/record.py [NAME ...]``, with the names of generations, and
``question`` for the compile() question on TensorFlow 2.0. Recordings hold the paths of the
interpreters and of the installed keras_profile, so both should lie outside your home folder:
``KERAS_PROFILE_ENVIRONMENTS`` says where the environments are made. Then make the reports
with ``regenerate.py``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.environments import GENERATIONS, make  # noqa: E402 - found through the line above

#: Long enough for a report, short enough for a repository.
SECONDS = {"tf-2.0": 2.0, "tf-2.1": 2.0, "tf-2.2": 2.0, "tf-2.4": 2.5}
OTHERS_SECONDS = 3.5
#: Which workloads of the question are kept, and how long all of them are measured.
QUESTION, QUESTION_SECONDS = ("tiny_compiled", "tiny_uncompiled", "medium_compiled"), 40


def main() -> None:
    for name in sys.argv[1:] or [*GENERATIONS, "question"]:
        with tempfile.TemporaryDirectory() as scratch:
            if name == "question":
                made = run(scratch, "reproduce", make(GENERATIONS["tf-2.0"]), QUESTION_SECONDS)
                for workload in QUESTION:
                    keep(made / workload, ROOT / "traces" / "question-tf-2.0" / workload)
            else:
                made = run(
                    scratch,
                    "demo",
                    make(GENERATIONS[name]),
                    SECONDS.get(name, OTHERS_SECONDS),
                    **GENERATIONS[name].variables,
                )
                keep(made, ROOT / "traces" / f"demo-{name}")


def run(folder: str, command: str, python: Path, seconds: float, **variables: str) -> Path:
    """Runs a command of keras-profile; the one folder that it made in ``traces/``."""
    subprocess.run(
        [
            sys.executable,
            "-m",
            "keras_profile",
            command,
            "--python",
            str(python),
            "--seconds",
            str(seconds),
            "--output",
            folder,
            "--quiet",
        ],
        check=True,
        cwd=folder,
        env=dict(os.environ, **variables),
        stdout=subprocess.DEVNULL,
    )
    (made,) = (Path(folder) / "traces").iterdir()
    return made


def keep(made: Path, place: Path) -> None:
    """Puts a recording into ``traces/``, in place of an older one."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(made, place)
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    print(f"{place.relative_to(ROOT)}: {size / 1e6:.1f} MB", flush=True)


if __name__ == "__main__":
    main()
