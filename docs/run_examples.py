"""Runs the commands whose output the documents show, and writes that output into them.

    python docs/run_examples.py [--only TEXT]

A block is run where the line before it is ``<!-- ran: COMMAND -->``. Each command runs in a folder of its
own with a copy of ``docs/examples``. What TensorFlow logs and lines of progress are left out. Run it on a
machine that does nothing else; a whole run takes some minutes.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).parent
PAGES = [DOCS.parent / "README.md", *sorted(DOCS.rglob("*.md"))]
BLOCK = re.compile(r"(<!-- ran: (?P<command>.+?) -->\n```[a-z]*\n)(?P<output>.*?)(```\n)", re.DOTALL)
#: Lines of TensorFlow's log, and of progress.
_LEFT_OUT = re.compile(r"^(WARNING:|[IWEF][0-9]{4} |To enable the following|(?!.* calls?, ).* …$)")


def output_of(command: str) -> str:
    """What a command prints, both streams together, at 100 columns."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(DOCS / "examples", folder, dirs_exist_ok=True)
        words = shlex.split(command)
        assert words[0] == "keras-profile", command
        done = subprocess.run(
            [sys.executable, "-m", "keras_profile", *words[1:]],
            cwd=folder,
            env={**os.environ, "COLUMNS": "100"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    lines = [line.rstrip() for line in done.stdout.splitlines() if not _LEFT_OUT.match(line)]
    return "\n".join(lines).strip("\n") + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", metavar="TEXT", help="commands that have this in them")
    only = parser.parse_args().only
    outputs: dict[str, str] = {}
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in BLOCK.finditer(text):
            command = found["command"]
            if only in command and command not in outputs:
                print(command, flush=True)
                outputs[command] = output_of(command)
        made = BLOCK.sub(
            lambda found: f"{found[1]}{outputs.get(found['command'], found['output'])}{found[4]}", text
        )
        if made != text:
            page.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
