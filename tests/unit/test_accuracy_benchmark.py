"""The accuracy benchmark: delays are followed to where they were counted, and lies are seen."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from benchmarks.accuracy import milliseconds, page, programs, recovery

from keras_profile.analysis.attribution.vocabulary import NUMBER, PHASES
from support import trees


@pytest.fixture
def planted(tmp_path):
    """Delays from rows of (begin, length, collecting, phase, kind)."""

    def planted(*rows):
        (tmp_path / "planted.json").write_text(
            json.dumps(
                {
                    "undelayed_ns": 1000,
                    "places": {},
                    "planted": [
                        [begin, length, length, collecting, phase, kind, f"{phase}:place"]
                        for begin, length, collecting, phase, kind in rows
                    ],
                }
            )
        )
        return recovery.Planted(tmp_path)

    return planted


@pytest.fixture
def timeline(monkeypatch):
    """Two calls, entry 0-1000 with tracing 100-500 and execution 600-900, then 2000 later."""
    span = trees.span
    line = trees.timeline(
        *(
            trees.call(
                at,
                at + 1100,
                span(
                    "entry",
                    at,
                    at + 1000,
                    span("function_tracing", at + 100, at + 500, span("gc", at + 300, at + 350)),
                    span("execution", at + 600, at + 900),
                ),
            )
            for at in (0, 2000)
        )
    )
    monkeypatch.setattr(
        recovery, "OpenedRecording", lambda recording: SimpleNamespace(timelines=(None, line))
    )
    monkeypatch.setattr(recovery, "row_phases", lambda recording: trees.ROWS)
    return line


def counted(row):
    return {phase: int(ns) for phase, ns in zip(PHASES, row) if ns}


@pytest.mark.usefixtures("timeline")
def test_a_delay_is_followed_to_what_it_was_counted_as(planted):
    follow = recovery.counted_as(
        None,
        planted(
            (120, 100, 0, "function_tracing", "python"),
            (280, 100, 50, "function_tracing", "allocation"),
            (2650, 100, 0, "execution", "sleep"),
            (550, 100, 0, "entry", "native"),
            (1020, 50, 0, "teardown", "python"),
            (1500, 100, 0, "entry", "python"),
        ),
    )
    assert [counted(row) for row in follow] == [
        {"function_tracing": 100},
        {"function_tracing": 50, "garbage_collection": 50},
        {"execution": 100},
        {"entry": 50, "execution": 50},
        {"teardown": 50},
        {},
    ]


@pytest.mark.usefixtures("timeline")
def test_what_went_astray_is_told(planted):
    # As if the table had the function that was delayed in another phase.
    delays = planted((120, 100, 0, "dispatch", "python"), (150, 300, 0, "function_tracing", "allocation"))
    follow = recovery.counted_as(None, delays)
    lost = recovery.follow(follow, delays, "dispatch")
    assert (lost.delays, lost.back, lost.elsewhere, lost.stray) == (1, 0.0, "function_tracing", 1.0)
    # Garbage collection in a delay is counted right where it is counted as that.
    assert recovery.follow(follow, delays, "function_tracing").back == 1.0
    assert recovery.follow(follow, delays, "function_tracing", "python") is None
    assert recovery.follow(follow, delays, "callbacks") is None


def test_delays_are_summed_by_call_and_phase(planted):
    delays = planted(
        (10, 5, 0, "entry", "python"),
        (20, 7, 3, "entry", "python"),
        (120, 9, 0, "loop", "sleep"),
        (99, 1, 0, "loop", "sleep"),
        (500, 1, 0, "loop", "sleep"),
    )
    found = delays.within(np.array([0, 100]), np.array([50, 200]))
    assert [counted(row) for row in found] == [{"entry": 9, "garbage_collection": 3}, {"loop": 9}]


@pytest.mark.parametrize("slope", [1.0, 0.8, 1.3])
def test_the_slope_is_found_in_spite_of_stretched_calls(slope):
    random = np.random.default_rng(2)
    delays = np.zeros((200, len(PHASES)))
    delays[:, NUMBER["loop"]] = random.uniform(0, 1e7, 200)
    seen = np.zeros_like(delays)
    seen[:, NUMBER["loop"]] = 5e6 + slope * delays[:, NUMBER["loop"]] + random.normal(0, 1e5, 200)
    seen[::20, NUMBER["loop"]] += 5e7
    found = recovery.recovery(recovery.Observed(seen, delays), "loop")
    assert found.slope == pytest.approx(slope, abs=0.01)
    assert found.low <= slope <= found.high
    assert found.calls == 200


def test_too_few_calls_give_no_slope():
    few = np.ones((recovery.LEAST_CALLS - 1, len(PHASES)))
    assert recovery.recovery(recovery.Observed(few, few), "loop") is None


@pytest.fixture
def result():
    """A result whose every phase recovers all."""

    def figure(back=1.0, stray=0.0):
        return {
            "delays": 9,
            "back": back,
            "low": back - 0.01,
            "high": back + 0.01,
            "elsewhere": "loop",
            "stray": stray,
        }

    def result(**changes):
        phases = {
            phase: {
                "places": ["a"],
                "all": figure(**changes if phase == "callbacks" else {}),
                "kinds": {
                    kind: figure(**changes if phase == "callbacks" else {})
                    for kind in ("python", "native", "sleep", "allocation")
                },
                "slopes": {"spans": None},
            }
            for phase in list(PHASES)[:14]
        }
        return {
            "generation": "keras-9.9",
            "seconds": 60,
            "environment": {"python": "3", "tensorflow": "2", "keras": "9", "cpu_count": 2},
            "runs": {"internals": {"undelayed_ns": 10**7, "calls": {"spans": 9}, "phases": phases}},
            "work": {"calls": {"spans": 1.0, "cprofile": 2.5}},
            "distances": {"spans and sampling": 0.1},
        }

    return result


@pytest.mark.parametrize(
    ("changes", "outside", "broken"),
    [
        ({}, False, False),
        ({"back": 0.94}, True, False),
        ({"stray": 0.03}, True, False),
        ({"back": 0.85}, True, True),
        ({"back": 1.2}, True, True),
        ({"stray": 0.2}, True, True),
    ],
)
def test_bounds_are_checked(result, changes, outside, broken):
    # A short run is judged by all kinds together, the page kind by kind.
    assert ["`callbacks`" in words for words in page.outside_bounds(result(**changes))] == (
        [True] * 4 * outside
    )
    assert ["callbacks" in words for words in page.broken_bounds(result(**changes))] == [True] * broken


@pytest.mark.parametrize(
    ("slope", "half", "is_told"),
    [(1.0, 0.02, False), (1.0, 0.04, True), (1.06, 0.02, True), (0.94, 0.02, True)],
)
def test_slopes_that_are_far_from_one_or_unsure_are_listed(result, slope, half, is_told):
    one = result()
    one["runs"]["internals"]["phases"]["callbacks"]["slopes"] = {
        "spans": {"slope": slope, "low": slope - half, "high": slope + half, "calls": 9}
    }
    assert ["`callbacks`" in words for words in page.unsure_slopes(one)] == [True] * is_told


def test_a_run_that_planted_next_to_nothing_is_broken(result):
    few = result()
    for phase in list(PHASES)[5:14]:
        del few["runs"]["internals"]["phases"][phase]
    assert page.broken_bounds(few) == ["delays were planted in fewer than eight phases"]


def test_the_page_has_every_figure(result, tmp_path):
    page.write(tmp_path / "page.md", {"keras-9.9": result(back=0.9)})
    text = (tmp_path / "page.md").read_text()
    assert "| keras-9.9 | 14 | 504 | 0.900–1.000 | 0.0% |" in text
    assert "| callbacks | 1 | 9 | 0.900 (0.890–0.910)" in text
    assert "No cause is known." in text
    assert "| calls | 1.00 | 2.50 |" in text
    assert "| spans and sampling | 0.100 |" in text


# --- programs, and milliseconds ---


def ran(parts, steps, delays, groups=(), causes=()):
    report = {"whole": {"parts": parts}, "groups": list(groups), "causes": list(causes)}
    return programs.Ran(delays, steps, report)


def part(kind, marker, ns, file="/b/planted_program.py"):
    return {"kind": kind, "line": programs.line_of(marker), "file": file, "total_ns": ns}


def test_every_place_has_its_line_in_the_program():
    assert {place: programs.line_of(marker) > 0 for place, (marker, *_) in programs.PLACES.items()}


def test_a_delay_in_own_code_is_what_its_line_has():
    parts = [
        part("own_code", "own_sleep", 30),
        part("waiting", "own_sleep", 70),
        part("own_code", "call", 50),
    ]
    assert programs.in_line("own_sleep", ran(parts, [100], [(0, 100)])) == 1.0


def test_of_a_call_what_it_takes_besides_is_not_the_delay():
    parts = [part("inference", "call", 1080), part("own_code", "call", 7)]
    made = ran(parts, [600, 500], [(0, 40), (9, 60)])
    # 1,000 of the steps are no delay, and 20 of the part are missing.
    assert programs.in_line("layer", made) == pytest.approx(0.8)
    assert (
        programs.in_line("layer", ran([*parts, part("recording", "own_sleep", 20, "")], *made_of(made))) == 1
    )


def made_of(one):
    return one.steps, one.delays


def test_a_line_of_another_file_or_of_another_part_has_none_of_it():
    parts = [part("own_code", "own_work", 100, "/b/other.py"), part("import", "own_work", 100)]
    assert programs.in_line("own_work", ran(parts, [100], [(0, 100)])) == 0.0


def group(phases, total_ns=1000, layers=()):
    phases = [{"phase": phase, "self_ns": ns} for phase, ns in phases.items()]
    attribution = {"total_ns": total_ns, "unattributed_ns": 0, "phases": phases, "layers": list(layers)}
    return {"site": {"line": programs.line_of("call")}, "attribution": attribution}


def test_the_phase_is_held_against_that_without_a_delay():
    has, had = (ran([], [], [], [group({"callbacks": ns, "entry": 10})]) for ns in (120, 20))
    assert programs.in_phase("callbacks", has, had, 100.0) == 1.0
    nothing = ran([], [], [], [{"site": {"line": programs.line_of("call")}, "attribution": None}])
    assert programs.in_phase("callbacks", nothing, had, 100.0) is None
    assert programs.in_phase("callbacks", ran([], [], []), had, 100.0) is None
    causes = [{"cause": "code_in_calls", "total_ns": 90}, {"cause": "slow_imports", "total_ns": 500}]
    assert programs.in_phase("callbacks", ran([], [], [], causes=causes), had, 100.0) == 0.9


def test_the_layer_that_waits_is_found_by_its_class():
    layers = [{"class": "Waits", "self_ns": 90}, {"class": "Dense", "self_ns": 500}]
    assert programs.in_layer(ran([], [], [], [group({}, layers=layers)]), 100.0) == 0.9
    assert programs.in_layer(ran([], [], [], [group({})]), 100.0) is None


def test_the_median_delay_is_that_of_a_call_with_all_its_parts():
    delays = [(0, 10), (1, 10), (2, 30), (3, 30), (4, 500), (5, 500)]
    assert ran([], [], delays).median_ns(3) == 60
    assert ran([], [], delays).delays_ns == 1080


def test_what_is_outside_of_the_bounds_is_said():
    one = programs.Back("layer", 30, 60.0, 0.99, 0.93, None)
    assert one.outside(programs.BOUNDS) == ["layer, 30 calls, in its phase: 0.930"]
    assert one.outside(programs.BUSY_BOUNDS) == []
    text = programs.section([one], 0, programs.BOUNDS)
    assert "| layer | 30 | 60 | 0.990 | 0.930 | – |" in text
    assert "- Outside: layer" in text


@pytest.mark.parametrize(
    ("phase", "layer", "within"), [(1.0, None, True), (1.0, 0.7, False), (1.2, 1.0, False)]
)
def test_milliseconds_are_held_to_their_bounds(phase, layer, within):
    one = milliseconds.Back("layer, predict", 20, 40.0, 15.3, phase, layer, 0.7)
    assert one.is_within() is within
    assert "0.700 |" in milliseconds.section([one], 2, 15.0)


def test_other_sections_stay_where_one_is_written(tmp_path):
    path = tmp_path / "accuracy.md"
    path.write_text("# Accuracy\n\nHead.\n\n## In short\n\na\n\n## Figures\n\n### one\n\nb\n")
    page.write_section(path, page.PROGRAMS, "first")
    page.write_section(path, page.MILLISECONDS, "other")
    page.write_section(path, page.PROGRAMS, "second")
    assert page.sections(path) == {
        "In short": "a",
        page.PROGRAMS: "second",
        page.MILLISECONDS: "other",
        "Figures": "### one\n\nb",
    }
    assert path.read_text().startswith("# Accuracy\n\nHead.\n\n## In short\n")
    assert path.read_text().endswith("## Figures\n\n### one\n\nb\n")
