"""The checks of the doctor: from facts made by hand to a line each."""

from __future__ import annotations

import io
import json
import shlex
from dataclasses import replace

import pytest
from rich.console import Console

from keras_profile.features.doctor.checks.catalogue import CHECKS, LOG_FOLDER_CHECKS
from keras_profile.features.doctor.checks.engine import judge_all, make_checkup
from keras_profile.features.doctor.checkup import (
    FAILS,
    NOT_CHECKED,
    OK,
    WARNING,
    CheckRecording,
    Facts,
    Failure,
    Frameworks,
    Installed,
    LogFile,
    LogFolder,
    ModelFile,
    ProfilerOptions,
)
from keras_profile.features.doctor.summary import print_checkup, summary
from keras_profile.model.recording import CaptureDetails, CaptureOutcome
from keras_profile.model.report import MissingInternal, TableCoverage
from keras_profile.recordings.writing import encode_json

HERE = Installed(
    "here/python",
    "3.12.1",
    {
        "tensorboard": "2.21.0",
        "tensorboard_plugin_profile": "2.24.2",
        "xprof": "2.24.2",
        "setuptools": "65.5.0",
        "snakeviz": "2.2.2",
    },
)
CHECKED = Installed(
    "env/bin/python",
    "3.11.7",
    {
        "tensorflow_cpu": "2.21.0",
        "keras": "3.15.1",
        "protobuf": "7.36.2",
        "numpy": "2.4.6",
        "h5py": "3.14.0",
        "pyinstrument": "5.1.3",
        "setuptools": "65.5.0",
    },
    clock_ns=80,
)
MISSING = MissingInternal("keras.src.trainers.trainer", "Trainer.run", "loop")
MADE = CheckRecording(
    captures={
        "spans": CaptureOutcome("spans", "ok", "", CaptureDetails(mechanism="monitoring")),
        "pyinstrument": CaptureOutcome("pyinstrument", "ok", ""),
        "tensorflow": CaptureOutcome("tensorflow", "ok", "", CaptureDetails(steps=2)),
    },
    calls={"spans": 2, "pyinstrument": 2, "tensorflow": 2},
    coverage=TableCoverage("keras-3.15", 300, 191, []),
    samples=800,
    sampler="pyinstrument.low_level.stat_profile",
    trace_events=1800,
    steps=2,
    annotated=["keras_profile.loop", "keras_profile.dispatch"],
    page_bytes=200_000,
)
ASKED = {"host_tracer_level": 1, "python_tracer_level": 1, "device_tracer_level": 0}
TRACE = LogFile("plugins/profile/a/vm.xplane.pb", 2_000_000, 1000.0)
FOLDER = LogFolder("logs", traces=[TRACE])
GOOD = Facts(
    here=HERE,
    installed=CHECKED,
    tensorflow="2.21.0",
    frameworks=Frameworks("2.21.0", "3.15.1", "keras.src", "tensorflow"),
    model_file=ModelFile(),
    recording=MADE,
    options=ProfilerOptions(ASKED, told=ASKED, python_events=9),
    log_folder=FOLDER,
)


def captured(name, **fields):
    """The recording with another outcome of one capture."""
    return replace(MADE, captures={**MADE.captures, name: replace(MADE.captures[name], **fields)})


def covered(resolved, *missing):
    """The recording in a release that has so many rows of the table, and lacks others."""
    return replace(MADE, coverage=TableCoverage("keras-3.15", 300, resolved, list(missing)))


def settings(**variables):
    return replace(CHECKED, settings=variables)


def with_packages(place, **versions):
    """An interpreter with other packages; None for one that is not there."""
    packages = {**place.packages, **versions}
    return replace(place, packages={name: version for name, version in packages.items() if version})


def broken(package, command="env/bin/python -m pip install pin", message="importing raised X", **facts):
    """The facts of an environment whose import failed of a package."""
    return {
        "tensorflow": None,
        "frameworks": None,
        "model_file": None,
        "recording": None,
        "options": None,
        "failure": Failure(message, "fix it:", package, command),
        **facts,
    }


def log_file(path, size=10, modified=1000.0, recording=None):
    return LogFile(path, size, modified, recording)


#: (check, what differs from GOOD, status, what its line says, what stands beneath).
CASES = [
    (
        "python",
        {"installed": None, "failure": Failure("it died", "get another")},
        FAILS,
        "it died",
        "get another",
    ),
    (
        "tensorflow",
        broken("tensorflow", "pip install tensorflow"),
        FAILS,
        "importing raised X",
        "fix it:\npip install tensorflow",
    ),
    ("tensorflow", broken("wrapt", "pip install wrapt"), FAILS, "importing raised X", "pip install wrapt"),
    ("tensorflow", broken("", "", "it died"), FAILS, "it died", "fix it:"),
    ("tensorflow", broken("protobuf"), FAILS, "importing raised X", "the cause is protobuf, see its line"),
    ("protobuf", broken("protobuf"), FAILS, "7.36.2 does not work with this TensorFlow", "pip install pin"),
    (
        "protobuf",
        broken("protobuf", installed=with_packages(CHECKED, protobuf=None)),
        FAILS,
        "not installed",
        "pip install pin",
    ),
    ("protobuf", broken("numpy"), NOT_CHECKED, "7.36.2; TensorFlow could not be imported", ""),
    ("numpy", broken("numpy"), FAILS, "2.4.6 does not work with this TensorFlow", "pip install pin"),
    (
        "h5py",
        broken("h5py"),
        FAILS,
        "3.14.0 does not work with this TensorFlow: importing raised X",
        "pip install pin",
    ),
    (
        "h5py",
        {"model_file": ModelFile(Failure("cannot be read", "fix it:", "h5py", "pip install 'h5py<3'"))},
        FAILS,
        "3.14.0: cannot be read",
        "fix it:\npip install 'h5py<3'",
    ),
    ("h5py", {"model_file": None}, NOT_CHECKED, "3.14.0; no model file was written", ""),
    (
        "keras",
        broken("keras", tensorflow="2.16.2"),
        FAILS,
        "keras 3.15.1 does not work with",
        "pip install pin",
    ),
    (
        "keras",
        broken("tf_keras", tensorflow="2.21.0", installed=settings(TF_USE_LEGACY_KERAS="1")),
        FAILS,
        "tf_keras is not installed, TF_USE_LEGACY_KERAS=1",
        "pip install pin",
    ),
    ("keras", broken("jax", tensorflow="2.21.0"), FAILS, "importing raised X", "fix it:\nenv/bin/python"),
    ("keras", broken("protobuf"), NOT_CHECKED, "TensorFlow could not be imported", ""),
    (
        "keras",
        {
            "installed": settings(TF_USE_LEGACY_KERAS="1"),
            "frameworks": Frameworks("2.11.0", "2.11.0", "keras", "tensorflow"),
        },
        WARNING,
        "TF_USE_LEGACY_KERAS=1",
        "has no effect before TensorFlow 2.16",
    ),
    (
        "keras",
        {
            "installed": settings(KERAS_BACKEND="jax"),
            "frameworks": Frameworks("2.11.0", "2.11.0", "keras", "tensorflow"),
        },
        WARNING,
        "2.11.0 from keras",
        "unset KERAS_BACKEND=jax: it has no effect",
    ),
    ("clock", {"installed": replace(CHECKED, clock_ns=2500)}, WARNING, "2500 ns", "inflation"),
    (
        "recording",
        {"recording": None, "options": None, "failure": Failure("predict failed", "look at it")},
        FAILS,
        "predict failed",
        "look at it",
    ),
    ("recording", broken("protobuf"), NOT_CHECKED, "TensorFlow and its Keras could not be imported", ""),
    (
        "internals",
        {"recording": replace(MADE, coverage=None)},
        FAILS,
        "no function of the internals table",
        "unattributed",
    ),
    (
        "internals",
        {"recording": covered(190, MISSING)},
        WARNING,
        "generation keras-3.15, 190 of the table's functions found, 1 of that generation missing",
        "missing: keras.src.trainers.trainer.Trainer.run; their time counts for their callers",
    ),
    (
        "internals",
        {"recording": covered(90, *[MISSING] * 30)},
        WARNING,
        "30 of that generation missing",
        "and 25 more; this release differs much from all known ones",
    ),
    ("internals", {"recording": None}, NOT_CHECKED, "there is no recording", ""),
    (
        "probes",
        {"recording": captured("spans", status="failed", reason="ValueError: no")},
        FAILS,
        "ValueError: no",
        "without probes no time",
    ),
    (
        "probes",
        {
            "recording": replace(
                captured("spans", details=CaptureDetails(mechanism="recompilation")),
                unprobed=["DataHandler.steps"],
            )
        },
        OK,
        "through recompilation, 2 calls under probes; without one: DataHandler.steps",
        "",
    ),
    (
        "trace",
        {"recording": captured("tensorflow", status="skipped", reason="no profiler")},
        FAILS,
        "no profiler",
        "lacks only TensorFlow's own events",
    ),
    ("trace", {"recording": replace(MADE, trace_events=0)}, FAILS, "has no events", "another profiler"),
    (
        "trace",
        {"recording": replace(MADE, steps=1)},
        WARNING,
        "1800 events, 1 steps",
        "2 calls were made",
    ),
    (
        "trace",
        {"recording": replace(MADE, annotated=[])},
        WARNING,
        "0 phases",
        "TensorBoard will not show",
    ),
    (
        "profiler_options",
        {
            "options": ProfilerOptions(
                ASKED, told={"host_tracer_level": 2, "python_tracer_level": 0, "device_tracer_level": 1}
            )
        },
        OK,
        "asked for host 1, python 1, device 0, the trace was taken with host 2, python 0, device 1",
        "",
    ),
    ("profiler_options", {"options": ProfilerOptions(ASKED)}, OK, "ignored by this release", ""),
    (
        "profiler_options",
        {"options": ProfilerOptions(ASKED, python_events=99)},
        OK,
        "honoured: asked for host 1, python 1, device 0, 99 Python calls",
        "",
    ),
    (
        "profiler_options",
        {"options": ProfilerOptions(None, "this release has no ProfilerOptions")},
        OK,
        "this release has no ProfilerOptions; keras-profile passes none",
        "",
    ),
    ("profiler_options", {"options": None}, NOT_CHECKED, "an earlier step failed", ""),
    (
        "pyinstrument",
        {
            "recording": captured("pyinstrument", status="skipped", reason="none"),
            "installed": with_packages(CHECKED, pyinstrument=None),
        },
        WARNING,
        "not installed",
        "env/bin/python -m pip install pyinstrument",
    ),
    (
        "pyinstrument",
        {"recording": captured("pyinstrument", status="failed", reason="TypeError: x")},
        WARNING,
        "5.1.3: sampling failed: TypeError: x",
        "lack the check by sampling",
    ),
    (
        "pyinstrument",
        {"recording": replace(MADE, samples=0)},
        WARNING,
        "no samples in 2 calls",
        "lack the check",
    ),
    (
        "pyinstrument",
        {"recording": replace(MADE, sampler="pyinstrument.low_level.stat_profile_python")},
        WARNING,
        "by a timer in Python",
        "env/bin/python -m pip install --force-reinstall pyinstrument",
    ),
    ("page", {"recording": None}, NOT_CHECKED, "there is no recording", ""),
    (
        "tensorboard",
        {"here": replace(HERE, packages={})},
        WARNING,
        "not installed",
        "here/python -m pip install tensorboard==2.21.0 tensorboard-plugin-profile==2.24.2",
    ),
    (
        "tensorboard",
        {"here": replace(HERE, packages={}), "installed": with_packages(CHECKED, tensorboard="2.15.2")},
        OK,
        "2.15.2, in the checked environment",
        "",
    ),
    (
        "tensorboard",
        {"here": replace(HERE, packages={"tensorflow_cpu": "2.20.0"})},
        WARNING,
        "not installed",
        "since TensorFlow 2.20.0 needs other packages:\nhere/python -m venv tensorboard-env && ",
    ),
    (
        "tensorboard",
        {"here": replace(HERE, packages={"tensorflow": "2.21.0"})},
        WARNING,
        "not installed",
        "\nhere/python -m pip install tensorboard==2.21.0 ",
    ),
    (
        "tensorboard_plugin",
        {"here": replace(HERE, packages={"tensorboard": "2.21.0"})},
        WARNING,
        "no Profile tab",
        "here/python -m pip install tensorboard==2.21.0 tensorboard-plugin-profile==2.24.2",
    ),
    (
        "tensorboard_plugin",
        {"here": replace(HERE, packages={}), "installed": with_packages(CHECKED, tensorboard="2.15.2")},
        WARNING,
        "not installed, in the checked environment",
        "here/python -m pip install tensorboard==2.21.0",
    ),
    (
        "tensorboard_plugin",
        {"here": replace(HERE, packages={})},
        WARNING,
        "not installed",
        "the command at tensorboard's line",
    ),
    (
        "setuptools",
        {"here": with_packages(HERE, tensorboard="2.20.0", setuptools="82.0.1")},
        FAILS,
        "82.0.1, beside keras-profile; TensorBoard 2.20.0 needs setuptools<82 to start",
        "here/python -m pip install 'setuptools<82'",
    ),
    (
        "setuptools",
        {"here": with_packages(HERE, tensorboard="2.20.0", setuptools=None)},
        FAILS,
        "not installed",
        "setuptools<82",
    ),
    ("setuptools", {"here": with_packages(HERE, setuptools="82.0.1")}, OK, "82.0.1", ""),
    ("setuptools", {"here": with_packages(HERE, tensorboard="2.19.0")}, OK, "as TensorBoard 2.19.0", ""),
    (
        "snakeviz",
        {"here": replace(HERE, packages={})},
        WARNING,
        "not installed",
        "here/python -m pip install snakeviz",
    ),
    (
        "traces",
        {"log_folder": LogFolder("logs")},
        FAILS,
        "there is no trace in logs",
        "reports/NAME/tensorboard",
    ),
    (
        "places",
        {"log_folder": replace(FOLDER, not_listed=["a/vm.xplane.pb"], above="up here")},
        FAILS,
        "lists no run for a/vm.xplane.pb",
        "give TensorBoard the folder above plugins:\ntensorboard --logdir 'up here'",
    ),
    (
        "places",
        {"log_folder": replace(FOLDER, not_listed=["a/1.pb", "a/2.pb", "b/3.pb"])},
        FAILS,
        "lists no run for a/1.pb, a/2.pb, b/3.pb",
        "mkdir -p logs/plugins/profile/a-moved && mv logs/a/1.pb logs/a/2.pb logs/plugins/profile/a-moved",
    ),
    (
        "places",
        {"log_folder": replace(FOLDER, not_listed=["b/1.pb"])},
        FAILS,
        "lists no run for b/1.pb",
        "mkdir -p logs/plugins/profile/b && mv logs/b/1.pb logs/plugins/profile/b",
    ),
    (
        "whole_files",
        {"log_folder": replace(FOLDER, traces=[log_file("a/1.xplane.pb", 0)])},
        FAILS,
        "empty (0 bytes): a/1.xplane.pb",
        "passes 2 GB",
    ),
    (
        "whole_files",
        {"log_folder": replace(FOLDER, cut_short=["a/1.xplane.pb"])},
        FAILS,
        "cut short: a/1.xplane.pb",
        "disk may have been full",
    ),
    (
        "whole_files",
        {"log_folder": replace(FOLDER, traces=[log_file("a", 0)], cut_short=["b"])},
        FAILS,
        "empty (0 bytes): a; cut short: b",
        "or stop the profiler earlier; the disk may have been full",
    ),
    (
        "local_traces",
        {"log_folder": LogFolder("logs", local_traces=[log_file("a/local.trace")])},
        FAILS,
        ("1 run has only files of TensorFlow 2.0 and 2.1: today's TensorBoard lists it but shows no data"),
        "keras-profile profile TARGET --python PATH",
    ),
    (
        "local_traces",
        {
            "log_folder": LogFolder(
                "logs",
                local_traces=[
                    log_file("a/local.trace", recording="traces/x"),
                    log_file("b/local.trace", recording="traces/x"),
                ],
            )
        },
        FAILS,
        "2 runs have only",
        "keras-profile report traces/x",
    ),
    (
        "json_traces",
        {"log_folder": LogFolder("logs", json_traces=[log_file("a/vm.trace.json.gz")])},
        FAILS,
        "1 run has only files of TensorFlow 2.2 and 2.3",
        "open the .trace.json.gz in Perfetto",
    ),
    (
        "caches",
        {
            "log_folder": replace(
                FOLDER, caches=[log_file("plugins/profile/a/ALL_HOSTS.op_stats_v2.pb", modified=990.0)]
            )
        },
        WARNING,
        "older than the trace beside it",
        "rm logs/plugins/profile/a/ALL_HOSTS.op_stats_v2.pb",
    ),
    (
        "caches",
        {"log_folder": replace(FOLDER, caches=[log_file("plugins/profile/b/vm.SSTABLE")])},
        WARNING,
        "there is no trace beside plugins/profile/b/vm.SSTABLE",
        "rm logs/plugins/profile/b/vm.SSTABLE",
    ),
    (
        "caches",
        {"log_folder": replace(FOLDER, caches=[log_file("plugins/profile/a/vm.SSTABLE", modified=1001.0)])},
        OK,
        "none is older",
        "",
    ),
]


def line_of(check, facts):
    (line,) = [line for line in judge_all(facts, CHECKS + LOG_FOLDER_CHECKS) if line.check == check]
    return line


@pytest.mark.parametrize("check", [check.id for check in CHECKS + LOG_FOLDER_CHECKS])
def test_all_is_well(check):
    line = line_of(check, GOOD)
    assert (line.status, line.advice, line.command) == (OK, "", "")
    assert line.text


@pytest.mark.parametrize(("check", "changes", "status", "text", "beneath"), CASES)
def test_a_check(check, changes, status, text, beneath):
    line = line_of(check, replace(GOOD, **changes))
    assert line.status == status
    assert text in line.text
    assert beneath in f"{line.advice}\n{line.command}"
    if status in (FAILS, WARNING):
        assert line.advice or line.command, "who reads it must know what to do"
        assert not line.command or shlex.split(line.command)
    else:
        assert (line.advice, line.command) == ("", "")


def test_every_check_has_a_case():
    assert {case[0] for case in CASES} == {check.id for check in CHECKS + LOG_FOLDER_CHECKS}


def test_what_is_missing_is_not_checked_and_nothing_else_raises():
    facts = Facts(here=HERE, failure=Failure("it died"))
    lines = {line.check: line.status for line in make_checkup(facts, "env/bin/python").lines}
    assert lines.pop("python") == FAILS
    assert {name for name, status in lines.items() if status == OK} == {
        "tensorboard",
        "tensorboard_plugin",
        "setuptools",
        "snakeviz",
    }
    assert set(lines.values()) == {OK, NOT_CHECKED}


@pytest.mark.parametrize(
    ("changes", "works"),
    [
        ({}, True),
        ({"here": replace(HERE, packages={})}, True),
        ({"options": None}, True),
        (broken("protobuf"), False),
        ({"log_folder": LogFolder("logs")}, False),
    ],
)
def test_it_works_where_nothing_fails(changes, works):
    assert make_checkup(replace(GOOD, **changes), "env/bin/python").works is works


def test_a_log_folder_is_checked_only_where_one_is_given():
    ids = [line.check for line in make_checkup(replace(GOOD, log_folder=None), "env/bin/python").lines]
    assert ids == [check.id for check in CHECKS]


def printed(facts, width=80):
    buffer = io.StringIO()
    print_checkup(make_checkup(facts, "env/bin/python"), Console(file=buffer, width=width, color_system=None))
    return buffer.getvalue()


def test_a_command_stays_on_one_line():
    long = "env/bin/python -m pip install " + " ".join(["'protobuf<8.0.0,>=6.31.1'"] * 5)
    lines = printed(replace(GOOD, **broken("protobuf", long))).splitlines()
    assert f"             {long}" in lines


def test_what_a_dead_process_said_stands_above_the_lines():
    facts = replace(GOOD, **broken("", ""))
    facts = replace(facts, failure=replace(facts.failure, said="last words\x1b[31m\nof it"))
    assert printed(facts).startswith("last words\\x1b[31m\nof it\n\nchecking env/bin/python\n")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "24 checks: all passed"),
        ({"here": replace(HERE, packages={})}, "24 checks: 3 with a warning"),
        ({"log_folder": LogFolder("logs")}, "24 checks: 1 failed"),
        (broken("numpy"), "24 checks: 2 failed, 10 not checked"),
    ],
)
def test_the_summary(changes, said):
    assert summary(make_checkup(replace(GOOD, **changes), "env/bin/python")) == said


def test_the_checkup_for_programs():
    checkup = make_checkup(replace(GOOD, **broken("numpy")), "env/bin/python")
    content = json.loads(encode_json(checkup))
    assert content["schema"] == {"name": "keras_profile.checkup", "version": 1}
    assert content["works"] is False
    assert content["log_folder"] == "logs"
    assert [line for line in content["lines"] if line["check"] == "numpy"] == [
        {
            "check": "numpy",
            "status": "fails",
            "text": "2.4.6 does not work with this TensorFlow",
            "advice": "",
            "command": "env/bin/python -m pip install pin",
        }
    ]
