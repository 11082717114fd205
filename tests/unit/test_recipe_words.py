"""Comparisons in words: the terminal's table and Markdown's."""

from __future__ import annotations

import dataclasses

import pytest

from keras_profile.analysis.comparisons.verdicts import best_of
from keras_profile.model.report import Comparison, CostModel, CostPoint, Outputs, Scaling
from keras_profile.output.markdown import fenced
from keras_profile.output.reports import render_markdown, report_text
from keras_profile.output.words import recipe_words
from support import contents

EQUAL = Outputs(True, 0.0, 1e-4, ["the measured input"], 32)


def comparison(verdict="faster", speedup=107.4, ci=(98.2, 115.3), **changed):
    return Comparison(
        **{
            "recipe": "predict_on_batch",
            "title": "model.predict_on_batch(x)",
            "code": "y = model.predict_on_batch(x)",
            "verdict": verdict,
            "before_ns": 97_200_000,
            "after_ns": 905_000,
            "speedup": speedup,
            "speedup_ci99": ci,
            "outputs": EQUAL,
            "reason": "",
        }
        | changed
    )


def report(*comparisons, **changed):
    return dataclasses.replace(contents.report(), comparisons=list(comparisons), **changed)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (comparison(), "107× (98.2–115)"),
        (comparison("slower", 0.5, (0.4, 0.625)), "2.00× slower (1.60–2.50)"),
        (comparison("no_difference", 1.01, (0.97, 1.05)), "no difference (0.97–1.05)"),
        (comparison("no_difference", 1.05, (0.95, 1.16)), "no clear difference (0.95–1.16)"),
        (comparison("no_difference", 1.5, (0.7, 2.0)), "not sure (0.70–2.00)"),
        (comparison("no_difference", 1.0, (0.6, 1.6)), "not sure (0.60–1.60)"),
        (comparison("no_difference", 3.0, (0.01, 900.0), rounds=2), "not sure (2 rounds)"),
        (comparison("no_difference", 3.0, None, rounds=1), "not sure (1 round)"),
        (comparison("failed", None, None), ""),
    ],
)
def test_the_verdict_with_its_figures(one, said):
    assert recipe_words.speedup(one) == said


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (comparison(), "equal"),
        (comparison(outputs=Outputs(False, 2.4e-7, 1e-4)), "equal within 2e-07"),
        (comparison("outputs_differ", None, None, reason="the output is float64"), "the output is float64"),
        (comparison("failed", None, None, reason="ValueError: no"), "failed: ValueError: no"),
        (comparison(outputs=None), ""),
        (comparison(peak_bytes=1_100_000_000), "equal; takes 1.1 GB"),
        (comparison(peak_bytes=1_100_000), "equal"),
    ],
)
def test_the_outputs(one, said):
    assert recipe_words.outputs(one) == said


def test_the_best_is_what_is_surely_faster_with_the_same_outputs():
    half = comparison(approximate=True, recipe="half_precision")
    unsure = comparison("no_difference", 200.0)
    assert best_of([half, unsure, comparison()]).recipe == "predict_on_batch"
    assert best_of([half, unsure]) is None


def test_the_terminal_shows_the_table_and_the_code_of_the_best():
    text = report_text(report(comparison(), comparison("failed", None, None, reason="it hangs")), full=True)
    assert "what to change" in text
    assert "97.2 → 0.905" in text
    assert "    y = model.predict_on_batch(x)" in text
    assert "failed: it hangs" in text


def test_the_others_are_summed_up():
    simple = comparison(speedup=3.58, ci=(2.76, 3.76))
    fixed = comparison(
        speedup=3.73,
        ci=(3.14, 3.88),
        recipe="concrete_function",
        title="the concrete function",
        condition="only if every call has exactly 1 row",
        pays_off_after=40,
    )
    assert recipe_words.others([simple, fixed, comparison("slower", 0.5, (0.4, 0.6))]) == (
        "1 more change is faster, up to 3.73× with the concrete function, only if every call has exactly 1 "
        "row; it pays off after 40 calls"
    )
    slower = comparison(speedup=2.0, ci=(1.9, 2.1))
    assert recipe_words.others([simple, slower, slower]) == "2 more changes are faster, and none gains more"
    assert recipe_words.others([simple]) == recipe_words.others([]) == ""
    assert "pays off after 40 calls" in recipe_words.recommendation(fixed)
    told = report_text(report(simple, fixed), 200, full=True)
    assert (
        "the concrete function, only if every call has exactly 1 row, as measured here; building it pays off "
        "after 40 calls:\n    y = model.predict_on_batch(x)"
    ) in told


def test_what_was_not_tried_says_what_to_do():
    text = report_text(
        report(
            comparison(),
            comparison("not_tried", None, None, title="fewer threads", reason="it needs a process"),
            comparison("not_applicable", None, None, title="ONNX", reason="not here: pip install x"),
            comparison("not_applicable", None, None, title="no callbacks", reason="none are given"),
        ),
        200,
        full=True,
    )
    assert "fewer threads (it needs a process)" in text
    assert "ONNX (pip install x) (not installed here)" in text
    assert "no callbacks" not in text


def test_a_report_without_comparisons_says_nothing_of_them():
    text = report_text(report(), full=True)
    assert "what to change" not in text


def test_costs_and_where_they_meet():
    points = [CostPoint(1, 1), CostPoint(1024, 1)]
    slow = CostModel(None, "as it is", 96_000_000, 500_000, 1000.0, 0.01, points)
    fast = CostModel("call_inference", "model(x)", 1_000_000, None, 25_000.0, 0.01, points)
    lines = recipe_words.scaling_lines(report(scaling=Scaling(slow, fast, 32, 4000, (1, 1024))))
    assert lines == [
        "costs fitted to calls of 1 to 1,024 rows:",
        "  as it is: 96.0 ms for a call, 0.500 ms more for each batch, 0.00100 ms more for each row",
        "  model(x): 1.00 ms for a call, 0.0250 ms more for each row",
        "  model(x) is faster with 1 to 1,024 rows; no others were measured",
    ]
    # What was not found faster is not said to be, whatever the fitted costs are.
    assert recipe_words.meeting(Scaling(slow, fast, 32, None, None)) == ""
    assert "with 1 row, but not with" in recipe_words.meeting(Scaling(slow, fast, 32, None, (1, 1)))


def test_markdown_has_the_code_of_each_and_why_others_were_not_tried():
    text = render_markdown(
        report(comparison(), comparison("not_applicable", None, None, title="other", reason="no place"))
    )
    assert fenced("y = model.predict_on_batch(x)") in text
    assert "| other | no place |" in text
    assert "32 rows; tolerance: 0.0001 of the largest number" in text


def test_a_fence_is_longer_than_any_in_the_code():
    assert fenced("a = '```'").startswith("````python\n")


# --- one screen ---


def test_the_answer_has_what_to_write_and_what_it_gains():
    half = comparison(
        approximate=True, recipe="half_precision", title="in 16 bits", speedup=2.0, ci=(1.9, 2.1)
    )
    fixed = comparison(title="the concrete function", speedup=110.0, ci=(101.0, 120.0))
    others = [half, comparison("slower", 0.5, (0.4, 0.6)), comparison("failed", None, None, after_ns=None)]
    lines = report_text(report(comparison(pays_off_after=9), fixed, *others), 100).splitlines()
    at = lines.index("change it to")
    assert lines[at + 1].strip() == "y = model.predict_on_batch(x)"
    gain = " ".join(lines[at + 2].split())
    assert gain == (
        "97.2 → 0.905 ms a call, 107× as fast (99% CI 98.2–115); outputs equal; pays off after 9 calls"
    )
    assert "could take 0.905 ms" in lines[1]
    also = lines.index("also faster")
    assert lines[also + 1].strip() == "110× (101–120)  the concrete function"
    assert lines[also + 2].strip() == "2.00× (1.90–2.10)  in 16 bits (alters results)"
    assert lines[also + 3].strip() == "other changes: 1 slower, 1 failed"


def test_without_a_change_that_is_surely_faster_the_answer_says_so():
    text = report_text(report(comparison("no_difference", 1.0, (0.97, 1.05))), 100)
    assert "no change is surely faster, of 1 measured" in text
    assert "could take" not in text
    assert "no change was tried" in report_text(report(), 100)


def test_long_code_is_cut_and_says_where_it_is_whole():
    code = "\n".join(f"line_{number}()" for number in range(20))
    text = report_text(report(comparison(code=code)), 100)
    assert "line_7()" in text
    assert "line_8()" not in text
    assert "… 12 more lines, all in report.md" in text
