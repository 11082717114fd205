"""How fast and in how much memory traces are read and divided, beside TensorFlow's own tools.

    python -m benchmarks.trace_reading [--sizes 1000000,5000000] [--repeats 3] [--write]

Traces of these sizes are made of a real one, whose steps follow each other. Each reading is
a process of its own; the tools take turns. What is timed begins when all is imported. The
memory is the process's greatest resident set, which has its share of the file too.
xprof is what TensorBoard's profile plugin reads traces with. ``--write`` writes
docs/trace-reading.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from .trace_making import add_device, make_trace

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "traces" / "demo-keras-3.15"
PAGE = ROOT / "docs" / "trace-reading.md"
SIZES = (1_000_000, 5_000_000, 50_000_000)
#: xprof is not asked about larger traces: it needs nearly 1 GB for each million events.
XPROF_MOST = 5_000_000

_MEASURE = """
import json, resource, sys, time
from pathlib import Path
path = sys.argv[1]
{imports}
begin = time.perf_counter()
{work}
took = time.perf_counter() - begin
print(json.dumps([took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]))
"""
_XPROF = (
    "from xprof.convert import raw_to_tool_data",
    "assert raw_to_tool_data.xspace_to_tool_data([path], '{tool}', {{'use_saved_result': False}})[0]",
)
#: What is done with a trace: the title, imports, and the work.
TOOLS = (
    (
        "keras-profile, read",
        "from keras_profile.recordings.readers.xspace import read_xspace",
        "read_xspace(Path(path))",
    ),
    (
        "keras-profile, read and divided",
        "from keras_profile.features.trace.trace_files import make_trace_report",
        "make_trace_report([Path(path)])",
    ),
    *(
        (f"xprof {tool}", _XPROF[0], _XPROF[1].format(tool=tool))
        for tool in ("overview_page", "framework_op_stats")
    ),
)
OURS = "keras-profile, read and divided"


@dataclass
class Reading:
    """The readings of one trace by one tool."""

    tool: str
    seconds: list[float]
    peak_bytes: list[int]
    failure: str = ""


@dataclass
class Size:
    """A trace and who read it."""

    events: int
    file_bytes: int
    readings: list[Reading]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="events of each trace")
    parser.add_argument("--repeats", type=int, default=3, help="how often each tool reads each trace")
    parser.add_argument("--xprof-most", type=int, default=XPROF_MOST, help="the largest trace for xprof")
    parser.add_argument(
        "--devices", action="store_true", help="only: host events alone against half of them on a device"
    )
    parser.add_argument("--write", action="store_true", help="write docs/trace-reading.md")
    options = parser.parse_args()
    if options.devices:
        for size in map(int, options.sizes.split(",")):
            print(with_devices(size, options.repeats), flush=True)
        return
    load = os.getloadavg()[0]
    found = []
    for size in map(int, options.sizes.split(",")):
        found.append(measure(size, options.repeats, size <= options.xprof_most))
        print(table([found[-1]]), flush=True)
    if options.write:
        on_devices = with_devices(found[-1].events, options.repeats)
        PAGE.write_text(page(found, on_devices, options.repeats, load), encoding="utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")


def measure(events: int, repeats: int, with_xprof: bool) -> Size:
    """Reads one trace with all tools in turn."""
    readings = [Reading(title, [], []) for title, _, _ in TOOLS]
    source = sorted(SOURCE.rglob("*.xplane.pb"))[0]
    with tempfile.TemporaryDirectory() as scratch:
        run = Path(scratch) / "plugins" / "profile" / "run"
        run.mkdir(parents=True)
        path = run / "host.xplane.pb"
        count = make_trace(source, events, path)
        for _ in range(repeats):
            for reading, (title, imports, work) in zip(readings, TOOLS):
                if title.startswith("xprof") and not with_xprof:
                    reading.failure = "not tried"
                if not reading.failure:
                    read_once(reading, imports, work, path)
                for other in run.iterdir():  # xprof writes caches beside the trace
                    if other != path:
                        other.unlink()
        return Size(count, path.stat().st_size, readings)


def with_devices(events: int, repeats: int) -> str:
    """Reads and divides a trace of the host alone, and one with half of its events on a device, in turn."""
    _, imports, work = next(tool for tool in TOOLS if tool[0] == OURS)
    source = sorted(SOURCE.rglob("*.xplane.pb"))[0]
    readings = [Reading("host", [], []), Reading("half on a device", [], [])]
    with tempfile.TemporaryDirectory() as scratch:
        paths = [Path(scratch) / f"{number}.xplane.pb" for number in range(2)]
        # In a process of its own: what a process needs at most begins with what its parent needs.
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            pool.submit(_made, source, events, *paths).result()
        for _ in range(repeats):
            for reading, path in zip(readings, paths):
                read_once(reading, imports, work, path)
    times = [statistics.median(reading.seconds) for reading in readings]
    peaks = [max(reading.peak_bytes) / 1e6 for reading in readings]
    return (
        f"{events:,} events: {times[0]:.2f} s on the host alone, {times[1]:.2f} s with half on a device "
        f"({times[1] / times[0]:.2f}×); {peaks[0]:.0f} and {peaks[1]:.0f} MB"
    )


def _made(source: Path, events: int, of_host: Path, half: Path) -> None:
    make_trace(source, events, of_host)
    add_device(half, events - make_trace(source, events // 2, half))


def read_once(reading: Reading, imports: str, work: str, path: Path) -> None:
    """One reading in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE.format(imports=imports, work=work), str(path)],
        capture_output=True,
        text=True,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=False,
    )
    if done.returncode:
        reading.failure = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return
    took, peak = json.loads(done.stdout.splitlines()[-1])
    reading.seconds.append(took)
    reading.peak_bytes.append(peak)


def table(sizes: list[Size]) -> str:
    """The readings as a Markdown table."""
    lines = [
        "| events | file | tool | seconds (least–most) | beside ours | peak memory |",
        "|---:|---:|---|---:|---:|---:|",
    ]
    for size in sizes:
        ours = next(reading for reading in size.readings if reading.tool == OURS)
        for reading in size.readings:
            start = f"| {size.events:,} | {size.file_bytes / 1e6:,.0f} MB | {reading.tool} "
            if reading.failure or not reading.seconds:
                lines.append(f"{start}| {reading.failure} | | |")
                continue
            median = statistics.median(reading.seconds)
            times = (
                ""
                if reading is ours or not ours.seconds
                else (f"{median / statistics.median(ours.seconds):.2g}×")
            )
            lines.append(
                f"{start}| {median:.2f} ({min(reading.seconds):.2f}–{max(reading.seconds):.2f}) "
                f"| {times} | {max(reading.peak_bytes) / 1e6:,.0f} MB |"
            )
    return "\n".join(lines)


def page(sizes: list[Size], on_devices: str, repeats: int, load: float) -> str:
    """docs/trace-reading.md."""
    from importlib.metadata import version

    return f"""# How fast traces are read

`python -m benchmarks.trace_reading --write` wrote this page. Traces of several sizes are made from a
real one ([traces/demo-keras-3.15](../traces/demo-keras-3.15/recording.json), `predict` of a tiny
model): its steps repeated on all threads, one after the other. Each reading is a process
of its own, {repeats} for each tool, in turn. Seconds are the median, without imports; memory is
the peak of a process's resident memory, including the mapped parts of the file.

`read` reads the file into columns; `read and divided` is everything that
[`keras-profile trace`](commands.md#keras-profile-trace) does except printing. xprof {version("xprof")} is
what TensorBoard's profile plugin uses to read traces: its tools compute other things from a trace, but
both start from the same file. It is not run on traces for which it would need more memory than the
machine has.

On {os.cpu_count()} CPUs ({platform.machine()}), Python {platform.python_version()}, NumPy {version("numpy")}.
The load average was {load:.1f} before it began: if that is not near 0, other work ran, and the times are
too long.

{table(sizes)}

Of a trace of that size, half of whose events are a GPU's, read and divided, in turn with one of the host
alone: {on_devices.partition(": ")[2]}.

The method is described in the docstrings of `recordings/readers/xspace.py`,
`recordings/readers/framing.py` and `analysis/attribution/nesting.py`.
"""


if __name__ == "__main__":
    main()
