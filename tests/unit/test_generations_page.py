"""The generation matrix: what it runs, what it keeps, and the page it writes."""

from __future__ import annotations

import pytest
from benchmarks import generations as matrix


def result(generation="tf-2.0", given="arrays", **changes):
    """A result of ``arrays`` to ``predict`` in TF 2.0, with changes."""
    workload = matrix.Workload("tiny", given, "predict", "compiled")
    return matrix.Result(
        generation,
        workload,
        2.0,
        **{
            "python": "3.7.1",
            "tensorflow": "2.0.0",
            "keras": "2.2",
            "call_ms": 12.345,
            "largest_phase": "dispatch",
            "largest_share": 0.5,
            "samples": 100,
            **changes,
        },
    )


def page(*results):
    return matrix.page({(one.generation, one.workload): one for one in results})


@pytest.mark.parametrize("whole", [False, True])
def test_every_model_meets_every_input_entry_and_mode(whole):
    chosen = list(matrix.workloads(whole))
    assert len(set(chosen)) == len(chosen)
    for model, _, _ in matrix.MODELS:
        mine = [one for one in chosen if one.model == model]
        assert {one.input for one in mine} == set(matrix.INPUTS)
        assert {one.entry for one in mine} == set(matrix.ENTRIES)
        assert {one.mode for one in mine} == set(matrix.MODES)


def test_the_tiny_model_is_always_whole():
    def tiny(whole):
        return [one for one in matrix.workloads(whole) if one.model == "tiny"]

    assert tiny(whole=False) == tiny(whole=True)


def test_the_named_workloads_are_there():
    text = matrix.WORKLOADS.read_text()
    for workload in matrix.workloads(whole=True):
        options = workload.options("tf-2.0")
        for name in [one.rpartition(":")[2] for one in options if str(matrix.WORKLOADS) in one]:
            assert f"def {name}(" in text or f"\n{name} = " in text


@pytest.mark.parametrize(
    ("given", "unattributed", "outside", "is_within"),
    [
        ("arrays", 0.01, 0.05, True),
        ("arrays", 0.011, 0.02, False),
        ("arrays", 0.0, 0.051, False),
        ("dataset", 0.03, 0.5, True),
        ("dataset", 0.031, 0.031, False),
    ],
)
def test_limits(given, unattributed, outside, is_within):
    assert result(given=given, unattributed=unattributed, outside=outside).is_within == is_within


def test_a_failure_is_not_within_the_limits():
    assert not result(failure="it died").is_within


def test_results_are_read_back_and_the_last_counts(tmp_path):
    file = tmp_path / "results.jsonl"
    other = result(generation="keras-3.15")
    for one in (result(unattributed=0.5), other, result(unattributed=0.001)):
        matrix.append(file, one)
    workload = other.workload
    assert matrix.read(file) == {
        ("tf-2.0", workload): result(unattributed=0.001),
        ("keras-3.15", workload): other,
    }


def test_no_file_is_no_results(tmp_path):
    assert matrix.read(tmp_path / "results.jsonl") == {}


def test_the_page_has_versions_figures_and_marks():
    text = page(
        result(unattributed=0.0123, outside=0.02),
        result(given="dataset", unattributed=0.0041),
        result(generation="keras-3.15", unattributed=0.001),
    )
    assert "| tf-2.0 | 3.7.1 | 2.0.0 | 2.2 | 2 | 200 | 100 | 0.82% | **1.23%** | 0.41% | 2.00% |" in text
    assert "| tiny | arrays | predict | compiled | **1.23%** | *0.10%* |" in text
    assert "| tiny | dataset | predict | compiled | 0.41% |  |" in text
    assert "| tiny | arrays | predict | compiled | 12.3 | 12.3 |" in text
    assert "dispatch 50%" in text
    assert "Failures" not in text


def test_the_page_tells_failures():
    text = page(result(failure="it died"))
    assert "| tiny | arrays | predict | compiled | failed |" in text
    assert "- tf-2.0, tiny arrays predict compiled: it died" in text
