"""A sweep without measuring: its plan, its cells, its folder, its answers, and what is written of them."""

from __future__ import annotations

import json
import math
import re
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from keras_profile import cli
from keras_profile.cli.parser import make_parser
from keras_profile.errors import KerasProfileError
from keras_profile.features.sweep import sweeping
from keras_profile.features.sweep.answering import answers
from keras_profile.features.sweep.cell_process import Answer, Outcome, Shipment, this_machine
from keras_profile.features.sweep.cell_store import CellStore
from keras_profile.features.sweep.crossovers import map_words
from keras_profile.features.sweep.engines import choosing
from keras_profile.features.sweep.engines.choosing import engine_of
from keras_profile.features.sweep.grid import cells_of
from keras_profile.features.sweep.sweep_plan import plan_of, read_plan
from keras_profile.features.sweep.sweeping import Sweep, measure_cells
from keras_profile.model.sweep import CellSettings, MapPlace, MapRow, Reference
from keras_profile.output.sweep import sweep_files, to_page, to_terminal, to_toml
from keras_profile.output.terminal import as_text
from keras_profile.recordings.writing import encode_json
from support.commands import python
from support.golden import ROOT
from support.key_tables import SCHEMAS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

REPORT = json.loads((ROOT / "reports" / "demo-keras-3.15" / "report.json").read_text(encoding="utf-8"))
GRID = {"model": ["a.keras", "b.keras"], "entry": ["predict", "call"], "rows": [1, 64, 512]}
MS = 1_000_000


def plan(**tables):
    return plan_of({"grid": GRID, **tables}, "plan.toml")


def report(median_ns, half=0.01):
    """A real report whose calls take so long, give or take ``half``."""
    interval = [round(median_ns * (1 - half)), round(median_ns * (1 + half))]
    warm = {**REPORT["calls"]["warm"], "median_ns": median_ns, "median_ci95_ns": interval}
    return json.dumps({**REPORT, "calls": {**REPORT["calls"], "warm": warm}}).encode()


def outcome(cell, median_ns=MS, reason="", machine=None, reference=2 * MS, half=0.01):
    return Outcome(
        cell.name,
        reason,
        machine or replace(this_machine(), name="here"),
        100.0,
        5.0,
        Reference(100, reference),
        Reference(100, reference),
        {} if reason else {"reports/cell/report.json": report(median_ns, half), "traces/cell/log.txt": b"x"},
    )


class Made:
    """An engine that makes its outcomes up, and counts what it measures."""

    name = "made up"
    is_here = True

    def __init__(self, times, fails=(), stop_after=None, machine=None):
        self.times, self.fails, self.stop_after = times, fails, stop_after
        self.measured_cells, self.questions = [], []
        self.machine = machine or (lambda cell: None)

    def __enter__(self):
        return self

    def __exit__(self, *ending):
        pass

    def versions(self):
        return {}

    def slots(self):
        return 1

    def check(self, questions, shipment):
        self.questions = list(questions)
        return map(Answer, questions)

    def measured(self, jobs, shipment):
        for job in jobs:
            if self.stop_after is not None and len(self.measured_cells) >= self.stop_after:
                raise KeyboardInterrupt
            self.measured_cells.append(job.name)
            cell = self.cells[job.name]
            reason = "the model is broken" if self.fails and cell.settings in self.fails else ""
            machine, reference = self.machine(cell) or (None, 2 * MS)
            yield outcome(cell, round(self.times(cell.settings)), reason, machine, reference)

    def of(self, sweep):
        self.cells = {cell.name: cell for cell in sweep.cells}
        return self


def times(settings):
    """Per call: predict has a fixed cost of 10 ms, call takes 25 times as long a row; b is twice as slow."""
    base = 10 * MS + 0.01 * MS * settings.rows if settings.entry == "predict" else 0.25 * MS * settings.rows
    threads = {None: 1, 1: 1, 2: 0.5}[settings.threads]
    return base * threads * (2 if settings.model.startswith("b") else 1)


def swept(folder, times=times, **tables):
    sweep = Sweep.of("plan.toml", plan(**tables), folder)
    return measure_cells(sweep, Made(times).of(sweep), lambda event: None, lambda content: None)


# --- the plan ---


@pytest.mark.parametrize(
    ("tables", "words", "advice"),
    [
        ({"grid": {**GRID, "thread": [1]}}, "[grid]: unknown factor thread", "did you mean threads?"),
        ({"grid": {}}, "expected [grid] with a model, found none", "docs/sweep.md"),
        ({"grid": {"rows": [1]}}, "model", "docs/sweep.md"),
        ({"grid": {**GRID, "model": []}}, "expected levels of model, found none", ""),
        ({"grid": {**GRID, "rows": ["many"]}}, "grid.rows[0]: expected int, found str", ""),
        ({"grid": {**GRID, "rows": [0]}}, "grid.rows[0]: expected int >= 1", ""),
        ({"grid": {**GRID, "rows": [1, 2, 1]}}, "rows has 1 twice", "once"),
        ({"grid": {**GRID, "entry": ["predikt"]}}, "unknown value of entry: predikt", "mean predict?"),
        ({"grid": GRID, "bugdet": {}}, "unknown key bugdet", "did you mean budget?"),
        ({"grid": GRID, "budget": {"second": 1}}, "[budget]: unknown key second", "did you mean seconds?"),
        ({"grid": GRID, "budget": {"seconds": 0}}, "budget.seconds", ""),
        ({"grid": GRID, "exclude": [{"row": 1}]}, "[[exclude]]: unknown factor row", "did you mean rows?"),
        ({"grid": GRID, "captures": ["cprofile"]}, "expected bare or spans in captures", ""),
        ({"grid": {**GRID, "environment": [{"A": 1}]}}, "environment", ""),
        (
            {"grid": {**GRID, "threads": [1], "environment": [{"OMP_NUM_THREADS": "2"}]}},
            "both threads and environment set OMP_NUM_THREADS",
            "leave one",
        ),
    ],
)
def test_a_plan_that_cannot_be_is_one_message(tables, words, advice):
    with pytest.raises(KerasProfileError) as found:
        plan_of(tables, "plan.toml")
    assert words in found.value.message
    assert advice in found.value.advice
    assert "`" not in found.value.message


def test_a_plan_is_read_from_its_file(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text('[grid]\nmodel = ["a.keras"]\nenvironment = [{}, {A = "1"}]\n', encoding="utf-8")
    assert read_plan(path).grid.environment == [{}, {"A": "1"}]
    path.write_text("[grid\n", encoding="utf-8")
    with pytest.raises(KerasProfileError, match="expected a plan in TOML"):
        read_plan(path)
    with pytest.raises(KerasProfileError, match="cannot be read"):
        read_plan(tmp_path / "none.toml")


def test_the_plan_in_the_documents_is_the_one_that_is_run():
    page = (ROOT / "docs" / "sweep.md").read_text(encoding="utf-8")
    ((name, shown),) = re.findall(r"<!-- file: (.+?) -->\n```toml\n(.*?)```", page, re.DOTALL)
    path = ROOT / "docs" / name
    assert shown == path.read_text(encoding="utf-8")
    assert len(cells_of(read_plan(path), name)) == 7  # six, of which one is measured twice


# --- the cells ---


def test_the_cells_are_the_grid_without_what_is_excluded():
    grid = {**GRID, "threads": [1, 2]}
    made = cells_of(plan(grid=grid, exclude=[{"entry": "call", "rows": [64, 512]}]), "plan.toml")
    settings = {(c.settings.model, c.settings.entry, c.settings.rows, c.settings.threads) for c in made}
    assert len(settings) == 2 * (3 + 1) * 2
    assert ("a.keras", "call", 1, 2) in settings
    assert ("a.keras", "call", 64, 2) not in settings
    assert sum(cell.repeat for cell in made) == 2


def test_one_in_eight_is_measured_twice_whatever_is_added():
    few = cells_of(plan(grid={**GRID, "rows": list(range(1, 11))}), "plan.toml")
    assert (len(few), sum(cell.repeat for cell in few)) == (45, 5)
    more = cells_of(plan(grid={**GRID, "rows": list(range(1, 11)), "threads": [1, 2]}), "plan.toml")
    assert sum(cell.repeat for cell in more) == 10
    assert [cell.name for cell in few] == [
        cell.name for cell in cells_of(plan(grid={**GRID, "rows": list(range(1, 11))}), "plan.toml")
    ]


def test_a_batch_size_is_a_factor_of_predict_alone():
    made = cells_of(plan(grid={**GRID, "batch_size": [16, 32]}), "plan.toml")
    assert {c.settings.batch_size for c in made if c.settings.entry == "predict"} == {16, 32}
    assert {c.settings.batch_size for c in made if c.settings.entry == "call"} == {None}


@pytest.mark.parametrize(
    ("exclude", "words"),
    [
        ({"rows": 65}, "[[exclude]] 1 matches no cell: the grid has no rows = 65"),
        ({"entry": "call", "batch_size": 16}, "[[exclude]] 1 matches no cell"),
        ({"model": ["a.keras", "b.keras"]}, "[[exclude]] leaves none of 18 cells"),
        ({}, "[[exclude]] 1 matches no cell"),
    ],
)
def test_an_exclusion_that_cannot_be_meant_is_refused(exclude, words):
    with pytest.raises(KerasProfileError) as found:
        cells_of(plan(grid={**GRID, "batch_size": [16, 32]}, exclude=[exclude]), "plan.toml")
    assert words in found.value.message


def test_too_many_cells_are_refused_before_they_are_made():
    with pytest.raises(KerasProfileError, match="at most 20,000 cells, found 40,000"):
        cells_of(plan(grid={**GRID, "rows": list(range(1, 10_001))}), "plan.toml")


def test_names_are_readable_and_differ_by_all_that_is_measured():
    cells = cells_of(plan(), "plan.toml")
    others = cells_of(plan(budget={"cell_seconds": 2}, options="--eager"), "plan.toml")
    names = {cell.name for cell in [*cells, *others]}
    assert len(names) == len(cells) + len(others)
    assert any(name.startswith("a-call-64-rows-") for name in names)
    assert all("/" not in name and len(name) < 100 for name in names)


# --- the folder is the state ---


def test_a_sweep_goes_on_where_it_was_interrupted(tmp_path):
    sweep = Sweep.of("plan.toml", plan(), tmp_path)
    stopped = Made(times, stop_after=5).of(sweep)
    with pytest.raises(KeyboardInterrupt):
        measure_cells(sweep, stopped, lambda event: None, lambda content: None)
    went_on = Made(times).of(sweep)
    seen = []
    content = measure_cells(sweep, went_on, lambda event: None, seen.append)
    assert len(stopped.measured_cells) == 5
    assert not set(stopped.measured_cells) & set(went_on.measured_cells)
    assert (content.measured, content.waiting) == (12, 0)
    assert [one.waiting for one in seen][-1] == 0 < seen[0].waiting
    again = Made(times).of(sweep)
    assert measure_cells(sweep, again, lambda event: None, lambda content: None) == content
    assert again.measured_cells == again.questions == []


def test_a_half_of_a_cell_is_made_again_and_removed(tmp_path):
    sweep = Sweep.of("plan.toml", plan(), tmp_path)
    cell = sweep.cells[0]
    sweep.store.keep(cell, outcome(cell))
    half = tmp_path / "cells" / f".{cell.name}.999999999.part"
    half.mkdir()
    (half / "cell.json").write_text("{", encoding="utf-8")
    other = sweep.cells[1]
    damaged = tmp_path / "cells" / other.name
    damaged.mkdir()
    (damaged / "cell.json").write_text("{}", encoding="utf-8")
    assert set(sweep.stored()) == {cell.name}
    engine = Made(times).of(sweep)
    measure_cells(sweep, engine, lambda event: None, lambda content: None)
    assert other.name in engine.measured_cells
    assert cell.name not in engine.measured_cells
    assert not list((tmp_path / "cells").glob(".*"))


def test_failed_cells_are_rows_and_are_tried_again_only_if_asked(tmp_path):
    sweep = Sweep.of("plan.toml", plan(), tmp_path)
    bad = CellSettings("a.keras", "call", 64)
    said = []
    engine = Made(times, fails=[bad]).of(sweep)
    content = measure_cells(sweep, engine, said.append, lambda content: None)
    (row,) = [cell for cell in content.cells if cell.state == "failed"]
    assert (row.settings, row.reason) == (bad, "the model is broken")
    assert any("a.keras, call, 64 rows failed: the model is broken" in str(event) for event in said)
    assert "failed  a.keras, call, 64 rows: the model is broken" in as_text(
        lambda console: to_terminal.print_to(content, console), 100
    )
    again = Made(times).of(sweep)
    assert measure_cells(sweep, again, said.append, lambda content: None).failed == 1
    assert again.measured_cells == []
    retried = measure_cells(sweep, again, said.append, lambda content: None, retry_failed=True)
    assert retried.failed == 0
    assert len(again.measured_cells) in (1, 2)  # two if it is measured twice


def test_a_second_measurement_that_fails_is_a_note(tmp_path):
    sweep = Sweep.of("plan.toml", plan(), tmp_path)
    for cell in sweep.cells:
        sweep.store.keep(cell, outcome(cell, reason="out of memory" if cell.repeat else ""))
    content = sweep.content(sweep.stored())
    assert (content.measured, content.failed, content.repeats.pairs) == (12, 0, 0)
    note, *others = [note for note in content.notes if "out of memory" in note]
    assert len(others) == sum(cell.repeat for cell in sweep.cells) - 1
    assert note.startswith("the second measurement of ")


def test_cells_of_another_plan_are_left_alone(tmp_path):
    swept(tmp_path)
    content = swept(tmp_path, grid={**GRID, "rows": [1, 64]})
    assert len(content.cells) == 8
    assert len(content.left_alone) >= 4
    assert all((tmp_path / "cells" / name).is_dir() for name in content.left_alone)
    assert "left alone" in as_text(lambda console: to_terminal.print_to(content, console), 100)


def test_what_somebody_else_stored_meanwhile_stays(tmp_path):
    store = CellStore(tmp_path)
    cell = cells_of(plan(), "plan.toml")[0]
    store.keep(cell, outcome(cell, 3 * MS))
    assert store.keep(cell, outcome(cell, 4 * MS)).calls.warm.median_ns == 3 * MS


def test_a_worker_writes_nowhere_but_into_its_cell(tmp_path):
    store = CellStore(tmp_path / "sweep")
    cell = cells_of(plan(), "plan.toml")[0]
    sent = outcome(cell)
    sent.files.update({"../../escaped": b"x", "/tmp/escaped": b"x", "..\\escaped": b"x"})
    store.keep(cell, sent)
    assert not list(tmp_path.rglob("*escaped*"))
    assert (tmp_path / "sweep" / "cells" / cell.name / "traces" / "cell" / "log.txt").is_file()


def test_no_cell_is_begun_when_the_budget_is_used_up(tmp_path):
    # Each made-up cell took 5 s.
    content = swept(tmp_path, budget={"seconds": 22})
    assert sum(cell.measurements for cell in content.cells) == 5
    assert any("budget of 22 s is used up, 9 measurements left" in note for note in content.notes)
    assert swept(tmp_path, budget={"seconds": 1000}).waiting == 0


# --- what is checked before ---


def test_a_model_that_does_not_load_ends_it_before_anything_is_measured(tmp_path):
    sweep = Sweep.of("plan.toml", plan(), tmp_path)
    engine = Made(times).of(sweep)
    engine.check = lambda questions, shipment: iter(
        [Answer(one, "tcp://w:1", "no such file", "give another") for one in questions]
    )
    with pytest.raises(KerasProfileError) as found:
        measure_cells(sweep, engine, lambda event: None, lambda content: None)
    assert found.value.message == "a.keras on worker tcp://w:1: no such file; 1 other check failed too" or (
        found.value.message.startswith("b.keras on worker tcp://w:1: no such file")
    )
    assert engine.measured_cells == []


def test_a_model_that_was_measured_here_is_not_loaded_again_unless_others_measure(tmp_path):
    sweep = Sweep.of("plan.toml", plan(), tmp_path)
    cell = next(cell for cell in sweep.cells if cell.settings.model == "a.keras")
    sweep.store.keep(cell, outcome(cell))
    for is_here, models in ((False, {"a.keras", "b.keras"}), (True, {"b.keras"})):
        engine = Made(times, stop_after=0).of(sweep)
        engine.is_here = is_here
        with pytest.raises(KeyboardInterrupt):
            measure_cells(sweep, engine, lambda event: None, lambda content: None)
        assert {one.model for one in engine.questions} == models


def test_each_model_is_loaded_once_in_each_interpreter(tmp_path):
    sweep = Sweep.of("plan.toml", plan(grid={**GRID, "interpreter": ["old", "new"]}), tmp_path)
    asked = {(one.model, one.interpreter) for one in sweep.questions(sweep.cells)}
    assert len(sweep.questions(sweep.cells)) == len(asked) == 4


@pytest.mark.parametrize(("version", "found"), [("0.0.1", "found version 0.0.1"), ("", "found none")])
def test_another_version_on_a_worker_is_refused(tmp_path, version, found):
    sweep = Sweep.of("plan.toml", plan(), tmp_path)
    engine = Made(times).of(sweep)
    engine.versions = lambda: {"tcp://w:1": version}
    with pytest.raises(KerasProfileError, match=f"worker tcp://w:1: expected keras-profile .*{found}"):
        measure_cells(sweep, engine, lambda event: None, lambda content: None)


@pytest.mark.parametrize(
    ("arguments", "content", "words"),
    [
        (["--on", "spark"], "", "--on: expected dask, dask://HOST:PORT"),
        ([], "options = '--rows 3'", "options: --rows is a factor"),
        ([], "options = '--frobnicate'", "expected options of the call"),
        ([], "files = ['../x']", "files: expected a file or folder below the working folder"),
    ],
)
def test_a_command_that_cannot_be_is_exit_code_2(tmp_path, monkeypatch, capsys, arguments, content, words):
    monkeypatch.chdir(tmp_path)
    Path("plan.toml").write_text(f'{content}\n[grid]\nmodel = ["a.keras"]\n', encoding="utf-8")
    assert cli.main(["sweep", "plan.toml", *arguments]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert "Traceback" not in error


def test_a_missing_extra_is_named_with_the_command(monkeypatch):
    monkeypatch.setattr(choosing, "find_spec", lambda name: None)
    for on, extra in (("dask", "dask"), ("dask://h:1", "dask"), ("tcp://h:1", "dask"), ("ray", "ray")):
        with pytest.raises(KerasProfileError) as found:
            engine_of(on)
        assert found.value.advice == f"install it: pip install 'keras-profile[{extra}]'"
    assert engine_of(None).slots() == 1


def test_a_sweep_on_this_machine_imports_no_engine(tmp_path):
    code = (
        "import sys\n"
        "from keras_profile.features.sweep import sweeping\n"
        "from keras_profile.features.sweep.engines.choosing import engine_of\n"
        "engine_of(None)\n"
        "print([name for name in ('dask', 'distributed', 'ray') if name in sys.modules])"
    )
    assert python("-c", code, folder=tmp_path).strip() == "[]"


def test_a_shipment_has_the_files_that_workers_lack(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.keras", "nets/net.py", "nets/layers/own.py", "rows.npy", "other.txt"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(name, encoding="utf-8")
    tables = {"options": "--input rows.npy", "files": ["nets/layers"]}
    grid = {"model": ["a.keras", "nets/net.py:make", "package.module:make"]}
    sweep = Sweep.of("plan.toml", plan_of({"grid": grid, **tables}, "plan.toml"), tmp_path / "out")
    shipped = sweep.shipment()
    assert set(shipped.files) == {"a.keras", "nets/net.py", "nets/layers/own.py", "rows.npy"}
    assert shipped.digest != Shipment({**shipped.files, "a.keras": b""}).digest
    monkeypatch.setattr(sweeping, "_MOST_SHIPPED", 10)
    with pytest.raises(KerasProfileError, match=r"MB"):
        sweep.shipment()


# --- the answers ---


def test_the_best_configurations_are_those_that_were_made_best(tmp_path):
    content = swept(tmp_path)
    best = {(one.model, one.goal): one for one in content.best}
    # One row by call takes 0.25 ms; a row of 512 by predict 15.1 ms / 512.
    latency, throughput = best["a.keras", "latency"], best["a.keras", "throughput"]
    assert latency.settings == CellSettings("a.keras", "call", 1)
    assert latency.median_ns == pytest.approx(0.25 * MS, rel=0.001)
    assert latency.interval_ns[0] < latency.median_ns < latency.interval_ns[1]
    assert (latency.tied_with, latency.next.settings.entry) == ([], "predict")
    assert latency.next.ratio == pytest.approx(10.01 / 0.25, rel=0.01)
    assert latency.code == "y = model(x)"
    assert throughput.settings == CellSettings("a.keras", "predict", 512)
    assert throughput.rows_per_second == pytest.approx(512 / 0.01512, rel=0.01)
    assert throughput.next.ratio == pytest.approx(0.25 / (15.12 / 512), rel=0.5)


def test_the_code_of_a_function_makes_it_once(tmp_path):
    grid = {**GRID, "entry": ["call", "function"]}

    def faster(settings):
        return {"call": 5.0 * MS, "function": 1.0 * MS}[settings.entry]

    codes = {one.code for one in swept(tmp_path, faster, grid=grid).best}
    assert codes == {"fast = tf.function(model); y = fast(x)  # make fast once"}


def test_cells_whose_intervals_overlap_are_tied(tmp_path):
    def close(settings):
        return {"predict": 1.01 * MS, "call": 1.0 * MS}[settings.entry] * (settings.rows**0.5)

    content = swept(tmp_path, close)
    one = next(one for one in content.best if one.goal == "latency")
    assert [rival.settings.entry for rival in one.tied_with] == ["predict"]
    low, high = one.tied_with[0].ratio_ci99
    assert low <= 1 <= high
    (first, _) = content.maps
    assert first.words == ["from 1 to 512 rows no clear difference between predict and call"]


def test_the_crossover_is_where_it_was_made(tmp_path):
    content = swept(tmp_path)
    assert [one.held for one in content.maps] == ["a.keras", "b.keras"]
    first = content.maps[0]
    assert [[place.wins for place in row.places] for row in first.rows] == [
        [False, True],
        [True, False],
        [True, False],
    ]
    assert first.words == [
        "at 1 row call is fastest: predict takes 40 times as long",
        "from 64 rows on predict is fastest: call takes 1.50 times as long at 64 rows, 8.47 times at 512",
    ]


def row(rows, **ratios):
    return MapRow(
        rows,
        [
            MapPlace(name, name, round(ratio * MS), ratio, (ratio * 0.95, ratio * 1.05), ratio < 1.05)
            for name, ratio in ratios.items()
        ],
    )


def test_maps_are_described_in_words():
    rows = [row(1, a=3.1, b=1.0), row(8, a=2.0, b=1.0), row(64, a=1.2, b=1.0), row(512, a=1.0, b=1.01)]
    assert map_words(rows) == [
        "up to 64 rows b is fastest: a takes 3.1 times as long at 1 row, 1.20 times at 64",
        "at 512 rows no clear difference between a and b",
    ]
    three = [row(1, a=1.0, b=1.0, c=4.0), row(8, a=1.0, b=1.0, c=2.0)]
    (both,) = map_words(three)
    assert both == (
        "from 1 to 8 rows a and b are fastest, with no clear difference between them: "
        "c takes 4 times as long at 1 row, 2 times at 8"
    )
    alone = MapRow(
        1, [MapPlace("a", "a", MS, 1.0, (1.0, 1.0), True), MapPlace("b", "", None, None, None, False)]
    )
    assert map_words([alone]) == []


def test_sensitivities_are_the_factors_that_were_made(tmp_path):
    content = swept(tmp_path, grid={**GRID, "threads": [1, 2]})
    found = {one.factor: one.effects for one in content.sensitivities}
    assert set(found) == {"model", "entry", "rows", "threads"}
    (threads,) = found["threads"]
    assert (threads.level, threads.against, threads.pairs) == ("2 threads", "1 thread", 12)
    assert threads.ratio == pytest.approx(0.5, rel=0.01)
    assert threads.ratio_ci99[0] <= 0.5 <= threads.ratio_ci99[1]
    (model,) = found["model"]
    assert model.ratio == pytest.approx(2, rel=0.01)
    assert [effect.level for effect in found["rows"]] == ["64 rows", "512 rows"]
    (entry,) = found["entry"]
    # It differs from place to place, which the range says.
    assert entry.lowest == pytest.approx(0.025, rel=0.02)
    assert entry.highest == pytest.approx(8.47, rel=0.02)


@pytest.mark.parametrize("pairs", [1, 5])
def test_what_differs_between_equal_cells_widens_all_intervals(tmp_path, pairs):
    grid = {**GRID, "rows": list(range(1, 1 + 2 * pairs))}
    quiet = swept(tmp_path / "quiet", grid=grid)
    seen = []

    def noisy(settings):
        """The second measurement takes 20% longer."""
        seen.append(settings)
        return times(settings) * (1.2 if seen.count(settings) == 2 else 1)

    loud = swept(tmp_path / "loud", noisy, grid=grid)
    assert (quiet.repeats.pairs, quiet.repeats.largest) == (pairs, 0)
    assert loud.repeats.largest == pytest.approx(0.2, abs=0.001)
    # Pairs that are alike may be so by luck: what is usual stays assumed, less so with more of them.
    assert quiet.repeats.spread == pytest.approx(0.05 * (4 / (4 + pairs)) ** 0.5, abs=1e-4)
    assert quiet.repeats.spread < loud.repeats.spread < math.log(1.2) / 2**0.5
    for before, after in zip(quiet.cells, loud.cells):
        assert before.measurements == after.measurements
        narrow, wide = (one.interval_ns[1] / one.median_ns for one in (before, after))
        # Half of the interval is at least what 99% of such processes stay within.
        assert wide > 1.2 > 1 + 2 * quiet.repeats.spread
        assert wide > narrow > 1.02


def test_cells_that_are_alike_by_luck_are_not_taken_for_a_quiet_machine(tmp_path):
    """Two cells that differ by 10% are tied after one or two equal pairs."""

    def close(settings):
        return {"predict": 1.1 * MS, "call": 1.0 * MS}[settings.entry]

    content = swept(tmp_path, close)
    assert content.repeats.largest == 0
    assert all(place.wins for one in content.maps for row in one.rows for place in row.places)


def test_an_unsteady_machine_is_reported(tmp_path):
    seen = []

    def wild(settings):
        seen.append(settings)
        return times(settings) * (8 if seen.count(settings) == 2 else 1)

    content = swept(tmp_path, wild)
    printed = as_text(lambda console: to_terminal.print_to(content, console), 200)
    assert "the same cell twice differs by at most 8 times (2 pairs)" in printed
    assert "the machine is unsteady: equal cells differ by 85%" in printed
    assert not any("unsteady" in note for note in swept(tmp_path / "quiet").notes)


def test_machines_are_compared_by_their_reference_call_with_wider_intervals(tmp_path):
    slow, fast = (replace(this_machine(), id=name, name=name) for name in ("slow", "fast"))

    def machine(cell):
        """Half of the cells are measured on a machine that takes twice as long for everything."""
        return (slow, 4 * MS) if int(cell.digest, 16) % 2 else (fast, 2 * MS)

    sweep = Sweep.of("plan.toml", plan(), tmp_path / "two")
    by_settings = {}

    def on_its_machine(settings):
        return by_settings[settings.model, settings.entry, settings.rows].pop() * times(settings)

    for cell in reversed(sweep.cells):
        key = cell.settings.model, cell.settings.entry, cell.settings.rows
        by_settings.setdefault(key, []).append(2 if machine(cell)[0] is slow else 1)
    engine = Made(on_its_machine, machine=machine).of(sweep)
    content = measure_cells(sweep, engine, lambda event: None, lambda content: None)
    one = swept(tmp_path / "one")
    assert (content.basis, one.basis) == ("by_reference", "one_machine")
    assert {one.name: one.cells for one in content.machines}.keys() == {"slow", "fast"}
    medians = {cell.name: cell.median_ns for cell in one.cells}
    scale = 2 if content.machines[0].name == "slow" else 1
    for cell in content.cells:
        assert cell.median_ns == pytest.approx(scale * medians[cell.name], rel=0.001)
        width, narrow = (
            (known.interval_ns[1] - known.interval_ns[0]) / known.median_ns
            for known in (cell, next(known for known in one.cells if known.name == cell.name))
        )
        assert width > narrow
    assert "compared by their reference calls" in as_text(
        lambda console: to_terminal.print_to(content, console), 100
    )


# --- what is written ---


def test_the_answer_is_as_its_schema_says(tmp_path):
    content = swept(tmp_path, grid={**GRID, "threads": [1, 2]})
    found = json.loads(encode_json(content))
    jsonschema.validate(found, json.loads((SCHEMAS / "sweep.schema.json").read_text(encoding="utf-8")))
    assert found["schema"] == {"name": "keras_profile.sweep", "version": 1}


def test_the_answer_fits_a_screen(tmp_path):
    grid = {**GRID, "model": [f"models/{letter}-model.keras" for letter in "abcdef"], "threads": [1, 2]}
    content = swept(tmp_path, grid=grid)
    lines = as_text(lambda console: to_terminal.print_to(content, console), 100).splitlines()
    assert len(lines) <= 37
    assert max(map(len, lines)) <= 100


def test_the_best_configurations_can_be_read_and_used(tmp_path):
    grid = {**GRID, "threads": [2], "environment": [{"A_B": 'x "y" z'}], "batch_size": [16]}
    content = swept(tmp_path, grid=grid)
    found = tomllib.loads(to_toml.render(content).decode())["best"]
    assert len(found) == 4
    for one in found:
        options = make_parser().parse_args(["profile", *one["options"]])
        assert (options.target, options.entry) == (one["model"], one["entry"])
        assert one["environment"]["A_B"] == 'x "y" z'
        assert one["environment"]["TF_NUM_INTRAOP_THREADS"] == "2"
        assert one["command"].endswith("keras-profile profile " + " ".join(one["options"]))


HOSTILE = '<script>alert(1)</script>\x1b[31m"&\u202e'


def test_hostile_names_are_text_in_everything_that_is_written(tmp_path):
    model = f"{HOSTILE}.keras"
    grid = {"model": [model, "b.keras"], "rows": [1, 64], "environment": [{}, {"A": HOSTILE}]}
    content = swept(tmp_path, grid=grid, times=lambda settings: MS * settings.rows)
    content = replace(content, notes=[HOSTILE], left_alone=[HOSTILE], plan=HOSTILE)
    page = to_page.render(content).decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    for text in (page, to_toml.render(content).decode(), encode_json(content).decode()):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert tomllib.loads(to_toml.render(content).decode())
    printed = as_text(lambda console: to_terminal.print_to(content, console), 100)
    assert "\x1b" not in printed
    assert "\u202e" not in printed


def test_the_page_says_in_words_what_its_colours_say(tmp_path):
    page = to_page.render(swept(tmp_path)).decode()
    assert page.count('class="place best"') == 6
    assert page.count(">fastest</small>") == 6
    for link in ("http:", "https:", "src=", "@import", "url("):
        assert link not in page.replace("http://www.w3.org/2000/svg", "")


def test_an_empty_folder_has_a_page_too(tmp_path):
    made = plan()
    content = answers(made, "plan.toml", cells_of(made, "plan.toml"), {}, [])
    sweep_files.write_sweep(content, tmp_path)
    assert "12 not measured yet" in (tmp_path / "sweep.html").read_text(encoding="utf-8")
    assert tomllib.loads((tmp_path / "best.toml").read_text(encoding="utf-8")) == {}
