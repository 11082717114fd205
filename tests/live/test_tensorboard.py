"""TensorBoard's own converter finds each call as a step, and phases above TensorFlow's events."""

from __future__ import annotations

import gzip
import json
import re
import shutil

import pytest

from keras_profile.output.tensorboard import write_tensorboard
from keras_profile.recordings.opened import open_recording
from support import requirements

#: For each entry point what its calls must show, on the thread that makes them.
SHOWN = {
    "predict": {"entry", "function_tracing", "iterator_creation", "dispatch", "execution", "teardown"},
    "predict_on_batch": {"entry", "dispatch", "execution", "output_assembly"},
    "call": {"eager_execution"},
    "call_inference": {"eager_execution"},
    "function": {"dispatch", "execution"},
    "signature": {"dispatch", "execution"},
}


@pytest.fixture(scope="module")
def convert():
    """What the profile plugin makes of a trace for one of its tools."""
    requirements.package("xprof")
    from xprof.convert import raw_to_tool_data

    def convert(path, tool):
        assert tool in {name.rstrip("@") for name in raw_to_tool_data.xspace_to_tool_names([str(path)])}
        data, _ = raw_to_tool_data.xspace_to_tool_data([str(path)], tool, {"use_saved_result": False})
        data = data.encode() if isinstance(data, str) else data
        return json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)

    return convert


def step_times(tables):
    """The names and times in ms of the steps on the overview page."""
    (table,) = [
        table for table in tables if any(column["id"] == "stepTimeMs" for column in table.get("cols", ()))
    ]
    at = [column["id"] for column in table["cols"]].index("stepTimeMs")
    return [(row["c"][0]["v"], float(row["c"][at]["v"])) for row in table["rows"]]


@pytest.mark.parametrize("entry", SHOWN)
def test_each_call_is_a_step_with_its_phases(profile, exported_folder, convert, tmp_path, entry):
    done = (
        profile(str(exported_folder))
        if entry == "signature"
        else profile("tiny", *([] if entry == "predict" else ["--entry", entry]))
    )
    assert done.report["workload"]["entry_point"] == entry
    log = write_tensorboard(open_recording(done.recording), tmp_path)
    content = json.loads((done.recording / "recording.json").read_text())
    numbers = []
    for number, path in enumerate(sorted(log.rglob("*.xplane.pb"))):
        # The converter keeps what it made beside the trace, under the folder's name.
        copied = shutil.copy(path, tmp_path / f"{number}.xplane.pb")
        events = [event for event in convert(copied, "trace_viewer")["traceEvents"] if event.get("ph") == "X"]
        named = phases_checked(events, entry)
        times = dict(step_times(convert(copied, "overview_page")))
        # Of a run with many steps the overview leaves out the first and the last.
        assert set(named[1:-1]) <= set(times) <= set(named)
        assert times
        assert all(ms > 0 for ms in times.values())
        numbers += [int(re.fullmatch(rf"{entry}\(\) (\d+)", name)[1]) for name in named]
    assert numbers == list(range(content["calls"]["capture"].count("tensorflow")))


def phases_checked(events, entry):
    """The names of the steps, each of which must have the phases of its entry point.

    They are on its thread, above events of TensorFlow's own.
    """
    steps = sorted(
        (event for event in events if event["name"].startswith(f"{entry}() ")), key=lambda event: event["ts"]
    )
    for step in steps:
        within = [event for event in events if lies_in(event, step)]
        phases = [event for event in within if event["name"].endswith(" keras_profile")]
        assert {f"{phase} keras_profile" for phase in SHOWN[entry]} <= {event["name"] for event in phases}
        own = [event for event in within if event not in phases]
        assert any(lies_in(event, phase) for phase in phases for event in own)
    return [step["name"] for step in steps]


def lies_in(event, other):
    """Whether an event is below another on the same thread; both are in µs, rounded apart."""
    return (
        event is not other
        and (event["pid"], event["tid"]) == (other["pid"], other["tid"])
        and other["ts"] - 0.01 <= event["ts"]
        and event["ts"] + event["dur"] <= other["ts"] + other["dur"] + 0.01
    )
