"""How long ``collect`` and ``fleet`` take, and how much memory, with stores of many recordings.

Makes stores of 1,000, 10,000 and 100,000 recordings from the real ones in ``traces/``, varied as those of a
fleet vary (``tests/support/fleets.py``), with a phase that gets slower on one day in 5 of 300 services, and
one slow host. Checks that ``fleet`` finds these and nothing else. Prints a table in Markdown; the row of
1,000,000 is not measured but on the line through the two largest.

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
class Measured:
    recordings: int
    bytes: int
    files: int
    add_ms: list[float]
    command_s: float
    fleet_s: float
    fleet_bytes: int
    sql_s: float


def measure(folder: Path, recordings: int) -> Measured:
    store = folder / f"store-{recordings}"
    fleet = Fleet(recordings, slow_hosts=[SLOW_HOST])
    make_store(store, fleet)
    files = list(store.rglob("*.parquet"))
    size = sum(path.stat().st_size for path in files)
    answer, fleet_s, peak = run(["fleet", str(store), "--json", "--no-html"])
    found = json.loads(answer)
    if recordings >= LEAST_TO_FIND:
        check(found, fleet)
    query = "SELECT service, phase, median(self_ns) FROM phases GROUP BY ALL ORDER BY 3 DESC LIMIT 20"
    _, sql_s, _ = run(["fleet", str(store), "--sql", query])
    reports = varied_reports(folder / f"reports-{recordings}", ADDED + 1)
    add_ms = add_each(store, reports[:-1])
    _, command_s, _ = run(["collect", str(reports[-1]), "--to", str(store), "--quiet"])
    return Measured(recordings, size, len(files), add_ms, command_s, fleet_s, peak, sql_s)


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


def add_each(place: Path, reports: list[Path]) -> list[float]:
    """How long each takes to be read, looked for, added and merged where files are many, in ms."""
    found = []
    with connection() as connected:
        for path in reports:
            begin = time.perf_counter()
            # As a new command does, which knows nothing of the store.
            store = Store(str(place), connected)
            store.check()
            read = Read(Source(path, "report"))
            assert not store.has(read.identity, read.made_at)
            row = read.row({})
            store.add(row)
            store.merge([month_of(row)])
            found.append((time.perf_counter() - begin) * 1e3)
    return found


def run(arguments: list[str]) -> tuple[str, float, int]:
    """Runs the command: what it printed, its seconds, its most memory in bytes."""
    begin = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen([sys.executable, "-m", "keras_profile", *arguments], stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, arguments
        output.seek(0)
        return output.read(), took, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


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
    for row in rows:
        ordered = sorted(row.add_ms)
        some = (statistics.median(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1])
        cells.append(
            [
                f"{row.recordings:,}",
                megabytes(row.bytes),
                f"{row.files:,}",
                ", ".join(f"{ms:.0f}" for ms in some) + " ms",
                f"{row.command_s:.2f} s",
                f"{row.fleet_s:.2f} s",
                megabytes(row.fleet_bytes),
                f"{row.sql_s:.2f} s",
            ]
        )
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
        f"{at(before.fleet_s, last.fleet_s):.0f} s",
        megabytes(at(before.fleet_bytes, last.fleet_bytes)),
        f"{at(before.sql_s, last.sql_s):.0f} s",
    ]


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
