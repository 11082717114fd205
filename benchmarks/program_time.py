"""Whether the closer look at a program takes as long as was announced, on programs of ``tests/diagnosis``.

    python benchmarks/program_time.py [--only NAME ...] [--seconds N] [--python PYTHON] [--busy N] [--stages]
                                      [--json FILE]

Each program is run as a user does. A row of the table is of one: how often it calls its models, how many
seconds it took itself, how many were announced for the closer look, and how many that took, from the end
of the program's own code on; the ratio of the two; how long the process took to end after that, as it
does without the look, since TensorFlow takes its time; and how long the command took to make the report
in the end. With ``--busy`` so many processes keep the processors busy all the while.
``--stages`` also prints what the closer look did, and when.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from keras_profile.recorder.protocol import PROGRAM_FILES, events

PROGRAMS = Path(__file__).parents[1] / "tests" / "diagnosis" / "programs"
#: Of 1 to 1,000 calls, short and long ones, of healthy programs and others.
CHOSEN = (
    "healthy_lung_scans",
    "healthy_crystal_growth",
    "healthy_translation_service",
    "healthy_delivery_times",
    "weather_kernels",
    "galaxy_redshift",
    "complaints_triage",
    "roof_tiles",
    "turnstile_faces",
    "fraud_stream",
)
#: What the closer look may take, as a multiple of what was announced.
MOST = 1.5
_ANNOUNCED = re.compile(r"looking closer at the calls for about (\d+) s")
_POLL_S = 0.05


@dataclass
class Look:
    """How long the closer look at a program took; times are seconds."""

    program: str
    calls: int = 0
    program_s: float = 0.0
    announced_s: float = 0.0
    took_s: float = 0.0
    ending_s: float = 0.0
    report_s: float = 0.0
    #: What was done, and when it began.
    stages: list[tuple[float, str]] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return self.took_s / self.announced_s if self.announced_s else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", nargs="+", default=CHOSEN, metavar="NAME", help="other programs, or paths")
    parser.add_argument("--seconds", type=float, help="as --seconds of keras-profile run")
    parser.add_argument("--python", help="as --python of keras-profile run")
    parser.add_argument("--busy", type=int, default=0, help="processes that keep the processors busy")
    parser.add_argument("--stages", action="store_true", help="print what was done, and when")
    parser.add_argument("--json", type=Path, help="a file for the rows")
    options = parser.parse_args()
    looks = []
    print("| program | calls | program, s | announced, s | took, s | ratio | ending, s | report, s |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    with ExitStack() as busy:
        for _ in range(options.busy):
            busy.enter_context(busy_process())
        for name in options.only:
            looks.append(one := look(name, options.seconds, options.python))
            print(
                f"| {one.program} | {one.calls} | {one.program_s:.1f} | {one.announced_s:.0f} | "
                f"{one.took_s:.1f} | {one.ratio:.2f} | {one.ending_s:.1f} | {one.report_s:.1f} |",
                flush=True,
            )
            if options.stages:
                for at, text in one.stages:
                    print(f"    {at:6.1f}  {text}", flush=True)
    if options.json:
        options.json.write_text("\n".join(json.dumps(asdict(one)) for one in looks) + "\n")
    kept = sum(one.ratio <= MOST for one in looks)
    print(f"\nthe time announced was kept within {MOST} times in {kept} of {len(looks)}")
    return int(kept < len(looks))


@contextmanager
def busy_process() -> Iterator[None]:
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as process:
        try:
            yield
        finally:
            process.kill()


def look(name: str, seconds: float | None, python: str | None) -> Look:
    """Runs a program under keras-profile, and watches what its process tells."""
    one = Look(Path(name).stem)
    command = [sys.executable, "-m", "keras_profile", "run", "--no-html", "--quiet"]
    command += [] if seconds is None else ["--seconds", str(seconds)]
    command += [] if python is None else ["--python", python]
    path = Path(name) if name.endswith(".py") else PROGRAMS / f"{name}.py"
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [*command, str(path.resolve())],
            cwd=folder,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        own = _Own(Path(folder), process.pid)
        ended_ns = over_ns = 0
        while process.poll() is None:
            time.sleep(_POLL_S)
            now_ns = time.perf_counter_ns()
            for event in own.news():
                if isinstance(event, events.Ended):
                    ended_ns = event.at_ns
                    one.program_s = (ended_ns - own.began_ns) / 1e9
                elif isinstance(event, events.Told) and not isinstance(event, events.Measuring):
                    text = str(getattr(event, "text", "") or getattr(event, "capture", ""))
                    one.stages.append(((now_ns - ended_ns) / 1e9, f"{event.event}: {text}"))
                    announced = _ANNOUNCED.match(text)
                    one.announced_s = float(announced.group(1)) if announced else one.announced_s
            if ended_ns and not over_ns and own.is_over:
                over_ns = now_ns
        now_ns = time.perf_counter_ns()
        one.took_s = max((at for at, _ in one.stages), default=0.0)
        one.ending_s = ((over_ns or now_ns) - ended_ns) / 1e9 - one.took_s
        one.report_s = (now_ns - (over_ns or now_ns)) / 1e9
        for path in Path(folder).glob("reports/*/report.json"):
            one.calls = json.loads(path.read_text())["program"]["calls"]
    return one


class _Own:
    """The files of the program's own process, a child of the command's."""

    def __init__(self, folder: Path, command: int) -> None:
        self._folder = folder
        self._command = command
        self._path: Path | None = None
        self._pid = 0
        self._offset = 0
        self.began_ns = 0

    def news(self) -> list[events.Event]:
        """What it told since the last time."""
        if self._path is None and not self._find():
            return []
        assert self._path is not None
        with self._path.open("rb") as file:
            file.seek(self._offset)
            lines, end, _ = file.read().rpartition(b"\n")
        self._offset += len(lines) + len(end)
        return [event for event in map(events.decode, lines.decode().splitlines()) if event is not None]

    @property
    def is_over(self) -> bool:
        """Whether the process has ended."""
        return not Path(f"/proc/{self._pid}").exists()

    def _find(self) -> bool:
        for path in self._folder.glob(f"traces/*/process-*/{PROGRAM_FILES['process']}"):
            first = path.read_text().partition("\n")[0]
            event = events.decode(first) if first else None
            if isinstance(event, events.Process) and event.parent == self._command:
                self._path, self._pid, self.began_ns = path, event.pid, event.began_ns
                return True
        return False


if __name__ == "__main__":
    sys.exit(main())
