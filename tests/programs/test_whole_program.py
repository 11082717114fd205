"""What is said of whole programs: where their time goes, and what takes it outside of the calls."""

from __future__ import annotations

import re

import pytest

from support.programs import line_of


@pytest.fixture(scope="module", params=["planted", "elements", "decoding", "rebuilt", "healthy"])
def finished(request, run_program):
    """The run of each program."""
    done = run_program(f"whole/{request.param}.py")
    assert done.code == 0, done.err
    return done


def whole(finished):
    return finished.report["whole"]


def name_of(finished):
    return finished.report["program"]["command"][0].rpartition("/")[2]


def test_the_parts_are_the_whole_to_the_nanosecond(finished):
    parts = whole(finished)["parts"]
    assert sum(part["total_ns"] for part in parts) == whole(finished)["wall_ns"] > 0
    kinds = {part["kind"] for part in parts}
    assert {"import", "inference"} <= kinds
    unattributed = sum(part["total_ns"] for part in parts if part["kind"] == "unattributed")
    assert unattributed < 0.05 * whole(finished)["wall_ns"]
    inference = sum(part["total_ns"] for part in parts if part["kind"] == "inference")
    assert inference == pytest.approx(finished.report["program"]["inference_ns"], rel=0.02)


def test_the_answer_stands_before_the_calls(finished):
    text = finished.err
    answer = text[text.index("in Keras inference") :]
    parts = re.search(r"^ +[0-9.,]+ m?s +[0-9.]+%  ", answer, re.MULTILINE)
    assert parts is not None
    called = re.search(r"^(predict|predict_on_batch|model\(x\)) at ", answer, re.MULTILINE)
    assert called is None or parts.start() < called.start()
    assert finished.report["conclusions"]


def at(finished, marker):
    """ms of the parts at a marked line."""
    name = name_of(finished)
    line = line_of(f"whole/{name}", marker)
    return sum(
        part["total_ns"] / 1e6
        for part in whole(finished)["parts"]
        if part["line"] == line and part["file"].endswith(name) and part["kind"] in ("own_code", "waiting")
    )


#: The marks of the planted program, and how often each line is reached.
VISITS = {"sleep": 1, "callback": 3, "loop": 1}
#: Where a visit begins and ends is known to a look at the stacks, which may be late by so many ms, and by
#: more if the machine stops the program.
LATE_LOOK = 25


@pytest.mark.parametrize("finished", ["planted"], indirect=True)
@pytest.mark.parametrize("marker", VISITS)
def test_planted_time_comes_back_in_its_line(finished, marker):
    planted = finished.counts[marker]
    found = at(finished, marker)
    if marker == "loop":  # its head is another line
        name = name_of(finished)
        line = line_of(f"whole/{name}", marker) - 1
        found += sum(part["total_ns"] / 1e6 for part in whole(finished)["parts"] if part["line"] == line)
    late = max(LATE_LOOK, 2 * finished.counts["late"])
    assert found == pytest.approx(planted, rel=0.05, abs=late * VISITS[marker])


#: The program, the causes that it has, and the marks of their lines.
CAUSES = [
    ("elements", {"tensor_elements": "elements"}),
    ("decoding", {"decoding": "decode"}),
    ("rebuilt", {"session_cleared": "clear"}),
    ("collected", {"session_cleared": "collect"}),
    ("vocabulary", {"state_exported": "word"}),
    ("waiting", {"dataset_waited_for": "next"}),
]


@pytest.mark.parametrize(("finished", "causes"), CAUSES, indirect=["finished"], ids=lambda one: str(one))
def test_the_cause_is_named_with_its_line(finished, causes):
    found = {one["cause"]: one for one in finished.report["causes"]}
    name = name_of(finished)
    for cause, marker in causes.items():
        assert cause in found
        assert abs(found[cause]["line"] - line_of(f"whole/{name}", marker)) <= 1
        assert found[cause]["file"].endswith(name)
    # What inference has is not the answer.
    assert sum(one["share"] for one in finished.report["causes"]) <= 1
    assert finished.report["conclusions"][0].startswith("Inference is only")


@pytest.mark.parametrize("finished", ["healthy"], indirect=True)
def test_a_healthy_program_has_no_cause(finished):
    assert finished.report["causes"] == []


def test_a_forked_child_that_hangs_is_named(run_program):
    done = run_program("whole/forked.py")
    if not done.counts["hanging"]:
        pytest.skip("the fork of this release works")
    (cause,) = [one for one in done.report["causes"] if one["cause"] == "forked_after_start"]
    assert cause["line"] == line_of("whole/forked.py", "hangs")
    assert done.report["conclusions"][0] == cause["title"]
