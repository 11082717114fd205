"""A store: each recording once, whatever happens while it is collected."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import jsonschema
import msgspec
import pytest

from keras_profile import cli
from keras_profile.features.fleet import places
from keras_profile.features.fleet.duck import connection
from keras_profile.features.fleet.fleet_database import fleet_database
from keras_profile.features.fleet.places import Folder
from keras_profile.features.fleet.sources import Read, Source
from keras_profile.features.fleet.store_of_recordings import FILES_TO_MERGE, STORE_FILE, Store
from keras_profile.model.store import RecordingRow
from support import streams
from support.golden import ROOT
from support.key_tables import SCHEMAS

REPORT = ROOT / "reports" / "demo-keras-3.15" / "report.json"
RECORDING = ROOT / "traces" / "demo-keras-3.15"


def vary(report, number):
    """Another recording of the same kind."""
    report["calls"]["cold"]["total_ns"] += number
    report["created"] = f"2026-03-{1 + number % 20:02}T10:00:00+0100"
    return report


@pytest.fixture
def reports(tmp_path):
    """Makes reports of so many recordings in a folder."""

    def make(count, name="reports", change=lambda report: None):
        folder = tmp_path / name
        for number in range(count):
            report = vary(json.loads(REPORT.read_text()), number)
            change(report)
            place = folder / f"app-{number}"
            place.mkdir(parents=True)
            (place / "report.json").write_text(json.dumps(report))
        return folder

    return make


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def collect(store, capsys):
    """Collects folders; returns what ``collect --json`` printed."""

    def run(*folders, options=(), code=0):
        given = [*map(str, folders), "--to", str(store), *options, "--json"]
        assert cli.main(["collect", *given]) == code
        found = json.loads(capsys.readouterr().out)
        jsonschema.validate(found, json.loads((SCHEMAS / "collection.schema.json").read_text()))
        return found

    return run


def rows(store, query="SELECT * FROM recordings ORDER BY made_at, id"):
    with fleet_database(str(store)) as database:
        found = database.read(lambda: database.connection.execute(query).fetchall())
        return found, database.notes


def parquet(store):
    return sorted(path.relative_to(store).as_posix() for path in store.rglob("*.parquet"))


def test_a_recording_and_its_report_are_one(collect, store, tmp_path):
    shutil.copytree(RECORDING, tmp_path / "traces" / "another-name")
    found = collect(tmp_path / "traces", REPORT.parent)
    assert (found["added"], found["known"], found["failed"]) == (1, 1, [])
    ((source, calls),), _ = rows(store, "SELECT collected_from, (SELECT count(*) FROM calls) FROM recordings")
    assert (source, calls > 0) == ("recording", True)


def test_collecting_again_adds_nothing(collect, store, reports):
    folder = reports(3)
    assert collect(folder)["added"] == 3
    before = parquet(store)
    again = collect(folder)
    assert (again["added"], again["known"]) == (0, 3)
    assert parquet(store) == before


def test_the_row_is_what_the_report_says(collect, store):
    report = json.loads(REPORT.read_text())
    collect(REPORT)
    ((service, median, keras, share),), _ = rows(
        store, "SELECT service, median_ns, keras, model_share FROM recordings"
    )
    assert (service, median) == ("tiny.py:build", report["calls"]["warm"]["median_ns"])
    assert (keras, share) == (report["environment"]["keras"], report["attribution"]["model_share"])
    phases, _ = rows(store, "SELECT phase, self_ns, place, entry FROM phases")
    assert {phase: ns for phase, ns, _, _ in phases} == {
        one["phase"]: one["self_ns"] for one in report["attribution"]["phases"]
    }
    assert {tuple(one[2:]) for one in phases} == {("tiny.py:build", "predict")}
    causes, _ = rows(store, "SELECT rule, cost_ns_per_call FROM findings WHERE verdict = 'found'")
    assert dict(causes) == {
        one["rule"]: one["cost_ns_per_call"] for one in report["findings"] if one["verdict"] == "found"
    }


def test_labels_are_the_recorded_ones_unless_others_are_given(collect, store, reports):
    def label(report):
        report["environment"]["labels"] = {"service": "shop", "version": "2", "host": "n1", "team": "pay"}

    collect(reports(1, change=label), options=["--label", "host=n2", "--label", "calls_a_day=86400"])
    (row,), _ = rows(store, "SELECT service, version, host, labels['team'], calls_a_day FROM recordings")
    assert row == ("shop", "2", "n2", "pay", 86400.0)


def test_calls_a_day_are_known_of_a_program_that_was_stopped(collect, store, tmp_path):
    for name, state in (("stopped", {"interrupted": True}), ("ended", {})):
        process = streams.Process(streams.program(tmp_path / "traces" / name, **state))
        process.site()
        process.group()
        process.calls(10)
        process.end()
        program = tmp_path / "traces" / name
        content = json.loads((program / "program.json").read_text())
        content.update(state, complete=True, command=[f"{name}.py"])
        (program / "program.json").write_text(json.dumps(content))
    collect(tmp_path / "traces")
    found, _ = rows(store, "SELECT service, calls, wall_ns, calls_a_day FROM recordings ORDER BY service")
    (ended, stopped) = found
    assert ended[::3] == ("ended.py", None)
    assert stopped[0] == "stopped.py"
    assert stopped[3] == pytest.approx(stopped[1] / stopped[2] * 86400e9)


def test_many_small_files_are_merged(collect, store, reports):
    found = collect(reports(FILES_TO_MERGE + 3))
    assert found["merged"] == FILES_TO_MERGE + 3
    assert len(parquet(store)) == 1
    collect(reports(2, "more", change=lambda report: report.update(recording="other")))
    assert len(rows(store)[0]) == FILES_TO_MERGE + 3
    assert collect(reports(FILES_TO_MERGE + 5, "all"))["added"] == 2
    assert len(parquet(store)) == 3
    assert collect(options=["--compact"])["merged"] == 3
    assert len(parquet(store)) == 1
    assert len(rows(store)[0]) == FILES_TO_MERGE + 5


def test_a_store_reads_correctly_between_merging_and_removing(collect, store, reports, tmp_path):
    collect(reports(4))
    shutil.copytree(store, tmp_path / "before")
    collect(options=["--compact"])
    for name in parquet(tmp_path / "before"):
        shutil.copy(tmp_path / "before" / name, store / name)
    assert len(parquet(store)) == 5
    found, notes = rows(store)
    assert (len(found), notes) == (4, [])
    assert rows(store, "SELECT count(DISTINCT id) FROM phases")[0] == [(4,)]
    collect(options=["--compact"])
    assert len(parquet(store)) == 1
    assert len(rows(store)[0]) == 4


def test_an_interruption_leaves_what_was_there(collect, store, reports, monkeypatch):
    collect(reports(1))

    def killed(source, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(places.os, "replace", killed)
    assert cli.main(["collect", str(reports(3, "more")), "--to", str(store), "--quiet"]) == 130
    monkeypatch.undo()
    assert len(rows(store)[0]) == 1
    assert collect(reports(3, "again"))["added"] == 2


def test_the_rest_of_a_killed_writer_is_no_part_of_a_store(collect, store, reports):
    collect(reports(1))
    month = store / parquet(store)[0]
    part = month.with_name(".0f.parquet.12-ab.part")
    part.write_bytes(b"PAR1")
    assert len(rows(store)[0]) == 1
    os.utime(part, (0, 0))
    collect(reports(1, "again"))
    assert not part.exists()


def test_collectors_at_the_same_time_do_no_harm(store, reports):
    folder = reports(FILES_TO_MERGE + 4)
    command = [sys.executable, "-m", "keras_profile", "collect", str(folder), "--to", str(store), "--quiet"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    for one in both:
        _, errors = one.communicate(timeout=120)
        assert (one.returncode, errors) == (0, b"")
    found, notes = rows(store)
    assert (len(found), notes) == (FILES_TO_MERGE + 4, [])


def test_a_store_that_another_collector_is_making_is_used(collect, store, reports):
    store.mkdir()
    (store / f".{STORE_FILE}.12-ab.part").write_text("{")
    collect(reports(1))
    assert len(rows(store)[0]) == 1


def test_a_store_that_another_collector_makes_between_two_looks_is_used(
    collect, store, reports, monkeypatch, tmp_path
):
    is_free = Folder.is_free

    def made_meanwhile(self):
        found = is_free(self)
        if not store.exists():
            other = tmp_path / "elsewhere"
            subprocess.run(
                [sys.executable, "-m", "keras_profile", "collect", str(other_reports), "--to", str(other)],
                check=True,
                capture_output=True,
            )
            other.rename(store)
            found = is_free(self)
        return found

    other_reports = reports(1, "other")
    mine = reports(2, "mine")
    monkeypatch.setattr(Folder, "is_free", made_meanwhile)
    collect(mine)
    assert len(rows(store)[0]) == 2


def test_what_cannot_be_read_is_named_and_the_rest_collected(collect, store, reports):
    folder = reports(2)
    bad = folder / "bad"
    bad.mkdir()
    (bad / "report.json").write_text("{")
    huge = json.loads(REPORT.read_text())
    huge["calls"]["cold"]["total_ns"] = 7
    huge["findings"][0].update(verdict="found", cost_ns_per_call=1 << 62, title="\0 \ud83d\ude00")
    (folder / "huge").mkdir()
    (folder / "huge" / "report.json").write_text(json.dumps(huge))
    found = collect(folder)
    assert found["added"] == 3
    assert [one["path"] for one in found["failed"]] == [str(bad / "report.json")]
    assert collect(bad, code=2)["failed"]
    titles, _ = rows(store, f"SELECT title FROM findings WHERE cost_ns_per_call = {1 << 62}")
    assert titles == [("\ufffd \U0001f600",)]


def test_a_program_that_is_still_recorded_waits(collect, store, tmp_path):
    process = streams.Process(streams.program(tmp_path / "traces" / "app"))
    process.site()
    process.group()
    process.calls(10)
    program = tmp_path / "traces" / "app"
    content = json.loads((program / "program.json").read_text())
    content.update(complete=False, exit_code=None)
    (program / "program.json").write_text(json.dumps(content))
    found = collect(tmp_path / "traces", code=2)
    assert "still being recorded" in found["failed"][0]["reason"]
    for path in program.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    assert collect(tmp_path / "traces")["added"] == 1


def test_a_month_is_that_of_the_recording_in_utc(collect, store, reports):
    collect(reports(1, change=lambda report: report.update(created="2026-03-01T00:30:00+0200")))
    (name,) = parquet(store)
    assert name.startswith("recordings/month=2026-02/")
    assert [str(one[0]) for one in rows(store, "SELECT date FROM recordings")[0]] == ["2026-02-28"]


def test_texts_and_lists_are_bounded(tmp_path):
    report = json.loads(REPORT.read_text())
    report["environment"]["labels"] = {f"key-{number}": "x" * 5000 for number in range(100)}
    report["attribution"]["internals"] *= 50
    report["findings"][0]["title"] = "y" * 100_000
    (tmp_path / "report.json").write_text(json.dumps(report))
    row = Read(Source(tmp_path / "report.json", "report")).row({})
    assert isinstance(row, RecordingRow)
    assert len(msgspec.json.encode(row)) < 50_000


@pytest.mark.parametrize(
    ("prepare", "arguments", "said"),
    [
        (lambda store: None, ["fleet", "STORE"], "expected a store, found none there"),
        (lambda store: store.mkdir(), ["fleet", "STORE"], "expected a store, found none there"),
        (lambda store: make(store), ["fleet", "STORE"], "expected recordings, found a store without any"),
        (lambda store: make(store, 2), ["fleet", "STORE"], "is version 2 of keras_profile.store"),
        (lambda store: make(store, 2), ["collect", str(REPORT), "--to", "STORE"], "is version 2 of"),
        (lambda store: make(store, text="[]"), ["fleet", "STORE"], "expected keras_profile.store"),
        (lambda store: None, ["collect", "nowhere", "--to", "STORE"], "found nothing there"),
        (lambda store: None, ["collect", "--to", "STORE"], "expected a folder with recordings"),
        (
            lambda store: (store.mkdir(), (store / "mine").write_text("")),
            ["collect", str(REPORT), "--to", "STORE"],
            "expected a store or a new folder",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_errors_are_two_lines(store, capsys, prepare, arguments, said):
    prepare(store)
    assert cli.main([str(store) if one == "STORE" else one for one in arguments]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert said in lines[0]
    assert lines[1].strip()


def make(store, version=1, text=None):
    store.mkdir()
    content = {"schema": {"name": "keras_profile.store", "version": version}}
    (store / "store.json").write_text(text or json.dumps(content))


@pytest.mark.parametrize("command", [["fleet", "store"], ["collect", str(REPORT), "--to", "store"]])
def test_without_duckdb_the_extra_is_named(capsys, monkeypatch, command):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert cli.main(command) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "duckdb" in lines[0]
    assert "[fleet]" in lines[1]


@pytest.mark.parametrize("how", ["cut", "content", "foreign", "text"])
def test_a_damaged_file_is_named_and_the_rest_shown(collect, store, reports, capsys, how):
    collect(reports(3))
    bad = store / parquet(store)[0]
    data = bytearray(bad.read_bytes())
    if how == "cut":
        bad.write_bytes(data[: len(data) // 2])
    elif how == "content":
        data[4 : len(data) // 3] = b"\xff" * (len(data) // 3 - 4)
        bad.write_bytes(data)
    elif how == "foreign":
        with connection() as made:
            made.execute(f"COPY (SELECT 1 AS other) TO '{bad}' (FORMAT parquet)")
    else:
        bad.write_text("no Parquet")
    assert cli.main(["fleet", str(store), "--json", "--no-html"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["recordings"] == 2
    assert bad.name in found["notes"][0]
    healthy = reports(1, "later", change=lambda report: report["calls"]["cold"].update(total_ns=77))
    assert collect(healthy)["added"] == 1


def test_a_reader_does_not_mind_files_that_are_merged_meanwhile(collect, store, reports):
    collect(reports(5))
    with fleet_database(str(store)) as database:
        with connection() as made:
            other = Store(str(store), made)
            assert other.merge(other.months(), True).files == 5
        count = database.read(lambda: database.connection.execute("FROM phases SELECT count(*)").fetchone())
        assert count is not None
        assert count[0] > 5
        assert database.notes == []
