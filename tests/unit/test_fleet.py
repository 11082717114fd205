"""What a store says of a fleet: costs, changes, slow hosts, SQL, the page."""

from __future__ import annotations

import datetime
import itertools
import json
import math
import re
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from keras_profile import cli
from keras_profile.features.fleet.duck import connection
from keras_profile.features.fleet.fleet_answer import fleet_answer, sql_answer
from keras_profile.features.fleet.rank_tests import (
    best_splits,
    chance_of_split,
    discovery_rates,
    midranks,
    two_samples,
)
from keras_profile.features.fleet.row_making import make_row
from keras_profile.features.fleet.store_of_recordings import Store
from keras_profile.model.fleet import FleetContent
from keras_profile.model.store import ComparisonRow, FindingRow
from keras_profile.output.fleet import to_page
from keras_profile.output.fleet.to_terminal import print_fleet
from keras_profile.output.terminal import as_text
from keras_profile.recordings.json_files import read_report
from support.fleets import Fleet, Planted, make_store, service_name
from support.golden import ROOT
from support.key_tables import SCHEMAS

REPORT = read_report(ROOT / "reports" / "demo-keras-3.15" / "report.json")
HOUR_NS = 3_600_000_000_000
#: What a test of a fleet needs: 24 recordings a service.
PLAIN = Fleet(7_200, merged=True, versions=2, phases_only=True, bases=("demo-keras-3.15",))
HOSTILE = '<img src=x onerror=alert(1)>"\x1b[31m'


def ignore(event):
    pass


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A fleet of 300 services: a phase of 5 gets slower, one host is slow."""
    folder = tmp_path_factory.mktemp("fleet") / "store"
    make_store(folder, replace(PLAIN, slow_hosts=("host-17",)))
    return folder


@pytest.fixture(scope="module")
def answer(planted):
    return fleet_answer(str(planted), None, None, ignore)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A fleet with all tables."""
    folder = tmp_path_factory.mktemp("small") / "store"
    bases = ("demo-tf-2.15", "demo-keras-3.15")
    make_store(folder, Fleet(400, services=20, planted=None, merged=True, bases=bases))
    return folder


@pytest.fixture
def store_of(tmp_path):
    """Makes a store of some rows."""

    def make(rows):
        folder = tmp_path / "store"
        with connection() as connected:
            store = Store(str(folder), connected)
            store.check_or_make()
            for row in rows:
                store.add(row)
        return str(folder)

    return make


def row(number, day=0, service="shop", host="n1", calls=None, cost=10_000_000, median=20_000_000, **changed):
    """A recording of a line with one cause."""
    made_at = datetime.datetime(2026, 3, 1, 12) + datetime.timedelta(days=day)
    labels = {"service": service, "host": host}
    if calls is not None:
        labels["calls_a_day"] = str(calls)
    made = make_row(REPORT, f"{number:032x}", made_at, labels)
    site = replace(made.call_sites[0], median_ns=median)
    finding = FindingRow(0, "pipeline_rebuilt", "found", "rebuilt", "", cost, 0.5, 0)
    return replace(made, median_ns=median, call_sites=[site], findings=[finding], **changed)


# --- costs ---


def test_costs_are_core_hours_a_day_over_hosts(store_of):
    found = fleet_answer(
        store_of(
            [
                row(1, host="n1", calls=1_000_000),
                row(2, host="n1", calls=3_000_000, cost=0),
                row(3, host="n2", calls=500_000, cost=20_000_000),
            ]
        ),
        None,
        None,
        ignore,
    )
    (cost,) = found.costs
    # A host's calls a day are the mean of its recordings, the cost is that of all recordings.
    assert cost.calls_a_day == 2_000_000 + 500_000
    assert (cost.hosts, cost.recordings, cost.ns_per_call) == (2, 3, 10_000_000)
    hours = 2_500_000 * 10_000_000 / HOUR_NS
    assert cost.core_hours_a_day == pytest.approx(hours, rel=0.01)
    (cause,) = found.causes
    assert (cause.core_hours_a_day, cause.unknown_lines) == (cost.core_hours_a_day, 0)
    assert found.core_hours_a_day == pytest.approx(2_500_000 * 20_000_000 / HOUR_NS, rel=0.01)


def test_costs_without_calls_a_day_are_of_1000_calls(store_of):
    found = fleet_answer(store_of([row(1)]), None, None, ignore)
    assert (found.lines, found.lines_with_rate) == (1, 0)
    assert (found.costs[0].calls_a_day, found.costs[0].core_hours_a_day) == (None, None)
    assert found.causes[0].ns_per_1000_calls == 10_000_000_000
    assert "1000 calls" in as_text(lambda console: print_fleet(found, console), 100)


def test_costs_are_of_the_latest_recordings_alone(store_of):
    rows = [row(1, cost=90_000_000), row(2, day=30, cost=2_000_000), row(3, service="other", cost=5_000_000)]
    found = fleet_answer(store_of(rows), None, None, ignore)
    assert [(one.service, one.ns_per_call) for one in found.costs] == [
        ("other", 5_000_000),
        ("shop", 2_000_000),
    ]


def test_savings_are_those_of_the_recommended_change(store_of):
    def change(recipe, recommended, after, equal=True):
        before = 20_000_000
        return ComparisonRow(
            0, recipe, recipe, "faster", recommended, before, after, before / after, equal, 0.0, ""
        )

    changes = [change("batch", True, 5_000_000), change("exported", False, 1_000_000)]
    rows = [row(1, calls=1_000_000, comparisons=changes), row(2, calls=1_000_000, comparisons=[])]
    found = fleet_answer(store_of(rows), None, None, ignore)
    (saving,) = found.savings
    assert (saving.recipe, saving.speedup, saving.measured) == ("batch", 4.0, 1)
    assert (saving.outputs_equal, saving.saved_ns_per_call) == (True, 15_000_000)
    assert saving.core_hours_a_day == pytest.approx(1_000_000 * 15_000_000 / HOUR_NS, rel=0.01)
    assert found.saved_core_hours_a_day == saving.core_hours_a_day


# --- changes and hosts ---


def test_the_planted_regression_is_found_and_nothing_else(answer):
    plan = Planted()
    (change,) = answer.changes
    assert (change.direction, change.phase) == ("slower", plan.phase)
    assert {one.service for one in change.services} == {service_name(number) for number in plan.services}
    assert change.ratio == pytest.approx(plan.ratio, abs=0.1)
    # A service is recorded each 12.5 days, so it can be seen so much later.
    for one in change.services:
        late = datetime.date.fromisoformat(one.date) - plan.date
        assert datetime.timedelta() <= late <= datetime.timedelta(days=13)
    assert {host.host for host in answer.slow_hosts} == {"host-17"}
    assert all(host.ratio == pytest.approx(1.5, abs=0.15) for host in answer.slow_hosts)


def test_a_fleet_in_which_nothing_changes_has_no_finding(tmp_path):
    make_store(tmp_path / "store", replace(PLAIN, planted=None))
    found = fleet_answer(str(tmp_path / "store"), None, None, ignore)
    assert found.scope.series > 1000
    assert (found.changes, found.slow_hosts) == ([], [])
    assert "Nothing got slower" in as_text(lambda console: print_fleet(found, console), 100)


@pytest.mark.parametrize(("days", "count"), [(-1, 5), (14, 0)])
def test_since_shows_later_changes_alone(planted, days, count):
    since = Planted().date + datetime.timedelta(days=days)
    found = fleet_answer(str(planted), since, None, ignore)
    assert sum(len(change.services) for change in found.changes) == count
    assert found.scope.since == since.isoformat()


def test_a_change_of_release_is_found_by_name(store_of):
    def recording(number, version, factor, keras="3.15.1"):
        made = row(number, day=number)
        noise = 1 + 0.01 * (number * 7 % 5)
        phases = [replace(one, self_ns=round(one.self_ns * noise * factor)) for one in made.phases]
        total = sum(one.self_ns for one in phases)
        sites = [replace(made.call_sites[0], median_ns=total)]
        return replace(made, version=version, keras=keras, phases=phases, call_sites=sites)

    place = store_of(
        [recording(number, "1.0", 1.0, "3.6.0") for number in range(12)]
        + [recording(number, "2.0", 1.4) for number in range(12, 24)]
    )
    for release in ("2.0", "Keras 3.15.1"):
        found = fleet_answer(place, None, release, ignore)
        assert {change.direction for change in found.changes} == {"slower"}
        assert found.changes[0].ratio == pytest.approx(1.4, abs=0.05)
        assert found.changes[0].date == "2026-03-13"
    assert fleet_answer(place, None, "3.0", ignore).changes == []
    (map_,) = fleet_answer(place, None, None, ignore).heat_maps
    assert [one.version for one in map_.rows] == ["1.0", "2.0"]
    assert map_.rows[1].call_ns / map_.rows[0].call_ns == pytest.approx(1.4, abs=0.05)


# --- the tests behind them ---


@pytest.mark.parametrize("first", [2, 3, 4])
def test_small_samples_are_counted_exactly(first):
    """Against all ways to choose them."""
    count = 8
    ranks = np.arange(1.0, count + 1)
    sums = [sum(one) for one in itertools.combinations(range(1, count + 1), first)]
    middle = first * (count + 1) / 2
    for total in set(sums):
        expected = sum(abs(one - middle) >= abs(total - middle) for one in sums) / len(sums)
        assert chance_of_split(total, first, ranks) == pytest.approx(min(expected, 1.0))


def test_large_samples_agree_with_the_exact_count():
    values = np.random.default_rng(5).normal(size=40)
    ranks = midranks(values[:, None])[:, 0]
    exact = chance_of_split(ranks[:20].sum(), 20, ranks)
    spread = math.sqrt(20 * 20 * 41 / 12)
    rough = math.erfc((abs(ranks[:20].sum() - 20 * 41 / 2) - 0.5) / spread / math.sqrt(2))
    assert exact == pytest.approx(rough, abs=0.01)


def test_chance_alone_is_seldom_sure():
    noise = np.random.default_rng(3).lognormal(sigma=0.1, size=(400, 30, 1))
    chances = [best_splits(one, 5)[1][0] for one in noise]
    assert np.mean(np.array(chances) < 0.05) <= 0.05
    assert min(discovery_rates(chances)) > 0.01


def test_a_step_is_sure_and_equal_values_are_not():
    values = np.concatenate([np.full(12, 5.0), np.full(12, 9.0)])[:, None]
    places, chances = best_splits(values, 5)
    assert places[0] == 12
    assert chances[0] < 1e-4
    assert two_samples(np.ones(9), np.ones(9)) == 1.0


# --- the outputs ---


def test_the_answer_is_as_its_schema_says_and_fits_a_screen(planted, answer, capsys):
    assert cli.main(["fleet", str(planted), "--json", "--no-html"]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, json.loads((SCHEMAS / "fleet.schema.json").read_text()))
    assert found["schema"] == {"name": "keras_profile.fleet", "version": 1}
    lines = as_text(lambda console: print_fleet(answer, console), 100).splitlines()
    assert len(lines) <= 37
    assert max(map(len, lines)) <= 100
    lines = as_text(lambda console: print_fleet(answer, console), 80).splitlines()
    assert max(map(len, lines)) <= 80


def test_the_page_is_whole_and_loads_nothing(planted, tmp_path, capsys):
    assert cli.main(["fleet", str(planted), "--output", str(tmp_path), "--quiet"]) == 0
    (page,) = (tmp_path / "reports").glob("fleet-*/fleet.html")
    assert f"page  {page}" in capsys.readouterr().out
    text = page.read_text(encoding="utf-8")
    for number in Planted().services:
        assert service_name(number) in text
    assert "host-17" in text
    assert re.search(r'<td class="number heat-[1-5]">', text)
    assert not re.search(r"<script|https?://|@import|url\(", text)


def test_names_cannot_become_markup_or_control_a_terminal(store_of):
    rows = [
        replace(
            row(number, day=number, service=HOSTILE, host=HOSTILE),
            version=f"{HOSTILE}{number % 2}",
        )
        for number in range(12)
    ]
    found = fleet_answer(store_of(rows), None, None, ignore)
    assert isinstance(found, FleetContent)
    page = to_page.render(found).decode()
    assert "<img" not in page
    assert "\x1b" not in page
    assert "onerror=alert" in page
    assert "\x1b" not in as_text(lambda console: print_fleet(found, console), 100)


# --- SQL ---


def questions():
    text = (ROOT / "docs" / "fleet-sql.md").read_text(encoding="utf-8")
    return re.findall(r"^```sql\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_there_are_twenty_questions():
    assert len(questions()) == 20


@pytest.mark.parametrize("number", range(20))
def test_the_questions_of_the_documents_have_answers(small, number):
    query = questions()[number].replace("service-017", service_name(17))
    found = sql_answer(str(small), query)
    assert found.rows, query
    assert found.complete


def test_rows_are_aligned_and_limited(small, capsys):
    query = "SELECT service, count(*) AS recordings FROM recordings GROUP BY service ORDER BY service"
    assert cli.main(["fleet", str(small), "--sql", query, "--rows", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "service      recordings"
    assert lines[1] == "service-000          20"
    assert lines[3].startswith("2 rows, and there are more")
    assert cli.main(["fleet", str(small), "--sql", query, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, json.loads((SCHEMAS / "fleet_rows.schema.json").read_text()))
    assert found["columns"] == [
        {"name": "service", "type": "VARCHAR"},
        {"name": "recordings", "type": "BIGINT"},
    ]
    assert (len(found["rows"]), found["rows"][0], found["complete"]) == (20, ["service-000", 20], True)


FORBIDDEN = [
    "COPY recordings TO '{out}/x.csv'",
    "COPY (SELECT 1) TO '{file}'",
    "EXPORT DATABASE '{out}'",
    "ATTACH '{out}/x.db'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET enable_external_access",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "CREATE TABLE mine AS SELECT 1",
    "CREATE OR REPLACE VIEW recordings AS SELECT 1",
    "DROP VIEW recordings",
    "INSERT INTO recordings VALUES (1)",
    "DELETE FROM recordings",
    "EXPLAIN ANALYZE COPY recordings TO '{out}/x.csv'",
    "SELECT 1; SELECT 2",
    "SELECT 1; COPY recordings TO '{out}/x.csv'",
    "",
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_blob('{out}/secret')",
    "SELECT * FROM '{out}/secret.parquet'",
    "SELECT * FROM glob('{out}/*')",
    "SELECT * FROM read_parquet('{out}/*.parquet')",
    "SELECT * FROM read_parquet('https://example.org/x.parquet')",
    "SELECT * FROM query('COPY recordings TO ''{out}/x.csv''')",
    "SELECT * FROM nowhere",
    "SELECT nothing FROM recordings",
    "SELECT FROM",
]


@pytest.mark.parametrize("query", FORBIDDEN)
def test_only_the_tables_can_be_read(small, tmp_path, capsys, query):
    (tmp_path / "secret").write_text("secret")
    file = next(small.rglob("*.parquet"))
    before = {path: path.stat().st_mtime_ns for path in small.rglob("*")}
    assert cli.main(["fleet", str(small), "--sql", query.format(out=tmp_path, file=file)]) == 2
    shown = capsys.readouterr()
    assert len(shown.err.splitlines()) == 2
    assert (shown.out, "secret" in shown.err.replace(str(tmp_path), "").replace("/secret", "")) == ("", False)
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]
    assert {path: path.stat().st_mtime_ns for path in small.rglob("*")} == before


@pytest.mark.parametrize("query", ["DESCRIBE phases", "SHOW TABLES", "FROM recordings", "SUMMARIZE layers"])
def test_tables_can_be_looked_at(small, query):
    assert sql_answer(str(small), query).rows
