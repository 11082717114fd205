"""Programs that serve a model: on an event loop, by a class of their own, without end."""

from __future__ import annotations

import os
import signal

from support.programs import line_of


def of_loop(run_program, way):
    finished = run_program("event_loop.py", way, options=("--no-try", "--no-html", "--no-replay"))
    assert finished.code == 0, finished.err
    return finished


def test_calls_that_queue_on_an_event_loop_are_found_with_their_coroutine(run_program):
    finished = of_loop(run_program, "blocked")
    group = finished.group("event_loop.py", "handle")
    blocked = group["workload"]["event_loop"]
    assert blocked["coroutine"] == "handle"
    assert blocked["calls"] == group["count"] == finished.counts["blocked"] == 48
    # Six are read together, wait for each other and are called before the loop has its turn.
    assert 2 <= blocked["longest_calls"] <= 6
    assert blocked["tasks_in_a_row"] >= 2
    assert 0 < blocked["longest_ns"] <= blocked["total_ns"] * 1.1
    assert group.found[0] == "event_loop_blocked"
    finding = group.finding("event_loop_blocked")
    assert finding["where"].endswith(f"event_loop.py:{line_of('event_loop.py', 'handle')}, in handle")


def test_calls_on_other_threads_block_no_loop(run_program):
    finished = of_loop(run_program, "free")
    for group in finished.report["groups"]:
        assert group["workload"]["event_loop"] is None


def test_a_program_of_one_task_holds_nobody_up(run_program):
    group = of_loop(run_program, "alone").group("event_loop.py", "alone")
    assert group["workload"]["event_loop"]["calls"] == 12
    assert group.finding("event_loop_blocked")["verdict"] == "not_found"


def test_weights_that_are_set_for_each_call_are_found(run_program):
    finished = run_program("evolution.py", options=("--no-try", "--no-html", "--no-replay"))
    assert finished.code == 0, finished.err
    setting = [one for one in finished.report["program"]["between"] if one["kind"] == "setting weights"]
    assert [one["count"] for one in setting] == [30]
    assert "weights_set" in finished.group("evolution.py", "set").found


def test_a_call_that_never_returns_is_told_of_after_an_interrupt(start_program):
    running = start_program("endless.py")
    running.wait_for("taken 200")
    os.killpg(running.process.pid, signal.SIGINT)
    finished = running.finish()
    assert "calls are missing" not in finished.err
    (sentence,) = finished.report["program"]["unfinished"]
    assert sentence.startswith(
        f"predict at endless.py:{line_of('endless.py', 'predict')} had not returned after"
    )
    assert "(KeyboardInterrupt)" in sentence
    assert "batches so far" in sentence
    assert "generator" in sentence
    assert "steps=" in sentence
    assert sentence in " ".join(finished.err.split())
    (told,) = [event for event in finished.process.of_kind("unfinished") if event["ended"]]
    assert told["batches"] >= 150  # some of the 200 may wait to be taken


def test_a_predict_of_the_class_s_own_is_left_out_and_keras_own_is_tried(run_program):
    finished = run_program(
        "tiles.py",
        options=(
            "--no-html",
            "--no-replay",
            "--seconds",
            "60",
            "--recipes",
            "predict_on_batch,progress_bar_off",
        ),
    )
    assert finished.code == 0, finished.err
    group = finished.group("tiles.py", "tile")
    assert group["count"] == finished.counts["tiles"]
    tried = {one["recipe"]: one for one in group["comparisons"]}
    assert tried["predict_on_batch"]["verdict"] == "faster", tried
    assert tried["progress_bar_off"]["verdict"] not in ("failed", "outputs_differ"), tried
