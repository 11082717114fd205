"""The doctor's facts: what is told by the recorder, read from traces, and found in a log folder."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from keras_profile import cli
from keras_profile.errors import KerasProfileError, TargetError
from keras_profile.features.doctor.checks.catalogue import LOG_FOLDER_CHECKS
from keras_profile.features.doctor.checks.engine import judge_all
from keras_profile.features.doctor.checkup import OK, Facts, Installed, LogFile
from keras_profile.features.doctor.log_folder_reader import read_log_folder
from keras_profile.features.doctor.profile_options import count_python_calls, read_profile_options
from keras_profile.launch import recorder_process
from keras_profile.model.trace import Trace, TraceLine
from keras_profile.output.encoding.xspace import encode_xspace
from keras_profile.output.tensorboard import write_tensorboard
from keras_profile.recorder.protocol import events
from keras_profile.recorder.survey import installed
from keras_profile.recordings.opened import open_recording

TRACES = Path(__file__).parents[2] / "traces"
RECORDING = TRACES / "demo-keras-3.15"
XSPACE = encode_xspace(
    Trace("made by hand", ["predict"], [TraceLine("python", np.array([0]), np.array([5]), np.array([9]))]),
    "predict",
)
TOLD = [
    events.SurveyInstalled(
        python="3.12.1",
        implementation="CPython",
        executable="env/bin/python",
        packages={"pyinstrument": "5.1.3", "h5py": "3.14.0"},
        settings={},
        clock_ns=70,
    ),
    events.SurveyTensorFlow("2.21.0"),
    events.SurveyFrameworks(
        {"tensorflow": "2.21.0", "keras": "3.15.1", "keras_root": "keras.src", "backend": "tensorflow"}
    ),
    events.SurveyModelFile(""),
    events.SurveySampler("pyinstrument.low_level.stat_profile"),
    events.SurveyOptions({"host_tracer_level": 1, "python_tracer_level": 1, "device_tracer_level": 0}),
]


def put(folder, *paths, data=XSPACE):
    """Writes these files below ``folder``."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def paths(files):
    return [one.path for one in files]


# --- the log folder ---


def test_traces_are_told_apart_by_what_their_run_has(tmp_path):
    put(
        tmp_path,
        "plugins/profile/new/vm.xplane.pb",
        "plugins/profile/new/vm.trace.json.gz",
        "train/plugins/profile/json/vm.trace.json.gz",
        "plugins/profile/old/local.trace",
        "plugins/profile/new/ALL_HOSTS.op_stats_v2.pb",
        "plugins/profile/new/.cached_tools.json",
        "events.out.tfevents.1.vm",
    )
    found = read_log_folder(tmp_path)
    assert paths(found.traces) == ["plugins/profile/new/vm.xplane.pb"]
    assert paths(found.json_traces) == ["train/plugins/profile/json/vm.trace.json.gz"]
    assert paths(found.local_traces) == ["plugins/profile/old/local.trace"]
    assert paths(found.caches) == [
        "plugins/profile/new/.cached_tools.json",
        "plugins/profile/new/ALL_HOSTS.op_stats_v2.pb",
    ]
    assert (found.not_listed, found.cut_short, found.above) == ([], [], None)


def test_where_tensorboard_does_not_look(tmp_path):
    put(
        tmp_path,
        "vm.xplane.pb",
        "profile/run/vm.xplane.pb",
        "plugins/profile/vm.xplane.pb",
        "plugins/profile/run/deeper/vm.xplane.pb",
        "plugins/profile/run/vm.xplane.pb",
    )
    found = read_log_folder(tmp_path)
    assert found.not_listed == [
        "plugins/profile/run/deeper/vm.xplane.pb",
        "plugins/profile/vm.xplane.pb",
        "profile/run/vm.xplane.pb",
        "vm.xplane.pb",
    ]
    assert found.above is None


@pytest.mark.parametrize("below", ["plugins", "plugins/profile", "plugins/profile/run"])
def test_a_folder_that_is_too_deep(tmp_path, below):
    put(tmp_path, "logs/plugins/profile/run/vm.xplane.pb")
    found = read_log_folder(tmp_path / "logs" / below)
    assert len(found.not_listed) == 1
    assert found.above == str(tmp_path / "logs")


@pytest.mark.parametrize(
    ("data", "is_cut_short"), [(XSPACE, False), (b"", False), (XSPACE[:-1], True), (b"not a trace", True)]
)
def test_a_file_that_is_cut_short(tmp_path, data, is_cut_short):
    put(tmp_path, "plugins/profile/run/vm.xplane.pb", data=data)
    found = read_log_folder(tmp_path)
    assert found.cut_short == (["plugins/profile/run/vm.xplane.pb"] if is_cut_short else [])
    assert found.traces[0].bytes == len(data)


def test_a_trace_knows_its_recording():
    found = read_log_folder(TRACES / "demo-tf-2.0" / "tensorflow")
    assert {one.recording for one in found.local_traces} == {str(TRACES / "demo-tf-2.0")}
    assert len({one.run for one in found.local_traces}) == len(found.local_traces) > 1


def test_when_a_file_was_written_is_told(tmp_path):
    put(tmp_path, "plugins/profile/run/vm.xplane.pb")
    os.utime(tmp_path / "plugins/profile/run/vm.xplane.pb", (50, 1234))
    assert read_log_folder(tmp_path).traces == [
        LogFile("plugins/profile/run/vm.xplane.pb", len(XSPACE), 1234.0, None)
    ]


@pytest.mark.parametrize(("name", "found"), [("nowhere", "nothing"), ("file", "a file")])
def test_what_is_no_folder_is_told(tmp_path, name, found):
    (tmp_path / "file").touch()
    with pytest.raises(KerasProfileError, match=f"found {found} at") as raised:
        read_log_folder(tmp_path / name)
    assert "--logdir" in raised.value.advice


@pytest.mark.parametrize(
    ("recording", "check"), [("demo-tf-2.0", "local_traces"), ("demo-tf-2.2", "json_traces")]
)
def test_what_a_report_makes_of_an_old_trace_is_shown(tmp_path, recording, check):
    def failing(folder):
        lines = judge_all(
            Facts(Installed("python", "3.12.1", {}), log_folder=read_log_folder(folder)), LOG_FOLDER_CHECKS
        )
        return [line.check for line in lines if line.status != OK]

    assert failing(TRACES / recording) == [check]
    assert failing(write_tensorboard(open_recording(TRACES / recording), tmp_path)) == []


# --- options of the profiler ---


def trace_of(recording):
    return next((TRACES / recording).rglob("*.xplane.pb"))


def test_options_are_read_from_a_trace():
    assert read_profile_options(trace_of("demo-keras-3.15")) == {
        "host_tracer_level": 2,
        "device_tracer_level": 1,
        "python_tracer_level": 0,
    }


def test_a_release_that_does_not_write_its_options():
    assert read_profile_options(trace_of("demo-tf-2.15")) is None


def test_a_trace_that_cannot_be_read(tmp_path):
    put(tmp_path, "vm.xplane.pb", data=XSPACE[:-1])
    with pytest.raises(KerasProfileError, match="expected a TensorFlow trace"):
        read_profile_options(tmp_path / "vm.xplane.pb")


def test_python_calls_are_counted():
    name = np.array([0, 1, 0, 2])
    line = TraceLine("python", name, np.arange(4), np.arange(4) + 1)
    trace = Trace("made by hand", ["$model.py:3 call", "predict", "$model.py:9 $other"], [line, line])
    assert count_python_calls(trace) == 6


# --- what is installed ---


def test_packages_are_known_by_their_folders(tmp_path):
    for name in (
        "first/protobuf-3.20.3.dist-info",
        "second/protobuf-7.0.dist-info",
        "second/h5py-2.10.0.dist-info",
        "second/tensorboard_plugin_profile-2.24.2.dist-info",
        "second/NumPy-1.19.5-py3.7.egg-info",
        "second/tensorflow_cpu-2.22.0rc1.dist-info",
        "second/tensorflow_datasets-4.9.dist-info",
    ):
        (tmp_path / name).mkdir(parents=True)
    assert installed([str(tmp_path / "first"), str(tmp_path / "nowhere"), str(tmp_path / "second")]) == {
        "protobuf": "3.20.3",
        "h5py": "2.10.0",
        "tensorboard_plugin_profile": "2.24.2",
        "numpy": "1.19.5",
        "tensorflow_cpu": "2.22.0rc1",
    }


# --- the command ---


@pytest.fixture
def recorded(monkeypatch):
    """Makes recording a copy of a recording, with what the recorder would tell.

    ``told`` may be cut off, and an error takes the recording's place.
    """

    def make(told=TOLD, error=None):
        def record(request, python, listener, isolate=False):
            assert request.do == "survey"
            folder = Path(request.folder)
            for event in told:
                listener(event)
            listener(events.Announce("pyinstrument is skipped: not installed"))
            if error is not None:
                raise error
            shutil.copytree(RECORDING, folder, dirs_exist_ok=True)
            run = folder / "options/plugins/profile/run"
            run.mkdir(parents=True)
            shutil.copy(trace_of("demo-keras-3.15"), run)

        monkeypatch.setattr(recorder_process, "record_in_process", record)

    return make


def checkup(capsys, *arguments):
    """The exit code of the doctor, and its lines by check."""
    code = cli.main(["doctor", "--json", *arguments])
    content = json.loads(capsys.readouterr().out)
    return code, {line["check"]: line for line in content["lines"]}


def test_a_recording_is_read_back(recorded, capsys):
    recorded()
    code, lines = checkup(capsys)
    assert code == 0
    assert {
        line["status"]
        for name, line in lines.items()
        if name not in ("tensorboard", "tensorboard_plugin", "setuptools", "snakeviz")
    } == {"ok"}
    assert lines["internals"]["text"].startswith("generation keras-3.15, ")
    assert lines["probes"]["text"].startswith("through sys.monitoring, ")
    assert "the trace was taken with host 2, python 0, device 1" in lines["profiler_options"]["text"]
    recording = json.loads((RECORDING / "recording.json").read_text())
    (steps,) = [one["details"]["steps"] for one in recording["captures"] if one["name"] == "tensorflow"]
    assert f" {steps} steps, " in lines["trace"]["text"]


def test_a_process_that_dies_leaves_what_it_told_before(recorded, capsys):
    recorded(told=TOLD[:2], error=KerasProfileError("it died", "another build", trace="last words"))
    assert cli.main(["doctor", "--quiet"]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert out.startswith(
        f"last words checking {sys.executable} ok python 3.12.1 "
        "ok tensorflow 2.21.0, imported fails keras it died another build"
    )


def test_a_package_is_blamed(recorded, capsys):
    fix = {"package": "protobuf", "words": "this fixes it:", "command": "pip install 'protobuf<3.21'"}
    recorded(told=TOLD[:1], error=TargetError("importing raised", "advice", fix=fix))
    code, lines = checkup(capsys)
    assert code == 1
    assert lines["protobuf"]["command"] == "pip install 'protobuf<3.21'"
    assert [name for name, line in lines.items() if line["status"] == "fails"] == ["tensorflow", "protobuf"]


def test_ctrl_c_ends_it(recorded, capsys):
    recorded(told=TOLD[:1], error=TargetError("interrupted", kind="interrupted"))
    assert cli.main(["doctor", "--quiet"]) == 130
    assert capsys.readouterr().out == ""


def test_a_log_folder_is_looked_through(recorded, capsys, tmp_path):
    recorded(told=TOLD[:1], error=KerasProfileError("it died"))
    put(tmp_path, "plugins/profile/run/vm.trace.json.gz", data=gzip.compress(b"{}"))
    code, lines = checkup(capsys, str(tmp_path))
    assert code == 1
    assert lines["json_traces"]["status"] == "fails"
    assert lines["places"]["status"] == "ok"


def test_a_log_folder_that_is_not_there_is_bad_input(capsys):
    assert cli.main(["doctor", "nowhere"]) == 2
    assert "found nothing at nowhere" in capsys.readouterr().err
