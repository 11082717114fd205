"""How long ``collect`` and ``fleet`` take, and how much memory, with stores of many recordings.

Makes stores of 1,000, 10,000 and 100,000 recordings from the real ones in ``traces/``, varied as those of a
fleet vary (``tests/support/fleets.py``), with a phase that gets slower on one day in 5 of 300 services, and
one slow host. Checks that ``fleet`` finds these and nothing else. Prints a table in Markdown; the row of
1,000,000 is not measured but on the line through the two largest. Processor times, of all threads, are in
brackets: on a busy machine they say more.

    python benchmarks/fleet_scale.py [RECORDINGS …]

Takes about five minutes and 200 MB in the folder for temporary files.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from keras_profile.features.fleet.duck import connection
from keras_profile.features.fleet.sources import Read, Source
from keras_profile.features.fleet.store_of_recordings import Store, month_of
from support.fleets import Fleet, make_store, service_name

SIZES = (1_000, 10_000, 100_000)
EXTRAPOLATED = 1_000_000
ROOT = Path(__file__).resolve().parents[1]
#: So many reports are added to each store, one by one.
ADDED = 100
SLOW_HOST = "host-17"
#: Of fewer recordings in a series, nothing is said.
LEAST_TO_FIND = 10_000


@dataclass(frozen=True)
class Ran:
    """A command: its output, its time, its processor time, and the most memory that it had."""

    output: str
    wall_s: float
    cpu_s: float
    bytes: int

    def __str__(self) -> str:
        return f"{self.wall_s:.2f} s ({self.cpu_s:.2f} s)"


@dataclass(frozen=True)
class Measured:
    recordings: int
    bytes: int
    files: int
    add_ms: list[float]
    add_cpu_ms: list[float]
    command: Ran
    fleet: Ran
    sql: Ran


def measure(folder: Path, recordings: int) -> Measured:
    store = folder / f"store-{recordings}"
    fleet = Fleet(recordings, slow_hosts=[SLOW_HOST])
    make_store(store, fleet)
    files = list(store.rglob("*.parquet"))
    size = sum(path.stat().st_size for path in files)
    answer = run(["fleet", str(store), "--json", "--no-html"])
    if recordings >= LEAST_TO_FIND:
        check(json.loads(answer.output), fleet)
    query = "SELECT service, phase, median(self_ns) FROM phases GROUP BY ALL ORDER BY 3 DESC LIMIT 20"
    asked = run(["fleet", str(store), "--sql", query])
    reports = varied_reports(folder / f"reports-{recordings}", ADDED + 1)
    add_ms, add_cpu_ms = add_each(store, reports[:-1])
    collected = run(["collect", str(reports[-1]), "--to", str(store), "--quiet"])
    return Measured(recordings, size, len(files), add_ms, add_cpu_ms, collected, answer, asked)


def check(found: dict, fleet: Fleet) -> None:
    """Raises if ``fleet`` does not find what was planted, and only that."""
    planted = fleet.planted
    assert planted is not None
    slower = [change for change in found["changes"] if change["direction"] == "slower"]
    services = {service["service"] for change in slower for service in change["services"]}
    assert services == {service_name(number) for number in planted.services}, services
    assert {change["phase"] for change in slower} == {planted.phase}
    assert min(change["date"] for change in slower) >= planted.date.isoformat()
    assert len(found["changes"]) == len(slower)
    assert {host["host"] for host in found["slow_hosts"]} == {SLOW_HOST}


def varied_reports(folder: Path, count: int) -> list[Path]:
    """Copies of a real report with other figures, so that each is another recording."""
    report = json.loads((ROOT / "reports" / "demo-keras-3.15" / "report.json").read_text())
    found = []
    for number in range(count):
        report["calls"]["cold"]["total_ns"] += 1
        report["created"] = "2026-10-20T12:00:00+0000"
        report["environment"]["labels"] = {"service": f"added-{number}", "host": "host-1"}
        path = folder / str(number) / "report.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(report))
        found.append(path)
    return found


def add_each(place: Path, reports: list[Path]) -> tuple[list[float], list[float]]:
    """How long each takes to be read, looked for, added and merged where files are many.

    In ms, and in ms of the processor.
    """
    found, found_cpu = [], []
    with connection() as connected:
        for path in reports:
            begin, begin_cpu = time.perf_counter(), time.process_time()
            # As a new command does, which knows nothing of the store.
            store = Store(str(place), connected)
            store.check()
            read = Read(Source(path, "report"))
            assert not store.has(read.identity, read.made_at)
            row = read.row({})
            store.add(row)
            store.merge([month_of(row)])
            found.append((time.perf_counter() - begin) * 1e3)
            found_cpu.append((time.process_time() - begin_cpu) * 1e3)
    return found, found_cpu


def run(arguments: list[str]) -> Ran:
    begin = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen([sys.executable, "-m", "keras_profile", *arguments], stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, arguments
        output.seek(0)
        peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        return Ran(output.read(), took, usage.ru_utime + usage.ru_stime, peak)


HEADER = (
    "recordings",
    "store",
    "files",
    "add one: median, 95%, most",
    "`collect` of one",
    "`fleet`",
    "memory",
    "`--sql`",
)


def table(rows: list[Measured]) -> str:
    cells = [list(HEADER), ["---:"] * len(HEADER)]
    cells += [
        [
            f"{row.recordings:,}",
            megabytes(row.bytes),
            f"{row.files:,}",
            f"{spread(row.add_ms)} ms ({spread(row.add_cpu_ms)} ms)",
            str(row.command),
            str(row.fleet),
            megabytes(row.fleet.bytes),
            str(row.sql),
        ]
        for row in rows
    ]
    if len(rows) > 1:
        cells.append(extrapolated(*rows[-2:]))
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def extrapolated(before: Measured, last: Measured) -> list[str]:
    """The row of more recordings than were measured, on the line through two rows."""

    def at(low: float, high: float) -> float:
        return high + (high - low) / (last.recordings - before.recordings) * (EXTRAPOLATED - last.recordings)

    return [
        f"{EXTRAPOLATED:,}, extrapolated",
        megabytes(at(before.bytes, last.bytes)),
        "",
        "",
        "",
        f"({at(before.fleet.cpu_s, last.fleet.cpu_s):.0f} s)",
        megabytes(at(before.fleet.bytes, last.fleet.bytes)),
        f"({at(before.sql.cpu_s, last.sql.cpu_s):.0f} s)",
    ]


def spread(times: list[float]) -> str:
    ordered = sorted(times)
    return ", ".join(
        f"{ms:.0f}" for ms in (statistics.median(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1])
    )


def megabytes(count: float) -> str:
    return f"{count / 1e6:,.0f} MB"


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or list(SIZES)
    rows = []
    with tempfile.TemporaryDirectory(prefix="fleet-") as folder:
        for size in sizes:
            rows.append(measure(Path(folder), size))
            print(f"{size:,} recordings measured", file=sys.stderr)
    print(table(rows))
    print()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
