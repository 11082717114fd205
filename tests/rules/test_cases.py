"""Each rule on real cases: with its cause, without it, and without what it needs to tell."""
from __future__ import annotations

import json
import shutil

import pytest

from keras_profile import pipeline
from keras_profile.recorder.protocol import CAPTURES, FILES
from keras_profile.rules.catalogue import RULES

pytestmark = pytest.mark.live

#: Files of a capture in a recording.
OF_CAPTURE = {"spans": ["spans"], "cprofile": ["cprofile", "cprofile_table"], "tensorflow": ["tensorflow"],
              "bare": []}


#: So many times longer is a run measured again whose usual one was not right.
LONGER = 5


def side(cases, profiled, case, generation, which, longer=1):
    return profiled(
        lambda python: cases.command(getattr(case, which), case.all_captures, python, longer), generation)


def right(is_right, *arguments):
    """The run of a side, for longer where a second of a busy machine was not right.

    A rule answers for what was recorded, and a short recording may be of something else: a
    pause of the machine, two calls in all. ``benchmarks/diagnosis.py`` counts first answers.
    """
    run = side(*arguments)
    return run if is_right(run) else side(*arguments, LONGER)


def test_the_cause_is_found_first_or_second(cases, profiled, case, generation):
    def is_found(run):
        timeless = not run.finding(case.rule)["cost_ns_per_call"]
        return case.rule in (run.found if timeless else run.found[:2])

    run = right(is_found, cases, profiled, case, generation, "fault")
    assert is_found(run), (run.found, run.finding(case.rule))
    finding = run.finding(case.rule)
    assert finding["evidence"]
    assert finding["sure"]
    assert "{" not in finding["title"]


def test_costs_do_not_add_up_to_more_than_the_call(cases, profiled, case, generation):
    report = side(cases, profiled, case, generation, "fault").report
    costs = [one["cost_ns_per_call"] for one in report["findings"]]
    assert min(costs) >= 0
    assert sum(costs) <= report["attribution"]["total_ns"]


def test_of_two_causes_both_are_found(cases, profiled, rules, both):
    def has_both(run):
        return set(rules) <= set(run.found)

    def measured(longer):
        return profiled(lambda python: cases.command(both, "bare,spans", python, longer), cases.HERE)

    run = measured(1)
    run = run if has_both(run) else measured(LONGER)
    assert has_both(run), run.found
    costs = [run.finding(rule)["cost_ns_per_call"] for rule in rules]
    assert min(costs) > 0
    assert sum(costs) <= run.report["attribution"]["total_ns"]


def test_the_mended_case_does_not_have_it(cases, profiled, case, generation):
    run = right(
        lambda run: run.finding(case.rule)["verdict"] == "not_found",
        cases, profiled, case, generation, "mended")
    assert run.finding(case.rule)["verdict"] == "not_found", run.finding(case.rule)


def test_without_what_it_needs_the_rule_cannot_tell(cases, profiled, case, generation, tmp_path):
    run = side(cases, profiled, case, generation, "fault")
    folder = tmp_path / "recording"
    shutil.copytree(run.recording, folder)
    for missing in case.missing:
        remove(folder, missing)
    findings = {one.rule: one for one in pipeline.make_report(folder).findings}
    assert findings[case.rule].verdict == "cannot_tell"
    assert findings[case.rule].needs


def remove(folder, missing):
    """Makes a recording one that lacks a capture, or a key of the workload."""
    path = folder / FILES["recording"]
    content = json.loads(path.read_text())
    if missing in CAPTURES:
        for name in OF_CAPTURE[missing]:
            place = folder / FILES[name]
            shutil.rmtree(place) if place.is_dir() else place.unlink()
        kept = [row for row, name in enumerate(content["calls"]["capture"]) if name != missing]
        content["calls"] = {name: [column[row] for row in kept] for name, column in content["calls"].items()}
        content["captures"] = [one for one in content["captures"] if one["name"] != missing]
    else:
        del content["workload"][missing]
    path.write_text(json.dumps(content))


def test_every_rule_has_a_case(cases):
    of_programs = set(cases.IN_PROGRAMS)
    assert {case.rule for case in cases.CASES} | of_programs == {rule.id for rule in RULES}
    for rule in of_programs:
        assert "workload.call_sites" in next(one for one in RULES if one.id == rule).needs
