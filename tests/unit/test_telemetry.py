"""Calls and phases as spans at an OTLP receiver, which is a process of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from keras_profile import cli
from keras_profile.features.telemetry import call_spans, collector
from support import streams

RECEIVER = Path(__file__).parents[1] / "support" / "otlp_receiver.py"
DEMO = Path(__file__).parents[2] / "traces" / "demo-tf-2.0"
pytestmark = pytest.mark.group("telemetry")


@pytest.fixture
def receiver(tmp_path):
    """Starts a receiver; returns its address, and what it got so far."""
    started = []

    def start(*how):
        path = tmp_path / f"received-{len(started)}.jsonl"
        process = subprocess.Popen(
            [sys.executable, str(RECEIVER), str(path), *how], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        port = int(process.stdout.readline())

        def received():
            return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

        return f"http://127.0.0.1:{port}", received

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def demo():
    """The spans of the demo's recording."""
    return call_spans.call_spans(DEMO)


@pytest.fixture
def read_once(demo, monkeypatch):
    """Exports send the demo's spans without reading it again."""
    monkeypatch.setattr(call_spans, "call_spans", lambda folder: demo)


def attributes(of):
    """The attributes of a span or a resource, as plain values."""
    return {one["key"]: next(iter(one["value"].values())) for one in of.get("attributes", [])}


def spans_of(requests):
    return [
        span
        for one in requests
        for resource in one["request"]["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    ]


def length(span):
    return int(span["endTimeUnixNano"]) - int(span["startTimeUnixNano"])


def export(*arguments):
    return cli.main(["export", *map(str, arguments), "--format", "otlp"])


def test_each_call_is_a_trace_whose_phases_sum_to_it(receiver, capsys, demo):
    address, received = receiver()
    assert export(DEMO, "--to", address) == 0
    spans = spans_of(received())
    calls = {span["spanId"]: span for span in spans if not span.get("parentSpanId")}
    below = {number: [] for number in calls}
    for span in spans:
        if span.get("parentSpanId"):
            below[span["parentSpanId"]].append(span)  # fails if the parent was not sent
    assert len(calls) == len(demo.calls) > 5
    assert len(spans) == demo.spans
    assert len({span["spanId"] for span in spans}) == len(spans)
    assert len({span["traceId"] for span in calls.values()}) == len(calls)
    for number, call in calls.items():
        phases = sorted(below[number], key=lambda span: int(span["startTimeUnixNano"]))
        assert {span["traceId"] for span in phases} == {call["traceId"]}
        assert sum(map(length, phases)) == length(call) > 0
        assert phases[0]["startTimeUnixNano"] == call["startTimeUnixNano"]
        assert phases[-1]["endTimeUnixNano"] == call["endTimeUnixNano"]
        assert all(one["endTimeUnixNano"] == other["startTimeUnixNano"] for one, other in pairwise(phases))
        assert all(attributes(span) == {"keras_profile.phase": span["name"]} for span in phases)
    made = datetime.fromisoformat(json.loads((DEMO / "recording.json").read_text())["created"]).timestamp()
    assert min(int(span["startTimeUnixNano"]) for span in spans) == round(made * 1e9)
    out, err = capsys.readouterr()
    assert "no time of day: its first call is put to when it was made" in err
    lines = out.splitlines()
    assert lines[0] == f"{len(calls)} calls sent to {address}/v1/traces"
    assert f"{len(spans)} spans" in lines[1].replace(",", "")


@pytest.mark.usefixtures("read_once")
def test_a_call_says_what_it_is(receiver, monkeypatch):
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test,service.name=scores")
    address, received = receiver()
    assert export(DEMO, "--to", address) == 0
    [resource] = {
        json.dumps(attributes(one["resource"]), sort_keys=True)
        for request in received()
        for one in request["request"]["resourceSpans"]
    }
    assert (
        json.loads(resource).items()
        >= {
            "service.name": "scores",
            "deployment.environment": "test",
        }.items()
    )
    call = next(span for span in spans_of(received()) if not span.get("parentSpanId"))
    assert call["name"] == "predict"
    found = attributes(call)
    assert found["keras_profile.recording"] == "demo-tf-2.0"
    assert found["keras_profile.entry"] == "predict"
    assert found["keras_profile.rows"] == "32"
    assert "keras_profile.cold" in found
    assert {request["path"] for request in received()} == {"/v1/traces"}


@pytest.mark.usefixtures("read_once")
def test_without_a_name_the_service_is_ours(receiver):
    address, received = receiver()
    assert export(DEMO, "--to", f"{address}/v1/traces") == 0
    [one, *_] = received()
    assert attributes(one["request"]["resourceSpans"][0]["resource"])["service.name"] == "keras-profile"


def test_calls_of_a_program_have_the_time_of_day(tmp_path, receiver, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    streams.usual(tmp_path / "traces" / "app")
    address, received = receiver()
    assert export("app", "--to", address, "--json") == 0
    content = json.loads(capsys.readouterr().out)
    calls = [span for span in spans_of(received()) if not span.get("parentSpanId")]
    assert content["calls"] == len(calls) > 0
    assert content["notes"] == []
    begins = [int(span["startTimeUnixNano"]) for span in calls]
    assert all(streams.TIME <= begin / 1e9 <= streams.TIME + 3600 for begin in begins)


def test_only_so_many_calls_are_sent_and_that_is_said(demo):
    some = call_spans.call_spans(DEMO, most_calls=3)
    assert some.calls == demo.calls[:3]
    assert [note for note in some.notes if "only the first 3 of" in note]
    assert not [note for note in demo.notes if "only the first" in note]


@pytest.mark.usefixtures("read_once")
def test_a_request_holds_whole_calls_up_to_its_limit(receiver, monkeypatch):
    monkeypatch.setattr(collector, "_SPANS", 200)
    address, received = receiver()
    assert export(DEMO, "--to", address) == 0
    requests = received()
    assert len(requests) > 1
    for one in requests:
        spans = spans_of([one])
        known = {span["spanId"] for span in spans}
        assert {span["parentSpanId"] for span in spans if span.get("parentSpanId")} <= known


def refusal(capsys):
    out, err = capsys.readouterr()
    lines = [line for line in err.splitlines() if "keras-profile: " in line or line.startswith("  ")]
    assert out == ""
    assert err.splitlines()[-2:] == lines[-2:]
    return lines[-2], lines[-1]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("401", "found status 401: no key was given"),
        ("404", "found status 404"),
        ("partial", "found 1 rejected: one too many"),
    ],
)
@pytest.mark.usefixtures("read_once")
def test_a_collector_that_refuses_is_shown(receiver, capsys, how, said):
    address, _ = receiver(how)
    assert export(DEMO, "--to", address) == 2
    message, advice = refusal(capsys)
    assert message.startswith(f"keras-profile: {address}/v1/traces: expected ")
    assert said in message
    assert advice.startswith("  see ")


@pytest.mark.usefixtures("read_once")
def test_an_address_where_nothing_listens_is_an_error(capsys, monkeypatch):
    monkeypatch.setattr(collector, "_PATIENCE_S", 1)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        assert export(DEMO, "--to", f"http://127.0.0.1:{bound.getsockname()[1]}") == 2
    message, advice = refusal(capsys)
    assert "expected a collector, found none: Connection refused" in message
    assert "port 4318" in advice


@pytest.mark.parametrize("given", ["localhost:4318", "ftp://host", "http://", "http://[::1"])
def test_what_is_no_address_is_refused(given, capsys):
    assert export(DEMO, "--to", given) == 2
    assert "expected an http or https address" in refusal(capsys)[0]


@pytest.mark.usefixtures("read_once")
def test_the_address_may_come_from_the_environment(receiver, monkeypatch, capsys):
    assert export(DEMO) == 2
    assert "found neither --to nor OTEL_EXPORTER_OTLP_ENDPOINT" in refusal(capsys)[0]
    address, received = receiver()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-key=abc")
    assert export(DEMO) == 0
    assert received()[0]["headers"]["x-key"] == "abc"


@pytest.mark.usefixtures("read_once")
def test_without_the_library_the_extra_is_named(monkeypatch, capsys):
    monkeypatch.setattr(collector, "_NEEDED", ("opentelemetry.no_such_part",))
    assert export(DEMO, "--to", "http://127.0.0.1:1") == 2
    message, advice = refusal(capsys)
    assert "needs opentelemetry-sdk" in message
    assert "keras-profile[otlp]" in advice


@pytest.mark.parametrize(
    "arguments", [("--format", "otlp", "--output", "x"), ("--format", "chrome", "--to", "http://a")]
)
def test_a_file_and_a_collector_have_their_own_options(arguments, capsys):
    with pytest.raises(SystemExit):
        cli.main(["export", str(DEMO), *arguments])
    assert "--output" in capsys.readouterr().err
