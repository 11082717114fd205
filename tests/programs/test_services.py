"""Services under a small load: they answer as they would, and what is slow in them is found."""

from __future__ import annotations

import json
import os
import signal
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.programs import line_of

SERVICES = ("flask_service.py", "fastapi_service.py")
#: The requests of a load, from so many threads.
REQUESTS = [*(["predict"] * 3 + ["reload"]) * 20, *["predict"] * 4]
PREDICTS, RELOADS, THREADS = REQUESTS.count("predict"), REQUESTS.count("reload"), 3


def ask(port, path):
    """The answer of the service to one request."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/{path}",
        json.dumps([0.1, 0.2, 0.3, 0.4]).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.loads(answer.read())["score"]


def load(port):
    """A bounded load on both endpoints."""
    with ThreadPoolExecutor(THREADS) as pool:
        scores = list(pool.map(lambda path: ask(port, path), REQUESTS))
    assert len({round(score, 4) for score in scores}) == 1  # it is the same model, loaded or not


def interrupt(running):
    """Ctrl-C, as a terminal sends it: to all of the foreground."""
    os.killpg(running.process.pid, signal.SIGINT)


@pytest.fixture(scope="module")
def served(start_program):
    """What the run of a service left, which was loaded and then stopped by Ctrl-C."""
    finished = {}

    def run(program):
        if program not in finished:
            running = start_program(program)
            load(int(running.wait_for(r"port (\d+)").group(1)))
            interrupt(running)
            finished[program] = running.finish()
        return finished[program]

    return run


@pytest.mark.parametrize("program", SERVICES)
def test_the_service_ends_by_itself_when_it_is_interrupted(served, program):
    finished = served(program)
    assert finished.code == 0, finished.err
    assert finished.counts["predict"] == PREDICTS
    assert finished.counts["reload"] == RELOADS


@pytest.mark.parametrize("program", SERVICES)
def test_each_request_is_a_call_at_its_endpoint(served, program):
    finished = served(program)
    assert finished.group(program, "predict")["count"] == PREDICTS
    assert finished.group(program, "reloaded")["count"] == RELOADS
    assert finished.group(program, "predict")["site"]["function"] == "predict"


@pytest.mark.parametrize("program", SERVICES)
def test_the_endpoints_are_attributed(served, program):
    group = served(program).group(program, "predict")
    assert group.is_whole
    # As a cause of its own, or within that of a call that blocks its event loop.
    assert group.finding("pipeline_rebuilt")["verdict"] in ("found", "included")


@pytest.mark.parametrize("program", SERVICES)
def test_the_model_that_is_loaded_for_each_request_is_found(served, program):
    finished = served(program)
    finding = finished.group(program, "reloaded").finding("model_loaded")
    assert finding["verdict"] == "found"
    assert f"{program}:{line_of(program, 'load')}" in finding["where"]
    assert finished.group(program, "predict").finding("model_loaded")["verdict"] != "found"
    assert finished.beside("loading") >= RELOADS


def test_flask_answers_on_threads_which_wait_for_each_other(served):
    group = served("flask_service.py").group("flask_service.py", "predict")
    assert len(group.threads) > 1
    assert group["waiting"]["together_calls"] > 0


def test_a_coroutine_predicts_on_the_thread_of_the_loop(served):
    finished = served("fastapi_service.py")
    assert set(finished.group("fastapi_service.py", "predict").threads) == {"MainThread"}
    assert "MainThread" not in finished.group("fastapi_service.py", "reloaded").threads


def test_a_service_is_stopped_after_the_time_that_was_asked_for(start_program):
    running = start_program(
        "flask_service.py", options=("--no-try", "--no-replay", "--no-html", "--for", "45s")
    )
    port = int(running.wait_for(r"port (\d+)").group(1))
    for _ in range(5):
        ask(port, "predict")
    finished = running.finish()
    assert finished.counts["predict"] == 5
    assert finished.group("flask_service.py", "predict")["count"] == 5
    assert finished.report["program"]["interrupted"]


def test_a_signal_writes_a_report_while_the_service_goes_on(start_program):
    running = start_program("flask_service.py")
    port = int(running.wait_for(r"port (\d+)").group(1))
    for _ in range(10):
        ask(port, "predict")
    running.process.send_signal(signal.SIGUSR1)
    reports = running.folder / "reports"
    running.wait_until(lambda: any(reports.glob("*/report.json")), "the report was written")
    first = json.loads(next(reports.glob("*/report.json")).read_text(encoding="utf-8"))
    assert 9 <= first["program"]["calls"] <= 10
    assert first["program"]["exit_code"] is None
    for _ in range(3):
        ask(port, "predict")
    interrupt(running)
    finished = running.finish()
    assert finished.code == 0
    written = [json.loads(path.read_text(encoding="utf-8")) for path in reports.glob("*/report.json")]
    assert max(one["program"]["calls"] for one in written) == finished.counts["predict"] == 13
