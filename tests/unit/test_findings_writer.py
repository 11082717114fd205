"""Findings in words: what was found, what fixes it, what was looked for, what cannot be told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keras_profile.model.report import Finding
from keras_profile.output.reports import render_markdown, report_text
from keras_profile.output.words import finding_words
from support import contents

FOUND = Finding(
    "rebuilt",
    "found",
    "The pipeline is rebuilt (61.7 ms a call)",
    "function_tracing",
    61_700_000,
    ["datasets are built once a call"],
    ["on_batch", "function"],
    share=0.635,
    sure="61%–66% of the call (95% CI) by 60 calls under spans",
    where="app.py:41, in serve",
)
ANSWERS = [
    FOUND,
    Finding("kept", "found", "Memory grows", "", 0, ["by 4 KiB"], []),
    Finding("layers", "cannot_tell", "t", "", 0, [], [], needs="the tensorflow capture"),
    Finding("ops", "cannot_tell", "t", "", 0, [], [], needs="the tensorflow capture"),
    Finding("loads", "cannot_tell", "t", "", 0, [], [], needs="the cprofile capture"),
    Finding("bar", "not_found", "t", "", 0, ["verbose=0"], []),
    Finding("eager", "not_found", "t", "", 0, ["no"], []),
]


@pytest.fixture
def report():
    return replace(contents.report(), findings=ANSWERS)


def test_the_first_finding_is_at_the_top(report):
    top = report_text(report, full=True).splitlines()[:4]
    assert "why  The pipeline is rebuilt (61.7 ms a call)" in top


@pytest.mark.parametrize(
    "render", [lambda report: report_text(report, width=200, full=True), render_markdown]
)
def test_everything_is_said(report, render):
    text = render(report).replace("\\", "")
    for part in (
        "The pipeline is rebuilt",
        "61.7 ms a call, 64% of it",
        "61%–66% of the call",
        "at app.py:41, in serve",
        "datasets are built once a call",
        "Memory grows",
        "ruled out: bar, eager",
        "cannot tell without the tensorflow capture: layers, ops",
        "cannot tell without the cprofile capture: loads",
    ):
        assert part in text


def test_a_measured_recipe_says_what_it_gained(report):
    # The report by hand has a comparison of on_batch.
    assert finding_words.fixes_text(FOUND, report.comparisons) == "usual, 107× (98.0–115) here; function"


def test_a_recipe_that_gained_nothing_says_so(report):
    compared = [
        replace(report.comparisons[0], verdict="no_difference", speedup=1.01, speedup_ci99=(0.91, 1.1))
    ]
    assert finding_words.fixes_text(FOUND, compared).startswith("usual, no difference (0.91–1.10) here")


def test_a_recipe_that_failed_is_named_alone(report):
    compared = [replace(report.comparisons[0], verdict="failed", speedup=None, speedup_ci99=None)]
    assert finding_words.fixes_text(FOUND, compared) == "on_batch; function"


def test_nothing_found_is_said(report):
    healthy = replace(report, findings=[one for one in ANSWERS if one.verdict != "found"])
    assert finding_words.why(healthy) == ""
    assert "no known cause of slowness was found" in report_text(healthy, full=True)
    assert "No known cause of slowness was found." in render_markdown(healthy)


def test_what_only_a_trial_would_show_is_said_where_nothing_was_found(report):
    need = "a trial without XLA: the model has jit_compile=True"
    asked = replace(ANSWERS[-1], verdict="cannot_tell", needs=need)
    said = f"no known cause of slowness was found; one was not checked, because it needs {need}"
    assert finding_words.nothing_found(replace(report, findings=[asked])) == said


def test_a_report_without_findings_says_nothing_of_them():
    text = report_text(replace(contents.report(), findings=[]), full=True)
    assert "cause" not in text
