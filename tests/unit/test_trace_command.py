"""``keras-profile trace``: what it prints, and what it says of files that are no trace."""

from __future__ import annotations

import importlib
import io
import json
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from keras_profile.cli import main
from keras_profile.features.trace.summary import print_trace
from keras_profile.features.trace.trace_files import find_traces, make_trace_report
from keras_profile.output.tensorboard import write_tensorboard
from keras_profile.recordings.opened import open_recording
from keras_profile.recordings.readers import xspace

ROOT = Path(__file__).parents[2]
RUN = sorted((ROOT / "traces" / "demo-keras-3.15" / "tensorflow").glob("*/plugins/profile/*"))
TRACE = RUN[0] / "vm.xplane.pb"


def printed(paths, width=110, full=False):
    buffer = io.StringIO()
    print_trace(make_trace_report(paths), Console(file=buffer, width=width, color_system=None), full)
    return buffer.getvalue()


def test_a_file_is_one_table():
    text = printed([TRACE])
    assert "1 step (predict) of thread python, 51.6 ms per step" in text
    for word in ("iterator_creation", "total", "kernels by op", "_MklNativeFusedMatMul", "tf_Compute"):
        assert word in text
    assert "together" not in text


def test_a_narrow_terminal_has_the_figures():
    assert "iterator_creation" in printed([TRACE], width=60)


def test_the_json_is_the_documented_format(capsys):
    assert main(["trace", "--json", str(TRACE)]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["schema"] == {"name": "keras_profile.trace", "version": 1}
    (host,) = content["hosts"]
    assert content["joint"] is None
    division = host["division"]
    assert sum(phase["self_ns"] for phase in division["phases"]) == division["step_ns"]
    steps = host["steps"]
    assert [sum(row) for row in zip(*steps["phases_ns"].values())] == steps["total_ns"]
    page = (ROOT / "docs" / "trace-json.md").read_text(encoding="utf-8")
    for keys in (
        content,
        host,
        division,
        division["phases"][0],
        division["kernels"][0],
        division["other_threads"][0],
        division["phases"][0]["events"][0],
        steps,
    ):
        for key in keys:
            assert key in steps["phases_ns"] or f"`{key}`" in page, f"docs/trace-json.md does not say {key}"


@pytest.fixture
def two_hosts(tmp_path):
    folder = tmp_path / "log" / "plugins" / "profile" / "run"
    folder.mkdir(parents=True)
    for number in range(2):
        shutil.copy(RUN[number] / "vm.xplane.pb", folder / f"host{number}.xplane.pb")
    return tmp_path


def test_several_hosts_are_a_line_each_and_the_tables_of_all(two_hosts):
    lines = printed([two_hosts], width=130).splitlines()
    rows = {line.split()[0]: line for line in lines if line.startswith("host")}
    assert rows["host0"].split()[1:3] == ["1", "51.6"]
    assert "iterator_creation 40%" in rows["host0"]
    assert set(rows) == {"host0", "host1"}
    assert sum(line.startswith("iterator_creation") for line in lines) == 1
    assert any(line.startswith("all 2 files together: 2 steps") for line in lines)
    assert any("--full" in line for line in lines)


def test_all_tables_of_several_hosts_are_printed_in_full(two_hosts):
    text = printed([two_hosts], full=True)
    for words in ("host0: 1 step", "host1: 1 step", "all 2 files together: 2 steps"):
        assert words in text
    assert "--full" not in text


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_a_summary_breaks_no_line(two_hosts, width):
    deep = two_hosts / "a" / ("long" * 20) / "plugins" / "profile" / "run"
    deep.mkdir(parents=True)
    shutil.copy(RUN[2] / "vm.xplane.pb", deep)
    lines = printed([two_hosts], width=width).splitlines()
    assert max(map(len, lines)) <= width
    assert (
        len([line for line in lines if line.split() and line.split()[0].endswith(("vm", "host0", "host1"))])
        == 3
    )


def test_copies_are_counted_once_and_named(tmp_path):
    recorded = tmp_path / "traces" / "demo"
    shutil.copytree(ROOT / "traces" / "demo-keras-3.15", recorded)
    (tmp_path / "reports").mkdir()
    write_tensorboard(open_recording(recorded), tmp_path / "reports" / "demo")
    shutil.copytree(tmp_path / "reports" / "demo", tmp_path / "reports" / "again")
    report = make_trace_report([tmp_path])
    rounds = len(list(recorded.glob("tensorflow/*")))
    assert len(report.hosts) == rounds
    assert all("/traces/demo/" in host.file for host in report.hosts)
    assert len(report.copies) == 2 * rounds
    assert f"{2 * rounds} files are copies of another and left out" in printed([tmp_path])
    # Files of one name and size that differ are none.
    other = tmp_path / "other" / "vm.xplane.pb"
    other.parent.mkdir()
    data = bytearray(TRACE.read_bytes())
    data[data.index(b"MatMul")] += 1
    other.write_bytes(bytes(data))
    assert len(make_trace_report([tmp_path]).hosts) == rounds + 1


def test_a_file_that_is_given_twice_is_read_once():
    assert find_traces([TRACE, RUN[0], TRACE]) == [TRACE]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty", b""),
        ("json", b'{"traceEvents": []}'),
        ("text", b"\n{}\n"),
        ("png", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        ("half", TRACE.read_bytes()[:15_000]),
        ("no host", b"\x0a\x0c\x12\x0a/device:X0"),
    ],
)
def test_what_is_no_trace_is_one_clear_error(tmp_path, capsys, name, data):
    path = tmp_path / "host.xplane.pb"
    path.write_bytes(data)
    assert main(["trace", str(path)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert str(path) in shown.err
    assert "Traceback" not in shown.err
    assert len(shown.err.strip().splitlines()) == 2


@pytest.mark.parametrize("missing", ["nothing here", "folder"])
def test_nothing_to_read_is_one_clear_error(tmp_path, capsys, missing):
    (tmp_path / "folder").mkdir()
    assert main(["trace", str(tmp_path / missing)]) == 2
    assert missing in capsys.readouterr().err


def test_one_bad_file_of_several_is_named(tmp_path, capsys):
    (tmp_path / "bad.xplane.pb").write_bytes(b"")
    assert main(["trace", str(TRACE), str(tmp_path / "bad.xplane.pb")]) == 2
    assert "bad.xplane.pb: the trace is empty (0 bytes)" in capsys.readouterr().err
    # That of a folder may be anything.
    assert main(["trace", str(TRACE), str(tmp_path)]) == 0
    assert "bad.xplane.pb: the trace is empty (0 bytes)" in " ".join(capsys.readouterr().out.split())


def test_a_cut_file_says_so(tmp_path):
    path = tmp_path / "host.xplane.pb"
    path.write_bytes(TRACE.read_bytes()[:-400])  # in the last plane but one, behind the events' names
    text = printed([path])
    assert "note: host.xplane.pb is cut short or damaged" in text
    assert "51.6 ms per step" in text


def test_events_that_lie_a_thousand_deep_are_divided(tmp_path):
    def sized(field, content):
        size = len(content)
        return bytes([field << 3 | 2, size & 0x7F | 0x80, size >> 7 & 0x7F | 0x80, size >> 14]) + content

    def number(field, value):
        return bytes([field << 3, value & 0x7F | 0x80, value >> 7])

    name = sized(4, number(1, 1) + sized(2, sized(2, b"tf.function-graph_building")))
    events = b"".join(
        sized(4, number(1, 1) + number(2, level) + number(3, 4000 - 2 * level)) for level in range(1000)
    )
    path = tmp_path / "host.xplane.pb"
    path.write_bytes(sized(1, sized(2, b"/host:CPU") + name + sized(3, sized(2, b"python") + events)))
    (host,) = make_trace_report([path]).hosts
    assert host.events == 1000
    (phase,) = host.division.phases
    assert (phase.phase, phase.self_ns) == ("function_tracing", 4)


@pytest.fixture
def benchmark_module(monkeypatch):
    """Imports a benchmark, which is run from the project's folder."""
    monkeypatch.syspath_prepend(str(ROOT))
    return lambda name: importlib.import_module(f"benchmarks.{name}")


def test_damaged_traces_are_read_or_one_clear_error(benchmark_module):
    outcome = benchmark_module("trace_fuzz").try_seeds(range(10_000_000, 10_000_250))
    assert outcome.faults == []
    assert set(outcome.kinds) == {
        "read",
        "read, of a profiler",
        "read in part, said so",
        "one clear error",
    }


def test_a_trace_that_is_made_larger_repeats_the_real_one(benchmark_module, tmp_path, monkeypatch):
    monkeypatch.setattr(xspace, "PIECE_BYTES", 1 << 16)
    count = benchmark_module("trace_making").make_trace(TRACE, 20_000, tmp_path / "large.xplane.pb")
    real, large = xspace.read_xspace(TRACE), xspace.read_xspace(tmp_path / "large.xplane.pb")
    assert sum(len(line.begin) for line in large.lines) == count >= 20_000
    for one, many in zip(real.lines, large.lines):
        first = slice(0, len(one.begin))
        assert (many.begin[first] == one.begin).all()
        assert (many.end[first] == one.end).all()
        assert [large.names[name] for name in many.name[first]] == [real.names[name] for name in one.name]
    (host,) = make_trace_report([tmp_path / "large.xplane.pb"]).hosts
    (single,) = make_trace_report([TRACE]).hosts
    assert host.division.steps == count // single.events
    assert host.division.step_ns == single.division.step_ns
