"""Programs in the interpreters of old releases, through ``--python``."""

from __future__ import annotations

import pytest

from support.time_windows import served

GENERATIONS = ("tf-2.0", "tf-2.6", "tf-2.15")
VERSIONS = {"tf-2.0": "2.0.0", "tf-2.6": "2.6.5", "tf-2.15": "2.15.1"}
GROUPS = [("replay", "act"), ("replay", "replay"), ("two_models", "cats"), ("two_models", "dogs")]


@pytest.fixture(scope="module")
def run_in(run_program, interpreter):
    """Runs a program in a generation's interpreter."""
    return lambda program, generation: run_program(
        program, options=("--no-try", "--no-replay", "--no-html", "--python", str(interpreter(generation)))
    )


@pytest.mark.parametrize(("program", "mark"), GROUPS)
@pytest.mark.parametrize("generation", GENERATIONS)
def test_calls_are_counted_and_attributed(run_in, generation, program, mark):
    finished = run_in(f"{program}.py", generation)
    assert finished.code == 0, finished.err
    group = finished.group(f"{program}.py", mark)
    assert group["count"] == finished.counts[mark] > 0
    assert group.is_whole
    assert finished.report["environment"]["tensorflow"] == VERSIONS[generation]


@pytest.mark.parametrize("mark", ["act", "replay"])
@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_replay_loop_s_causes_are_found(run_in, generation, mark):
    group = run_in("replay.py", generation).group("replay.py", mark)
    assert group.found[0] == "pipeline_rebuilt"
    assert {"pipeline_rebuilt", "calls_in_a_loop"} <= {*group.found, *group.included}


@pytest.mark.parametrize("generation", GENERATIONS)
def test_training_is_no_inference(run_in, generation):
    finished = run_in("replay.py", generation)
    assert finished.report["program"]["calls"] == finished.counts["act"] + finished.counts["replay"]
    assert finished.beside("training") == finished.counts["fit"]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_threads_have_their_own_calls(run_in, generation):
    finished = run_in("two_models.py", generation)
    for mark in ("cats", "dogs"):
        assert finished.group("two_models.py", mark).threads == {mark: finished.counts[mark]}


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_program_that_raises_keeps_its_calls(run_in, generation):
    finished = run_in("crashes.py", generation)
    assert finished.code == 1
    assert "ValueError: a row has 4 numbers, this one 5" in finished.err
    assert finished.group("crashes.py", "predict")["count"] == finished.counts["done"] == 20


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_service_is_recorded_in_windows(interpreter, tmp_path, generation):
    # Late enough to see predict as it is: Keras may be imported long after TensorFlow.
    options = ("--every", "9s", "--for", "1s", "--offset", "8s")
    service = served(tmp_path, options, "serve", "13", python=interpreter(generation))
    assert service.code == 0, service.err
    notes = service.notes["serve"]
    windows = service.processes(notes["pid"])
    assert windows
    for process in windows:
        assert abs(len(process.calls) - service.watched_in(process, "serve")) <= 2
    assert {bare for bare, _, _, _ in notes["calls"]} == {False, True}
