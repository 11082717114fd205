"""Each rule on real cases: with its cause, without it, and without what it needs to tell."""

from __future__ import annotations

import json
import shutil

import pytest

from keras_profile.analysis.reports import make_report
from keras_profile.analysis.rules.catalogue import RULES
from keras_profile.recorder.protocol import CAPTURES, FILES
from keras_profile.recordings.opened import open_recording
from rules import cases

#: Files of a capture in a recording.
OF_CAPTURE = {
    "spans": ["spans"],
    "cprofile": ["cprofile", "cprofile_table"],
    "tensorflow": ["tensorflow"],
    "bare": [],
}

#: So many times longer is a run measured again, and once more, whose usual one was not right.
LONGER = (5, 15)
#: The cases of this interpreter are recorded by so many processes, which share the work.
SHARED = 2


def runs():
    """Each case here, and in one of the generations before in which its cause lives."""
    for number, (case, generation) in enumerate(cases.TESTED):
        group = f"rules {generation or f'here {number % SHARED}'}"
        tier = pytest.mark.releases if generation else pytest.mark.live
        yield pytest.param(
            case, generation, marks=[pytest.mark.group(group), tier], id=cases.run_id(case, generation)
        )


each_case = pytest.mark.parametrize(("case", "generation"), list(runs()))


@pytest.fixture
def profiled(recorder_of):
    """Profiles a side in a generation; equal runs are made once."""

    def run(side, captures, generation, longer=1):
        # What is measured again gets a process of its own, in which nothing came before.
        return recorder_of(generation).profile(
            *cases.arguments(side, captures, longer), alone=side.alone or longer > 1
        )

    return run


def right(is_right, profiled, *arguments):
    """The run of a side, for longer where a second of a busy machine was not right.

    A rule answers for what was recorded, and a short recording may be of something else: a
    pause of the machine, two calls in all. ``benchmarks/diagnosis.py`` counts first answers.
    """
    run = profiled(*arguments)
    for longer in LONGER:
        if not is_right(run):
            run = profiled(*arguments, longer=longer)
    return run


@each_case
def test_the_cause_is_found_first_or_second(profiled, case, generation):
    def is_found(run):
        # One cause is one finding: what a rule found may be said within that of another.
        finding = run.finding(case.rule)
        says = finding["within"] if finding["verdict"] == "included" else case.rule
        timeless = finding["verdict"] == "found" and not finding["cost_ns_per_call"]
        return says in (run.found if timeless else run.found[:2])

    run = right(is_found, profiled, case.fault, case.all_captures, generation)
    finding = run.finding(case.rule)
    assert is_found(run), f"found: {run.found}; {case.rule}: {finding}"
    assert finding["evidence"]
    assert finding["sure"] or finding["verdict"] == "included"
    assert "{" not in finding["title"]


@each_case
def test_costs_do_not_add_up_to_more_than_the_call(profiled, case, generation):
    report = profiled(case.fault, case.all_captures, generation).report
    costs = [one["cost_ns_per_call"] for one in report["findings"]]
    assert min(costs) >= 0
    assert sum(costs) <= report["attribution"]["total_ns"]


@pytest.mark.parametrize(
    ("rules", "both"), cases.TWO_CAUSES, ids=["-".join(rules) for rules, _ in cases.TWO_CAUSES]
)
@pytest.mark.group("rules here 0")
def test_of_two_causes_both_are_found(profiled, rules, both):
    def has_both(run):
        return set(rules) <= set(run.found)

    run = right(has_both, profiled, both, "bare,spans", cases.HERE)
    assert has_both(run), run.found
    costs = [run.finding(rule)["cost_ns_per_call"] for rule in rules]
    assert min(costs) > 0
    assert sum(costs) <= run.report["attribution"]["total_ns"]


@each_case
def test_the_mended_case_does_not_have_it(profiled, case, generation):
    run = right(
        lambda run: run.finding(case.rule)["verdict"] == "not_found",
        profiled,
        case.fixed,
        case.all_captures,
        generation,
    )
    assert run.finding(case.rule)["verdict"] == "not_found", run.finding(case.rule)


@each_case
def test_without_what_it_needs_the_rule_cannot_tell(profiled, case, generation, tmp_path):
    run = profiled(case.fault, case.all_captures, generation)
    folder = tmp_path / "recording"
    shutil.copytree(run.recording, folder)
    for missing in case.missing:
        remove(folder, missing)
    findings = {one.rule: one for one in make_report(open_recording(folder)).findings}
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


def test_every_rule_has_a_case():
    of_programs = set(cases.IN_PROGRAMS)
    # A machine of tests has no GPU: tests/unit/test_device_recordings.py has recordings with one.
    of_devices = {rule.id for rule in RULES if "devices" in rule.needs}
    assert {case.rule for case in cases.CASES} | of_programs | of_devices == {rule.id for rule in RULES}
    for rule in of_programs:
        needs = next(one for one in RULES if one.id == rule).needs
        assert {
            "workload.call_sites",
            "workload.data_flow",
            "workload.in_program",
            "workload.shared_layers",
        } & set(needs)
