"""The engine: what rules see, how costs are shared, what is said where something is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keras_profile.analysis.rules.catalogue import RULES
from keras_profile.analysis.rules.engine import chosen, judge, judge_all
from keras_profile.analysis.rules.evidence_view import PARTS, UndeclaredEvidence, View
from keras_profile.analysis.rules.rule import Addition, CannotTell, Found, NotFound, Rule
from keras_profile.analysis.rules.shared.claiming import claim, phase_lines
from keras_profile.errors import KerasProfileError
from keras_profile.model.environment import Environment
from keras_profile.model.workload import Workload
from support import evidence as by_hand

FACTS = {f"workload.{name}" for name in Workload.__struct_fields__} | {
    f"environment.{name}" for name in Environment.__struct_fields__
}


def rule(name, judge, needs=("phases",), uses=()):
    return Rule(
        id=name,
        title=name,
        meaning="",
        advice="do another thing",
        recognised="",
        example="",
        sources=(),
        needs=needs,
        uses=uses,
        judge=judge,
    )


def claims(**ms):
    """A rule's function that always finds, and claims these ms of the phases."""
    return lambda _: Found("found, {cost} ms", {phase: value * 1e6 for phase, value in ms.items()}, ["seen"])


def test_undeclared_evidence_cannot_be_read():
    view = View(by_hand.evidence({"execution": 1.0}), ("spans", "workload.batch_size"))
    for read in (lambda: view.phases, lambda: view.workload("compiled"), lambda: view.has("native")):
        with pytest.raises(UndeclaredEvidence):
            read()
    assert view.workload("batch_size") is None
    assert view.spans.calls == 40


def test_evidence_that_a_rule_only_uses_must_be_asked_for_first():
    view = View(by_hand.evidence({"execution": 1.0}), ("native",))
    assert not view.has("native")
    with pytest.raises(UndeclaredEvidence):
        _ = view.native


@pytest.mark.parametrize(("share", "is_found"), [(0.0996, False), (0.1, True)])
def test_a_claim_is_found_from_the_least_share_on(share, is_found):
    view = View(by_hand.evidence({"execution": 10.0}), ("phases",))
    answer = claim(view, {"execution": share * 10e6}, "drawing is", title="drawn", lines=["seen"])
    if is_found:
        assert answer == Found("drawn", {"execution": 1e6}, ["seen"])
    else:
        assert answer == NotFound("drawing is 10% of the call")


def test_phases_of_a_claim_get_a_line_from_a_hundredth_of_the_call_on():
    view = View(by_hand.evidence({"execution": 100.0}), ("phases",))
    claims_of = {"loop": 2e6, "teardown": 0.9e6, "dispatch": 40e6, "entry": 3e6}
    assert phase_lines(view, claims_of) == [
        "dispatch: 40.0 ms, 40% of the call",
        "entry: 3.00 ms, 3.0% of the call",
        "loop: 2.00 ms, 2.0% of the call",
    ]
    assert len(phase_lines(view, claims_of, most=1)) == 1


def test_a_rule_cannot_tell_without_what_it_needs():
    answer = judge(
        by_hand.evidence(None), rule("a", claims(execution=1), needs=("phases", "spans", "native"))
    )
    assert answer == CannotTell("the spans capture, the tensorflow capture")


def test_a_key_that_older_recordings_lack_is_missing():
    answer = judge(by_hand.evidence({"execution": 1.0}), rule("a", claims(), needs=("workload.jit_compile",)))
    assert isinstance(answer, CannotTell)
    assert answer.missing == "facts of the workload that this recording lacks"


def test_time_is_claimed_once_and_the_particular_rule_comes_first():
    evidence = by_hand.evidence({"execution": 6.0, "dispatch": 4.0})
    findings = judge_all(
        evidence, [rule("particular", claims(dispatch=3)), rule("general", claims(dispatch=4, execution=6))]
    )
    costs = {finding.rule: finding.cost_ns_per_call for finding in findings}
    assert costs == {"particular": 3_000_000, "general": 7_000_000}
    assert [finding.rule for finding in findings] == ["general", "particular"]


@pytest.mark.parametrize("greed", [1, 10, 1e6])
def test_costs_never_add_up_to_more_than_the_call(greed):
    evidence = by_hand.evidence({"execution": 6.0, "dispatch": 4.0})
    judge = claims(execution=greed, dispatch=greed, callbacks=greed)
    greedy = [rule(str(number), judge) for number in range(5)]
    findings = judge_all(evidence, greedy)
    assert sum(finding.cost_ns_per_call for finding in findings) <= evidence.calls.warm.median_ns
    assert min(finding.cost_ns_per_call for finding in findings) >= 0


def test_a_finding_whose_time_others_have_in_part_says_so():
    findings = judge_all(
        by_hand.evidence({"execution": 6.0, "dispatch": 4.0}),
        [rule("first", claims(execution=6)), rule("second", claims(execution=5, dispatch=2))],
    )
    second = next(finding for finding in findings if finding.rule == "second")
    assert second.verdict == "found"
    assert second.cost_ns_per_call == 2_000_000
    assert second.evidence[-1].startswith("it affects 7.00 ms a call, of which 5.00 ms are")


def test_a_finding_of_which_hardly_anything_is_left_is_said_within_the_one_that_has_it():
    evidence = by_hand.evidence({"execution": 6.0, "dispatch": 4.0, "loop": 1.0})
    other = rule("other", claims(loop=1))
    findings = judge_all(
        evidence,
        [other, rule("first", claims(execution=6)), rule("second", claims(execution=5, dispatch=0.9))],
    )
    assert [(one.rule, one.verdict) for one in findings] == [
        ("first", "found"),
        ("other", "found"),
        ("second", "included"),
    ]
    first, _, second = findings
    assert second.within == "first"
    assert second.cost_ns_per_call == 0
    assert second.title == "found, 5.90 ms"
    assert first.evidence == ["seen", "found, 5.90 ms [second]"]
    assert first.cost_ns_per_call == 6_000_000


def test_what_is_left_of_an_included_finding_is_left_for_others():
    evidence = by_hand.evidence({"execution": 9.0, "dispatch": 1.0})
    rest = replace(rule("rest", claims(dispatch=1)), residual=True)
    findings = judge_all(
        evidence,
        [rule("first", claims(execution=9)), rule("second", claims(execution=9, dispatch=0.9)), rest],
    )
    costs = {one.rule: one.cost_ns_per_call for one in findings if one.verdict == "found"}
    assert costs == {"first": 9_000_000, "rest": 1_000_000}


def multiplying(name, ms, clause):
    """A rule of what happens many times, which adds ``clause`` to the title of the cause."""
    found = Found("many", {"execution": ms * 1e6}, ["counted"], addition=Addition(clause, ["many times"]))
    return replace(rule(name, lambda _: found), multiplies=True, recipes=("together", "first_recipe"))


def test_what_multiplies_is_one_finding_with_its_cause():
    first = replace(rule("first", claims(execution=6)), recipes=("first_recipe",))
    findings = judge_all(
        by_hand.evidence({"execution": 10.0}), [first, multiplying("many", 6.5, "8 such calls follow")]
    )
    assert [(one.rule, one.verdict) for one in findings] == [("first", "found"), ("many", "included")]
    assert findings[0].title == "found, 6.00 ms; 8 such calls follow"
    assert findings[0].evidence == ["seen", "many times"]
    assert findings[0].recipes == ["first_recipe", "together"]


def test_what_multiplies_claims_nothing_that_a_cause_has_though_the_phase_has_more():
    # Both mean the same 4 ms of a phase of 10 ms: the other 6 are nobody's.
    findings = judge_all(
        by_hand.evidence({"execution": 10.0}),
        [rule("first", claims(execution=4)), multiplying("many", 4, "8 calls")],
    )
    assert [one.rule for one in findings if one.verdict == "found"] == ["first"]


def test_what_multiplies_is_a_finding_where_no_cause_explains_it():
    findings = judge_all(
        by_hand.evidence({"execution": 10.0}),
        [rule("first", claims(execution=1)), multiplying("many", 8, "8 calls")],
    )
    assert [(one.rule, one.cost_ns_per_call) for one in findings] == [
        ("many", 7_000_000),
        ("first", 1_000_000),
    ]


def test_on_another_backend_no_rule_judges_by_phases():
    evidence = by_hand.evidence({"callbacks": 9.0, "execution": 1.0}, environment={"backend": "jax"})
    findings = judge_all(evidence, RULES)
    assert not [one.rule for one in findings if one.verdict == "found"]
    unknown = {one.rule: one.needs for one in findings if one.verdict == "cannot_tell"}
    for name in ("slow_callbacks", "calls_in_a_loop", "oversubscribed", "heavy_layer", "waits"):
        assert "on jax only the time of whole calls is known" in unknown[name]
    # What is known of calls as wholes is judged.
    assert "warm_up" not in {one.rule for one in findings if "jax" in one.needs}


def test_what_a_finding_says_of_itself():
    evidence = by_hand.evidence({"execution": 6.0, "dispatch": 4.0})
    (finding,) = judge_all(evidence, [rule("a", claims(dispatch=2))])
    assert finding.title == "found, 2.00 ms"
    assert finding.phase == "dispatch"
    assert finding.share == 0.2
    assert finding.sure == "18%–22% of the call (95% CI), from 40 calls under spans"


@pytest.mark.parametrize(("calls", "level"), [(5, ""), (6, " (95% CI)")])
def test_a_range_of_few_calls_is_no_interval_of_95_percent(calls, level):
    evidence = by_hand.evidence({"execution": 6.0, "dispatch": 4.0})
    evidence = replace(evidence, spans=replace(evidence.spans, calls=calls))
    (finding,) = judge_all(evidence, [rule("a", claims(dispatch=2))])
    assert finding.sure == f"18%–22% of the call{level}, from {calls} calls under spans"


def test_one_call_has_no_interval():
    evidence = by_hand.evidence({"execution": 6.0, "dispatch": 4.0})
    evidence = replace(evidence, spans=replace(evidence.spans, calls=1))
    (finding,) = judge_all(evidence, [rule("a", claims(dispatch=2))])
    assert finding.sure.startswith("22% of the call, from 1 call under spans")
    assert "CI" not in finding.sure


def test_found_comes_before_cannot_tell_before_not_found():
    findings = judge_all(
        by_hand.evidence({"execution": 6.0}),
        [
            rule("absent", lambda _: NotFound("none")),
            rule("blind", claims(), needs=("native",)),
            rule("small", claims(execution=1)),
            rule("large", claims(execution=3)),
        ],
    )
    assert [finding.rule for finding in findings] == ["large", "small", "blind", "absent"]
    assert [finding.verdict for finding in findings] == ["found", "found", "cannot_tell", "not_found"]
    assert findings[2].needs == "the tensorflow capture"
    assert findings[3].evidence == ["none"]


def test_rules_are_chosen_by_name():
    names = [rule.id for rule in RULES]
    assert [rule.id for rule in chosen(RULES, [], [])] == names
    assert [rule.id for rule in chosen(RULES, names[:1], [])] == names[:1]
    assert [rule.id for rule in chosen(RULES, [], names[:1])] == names[1:]


@pytest.mark.parametrize(("select", "ignore"), [(["typo"], []), ([], ["typo"])])
def test_a_name_that_no_rule_has_is_an_error(select, ignore):
    with pytest.raises(KerasProfileError, match="no rule 'typo'"):
        chosen(RULES, select, ignore)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_described_and_declares_what_there_is(rule):
    text = rule.text()
    for part in (text.title, text.meaning, text.recognised, text.example):
        assert part.strip()
    assert text.sources
    for name in (*rule.needs, *rule.uses):
        assert name in PARTS or name in FACTS
    assert rule.needs


def test_a_fact_that_a_recording_lacks_is_asked_for_first():
    view = View(by_hand.evidence({"execution": 1.0}), ("workload.traced",))
    assert not view.has("workload.traced")
    with pytest.raises(UndeclaredEvidence, match="asks has"):
        view.workload("traced")


def test_judging_changes_no_evidence():
    evidence = by_hand.evidence({"execution": 6.0})
    before = replace(evidence)
    judge_all(evidence, RULES)
    assert evidence == before


@pytest.mark.parametrize(("more", "verdict"), [(1.2, "included"), (3.0, "found")])
def test_what_is_almost_all_said_already_is_no_second_finding(more, verdict):
    # Of the 9.2 ms that it has to do with 8 are another's: the rest is 11% of the call.
    findings = judge_all(
        by_hand.evidence({"execution": 8.0, "teardown": 3.0}),
        [rule("first", claims(execution=8)), rule("second", claims(execution=8, teardown=more))],
    )
    assert {one.rule: one.verdict for one in findings} == {"first": "found", "second": verdict}
