"""Traces of any format, and files that are something else: read, or named for what they are."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from keras_profile.cli import main
from keras_profile.errors import RecordingError
from keras_profile.features.trace.trace_files import make_trace_report
from keras_profile.recordings.readers.trace_file import read_trace_file
from support.commands import ROOT
from support.device_traces import on_host, step, waiting_for_input, written

TRACES = ROOT / "traces"
#: Real traces of public repositories, which are not part of this one.
PUBLIC = ROOT.parent / "shared" / "traces"
needs_public = pytest.mark.skipif(not PUBLIC.is_dir(), reason="the public traces are not here")


def refused(path):
    with pytest.raises(RecordingError) as caught:
        make_trace_report([path])
    assert caught.value.advice
    return caught.value.message


def chrome(*events, **others):
    made = [
        {"ph": "M", "pid": 1, "name": "process_name", "args": {"name": "/host:CPU"}},
        {"ph": "M", "pid": 1, "tid": 2, "name": "thread_name", "args": {"name": "python3"}},
    ]
    made += [
        {"ph": "X", "pid": pid, "tid": tid, "ts": begin, "dur": end - begin, "name": name, "args": args}
        for pid, tid, name, begin, end, args in events
    ]
    return json.dumps({"traceEvents": made, **others}).encode()


# --- what is read ---


@pytest.mark.parametrize("name", ["host.trace.json.gz", "host.trace.json", "anything.json"])
def test_json_is_divided_by_the_same_tables(tmp_path, name):
    data = chrome(
        (1, 2, "predict", 0, 100, {"step_num": "0"}),
        (1, 2, "MakeIterator::RangeDataset", 10, 60, {}),
        (1, 3, "FunctionRun", 0, 500, {}),
    )
    path = tmp_path / name
    path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    (host,) = make_trace_report([path]).hosts
    assert (host.thread, host.step_names) == ("python3", ["predict"])
    assert {one.phase: one.self_ns for one in host.division.phases} == {
        "iterator_creation": 50_000,
        "python": 50_000,
    }
    assert host.host == name.removesuffix(".gz").removesuffix(".trace.json") or name == "anything.json"


def test_a_device_in_json_is_one_too(tmp_path):
    data = chrome(
        (1, 2, "predict", 0, 100, {"step_num": "0"}),
        (1, 2, "MakeIterator::RangeDataset", 0, 60, {}),
        (7, 1, "gemm", 70, 90, {}),
    )
    content = json.loads(data)
    content["traceEvents"].append(
        {"ph": "M", "pid": 7, "name": "process_name", "args": {"name": "/device:GPU:0"}}
    )
    path = tmp_path / "host.trace.json"
    path.write_text(json.dumps(content))
    (host,) = make_trace_report([path]).hosts
    (gpu,) = host.devices
    assert (gpu.device, gpu.busy_ns, gpu.waits[0].phase) == ("/device:GPU:0", 20_000, "iterator_creation")


def test_traces_of_tensorflow_2_0_and_2_2_are_read_in_folders():
    for name in ("demo-tf-2.0", "demo-tf-2.2"):
        report = make_trace_report([TRACES / name])
        assert report.hosts
        phases = {one.phase for host in report.hosts for one in host.division.phases}
        assert "iterator_creation" in phases


def test_the_same_trace_in_another_format_counts_once(tmp_path):
    written(tmp_path / "host.xplane.pb", *waiting_for_input())
    (tmp_path / "host.trace.json.gz").write_bytes(gzip.compress(chrome()))
    (tmp_path / "other.trace.json").write_bytes(chrome((1, 2, "FunctionRun", 0, 5, {})))
    report = make_trace_report([tmp_path])
    assert sorted(Path(host.file).name for host in report.hosts) == ["host.xplane.pb", "other.trace.json"]
    assert [Path(one).name for one in report.other_formats] == ["host.trace.json.gz"]


def test_copies_of_other_names_count_once(tmp_path):
    for host in ("10.0.0.1_6003", "10.0.0.2_6003"):
        written(tmp_path / f"{host}.xplane.pb", *waiting_for_input())
    report = make_trace_report([tmp_path])
    assert len(report.hosts) == len(report.copies) == 1


def test_a_broken_file_of_a_folder_costs_itself_alone(tmp_path, capsys):
    written(tmp_path / "good.xplane.pb", *waiting_for_input())
    (tmp_path / "empty.xplane.pb").write_bytes(b"")
    (tmp_path / "torch.trace.json").write_bytes(chrome(deviceProperties=[]))
    assert main(["trace", str(tmp_path)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "empty.xplane.pb: the trace is empty (0 bytes)" in out
    assert "torch.trace.json: expected a TensorFlow trace, found a trace of PyTorch (Kineto)" in out
    (tmp_path / "good.xplane.pb").unlink()
    assert "none of 2 traces could be read" in refused(tmp_path)


def test_links_in_a_loop_are_not_followed(tmp_path):
    written(tmp_path / "run" / "host.xplane.pb", *waiting_for_input())
    (tmp_path / "run" / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert len(make_trace_report([tmp_path]).hosts) == 1


def test_names_that_are_no_text_are_shown(tmp_path, capsys):
    path = Path(str(tmp_path / "ho\udcffst.xplane.pb"))
    written(path, *waiting_for_input())
    for options in ([], ["--json"]):
        assert main(["trace", str(tmp_path), *options]) == 0
        assert "ho" in capsys.readouterr().out


# --- the main thread ---


def test_the_interpreter_s_thread_is_the_main_one_however_much_others_do(tmp_path):
    host = on_host(("FunctionRun", 0, 100))
    busy = (
        "tf_gpu_private_4/-19",
        1_000_000,
        *(("ExecutorState::Process", at, at + 1, {}) for at in range(50)),
    )
    host.lines.append(busy)
    path = written(tmp_path / "host.xplane.pb", host)
    assert make_trace_report([path]).hosts[0].thread == "python3"
    assert make_trace_report([path], "tf_gpu_private_4/-19").hosts[0].thread == "tf_gpu_private_4/-19"
    with pytest.raises(RecordingError, match="expected a thread called nobody") as caught:
        make_trace_report([path], "nobody")
    assert "python3, tf_gpu_private_4/-19" in caught.value.advice


def test_a_thread_can_be_named_on_the_command_line(tmp_path, capsys):
    path = written(tmp_path / "host.xplane.pb", *waiting_for_input())
    assert main(["trace", str(path), "--thread", "python3"]) == 0
    assert main(["trace", str(path), "--thread", "other"]) == 2
    assert "its threads: python3" in capsys.readouterr().err


# --- JAX, training ---


def test_a_trace_of_jax_says_so(tmp_path):
    host = on_host(
        ("$train.py:10 main", 0, 1000),
        ("PjitFunction(f)", 100, 400),
        ("PjRtStreamExecutorLoadedExecutable::Execute", 150, 350),
        name="python",
    )
    (found,) = make_trace_report([written(tmp_path / "host.xplane.pb", host)]).hosts
    assert found.made_by == "jax"
    assert any("trace of JAX" in note for note in found.notes)
    phases = {one.phase: one.self_ns for one in found.division.phases}
    assert phases == {"python": 700, "dispatch": 100, "execution": 200}


@pytest.mark.parametrize(
    ("event", "is_training"),
    [
        ("gradient_tape/model/dense/MatMul:MatMul", True),
        ("Adam/Adam/update/ResourceApplyAdam:ResourceApplyAdam", True),
        ("model/dense/MatMul:MatMul", False),
        ("model/adaptive/MatMul:MatMul", False),
    ],
)
def test_training_is_called_training(tmp_path, event, is_training):
    host = on_host(step(0, 0, 100), (event, 10, 20))
    (found,) = make_trace_report([written(tmp_path / "host.xplane.pb", host)]).hosts
    assert any("trace of training" in note for note in found.notes) == is_training


# --- what is something else ---


def test_a_file_that_was_copied_as_text_says_so(tmp_path):
    path = written(tmp_path / "host.xplane.pb", *waiting_for_input())
    path.write_bytes(path.read_bytes().decode("utf-8", "replace").encode() * 3)
    damaged = bytes(range(256)) * 20
    path.write_bytes(damaged.decode("utf-8", "replace").encode())
    assert "copied as text" in refused(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (chrome(deviceProperties=[]), "a trace of PyTorch (Kineto)"),
        (b'{"$schema": "https://www.speedscope.app/file-format-schema.json"}', "a profile of speedscope"),
        (b'{"session": {}, "frame_tree": {}}', "a session of pyinstrument"),
        (b'{"memoryProfilePerAllocator": {}}', "a memory profile of TensorFlow"),
        (b'{"a": 1}', "JSON without trace events"),
        (chrome((1, 2, "alpha", 0, 5, {})), "without an event of TensorFlow"),
        (b'[{"pid": 0, "tid": 0, "ph": "X", "ts": 0, "dur": 10, "name": "alpha"}]', "without an event"),
    ],
)
def test_json_of_others_is_named(tmp_path, content, words):
    path = tmp_path / "host.trace.json"
    path.write_bytes(content)
    assert words in refused(path)
    path.write_bytes(gzip.compress(content))
    assert words in refused(path)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("host.overview_page.pb", "what TensorBoard made of one"),
        ("host.kernel_stats.pb", "what TensorBoard made of one"),
        ("ALL_HOSTS.op_stats_v2.pb", "what TensorBoard made of one"),
        ("events.out.tfevents.1.host", "a log of TensorBoard"),
    ],
)
def test_other_files_of_a_log_folder_are_named(tmp_path, name, words):
    path = tmp_path / name
    path.write_bytes(b"")
    assert words in refused(path)


def test_a_folder_without_traces_says_what_was_looked_for(tmp_path):
    (tmp_path / "host.overview_page.pb").write_bytes(b"1")
    message = refused(tmp_path)
    assert ".xplane.pb" in message
    assert "local.trace" in message


# --- real ones ---


@needs_public
def test_the_public_gpu_trace_has_its_devices_and_thread():
    report = make_trace_report([PUBLIC / "profiler_demo"])
    (host,) = report.hosts
    assert len(report.copies) == 1
    assert host.thread == "python3"
    assert [one.device for one in host.devices] == ["/device:GPU:1", "/device:GPU:4", "/device:GPU:6"]
    for gpu in host.devices:
        assert gpu.busy_ns + gpu.idle_ns == host.division.step_ns
        assert sum(one.self_ns for one in gpu.scopes) == gpu.kernels_ns
    assert any("training" in note for note in host.notes)


@needs_public
@pytest.mark.parametrize("name", ["934987a2fc2f", "chi-mi300x-013.ord.vultr.cpe.ice.amd.com"])
def test_public_traces_of_jax_are_called_that(name):
    (host,) = make_trace_report([PUBLIC / "jax" / f"{name}.xplane.pb"]).hosts
    assert host.made_by == "jax"
    assert host.thread.startswith("python")
    assert host.devices


@needs_public
def test_a_public_log_folder_of_mixed_formats_is_read(tmp_path):
    shutil.copytree(PUBLIC / "hoon_logs", tmp_path / "logs")
    report = make_trace_report([tmp_path / "logs"])
    assert len(report.hosts) == 5
    assert len(report.other_formats) == 3
    assert report.failed == []
    assert {host.thread for host in report.hosts} == {"python3"}


@needs_public
def test_public_files_that_are_something_else_are_named():
    (tpu,) = (PUBLIC / "xprof_tpu_inference").glob("*.pb")
    assert "copied as text" in refused(tpu)
    assert "PyTorch" in refused(PUBLIC / "not_tensorflow" / "torch_trace.json.gz")
    (found,) = (PUBLIC / "sagemaker_tf22").rglob("*.trace.json.gz")
    assert read_trace_file(found).lines
    assert make_trace_report([PUBLIC / "sagemaker_tf22"]).hosts


XPROF = """
import json, sys
from xprof.convert import raw_to_tool_data
data, _ = raw_to_tool_data.xspace_to_tool_data([sys.argv[1]], "kernel_stats", {})
table = json.loads(data)
(table,) = table if isinstance(table, list) else [table]
column = [one["id"] for one in table["cols"]].index("total_duration_us")
print(sum(row["c"][column]["v"] for row in table["rows"]))
"""


@needs_public
def test_kernels_take_as_long_as_xprof_says():
    (path, _) = sorted((PUBLIC / "profiler_demo").rglob("*.xplane.pb"))
    finished = subprocess.run(
        [sys.executable, "-c", XPROF, str(path)], capture_output=True, text=True, check=True, timeout=120
    )
    (host,) = make_trace_report([path]).hosts
    assert sum(gpu.kernels_ns for gpu in host.devices) / 1000 == pytest.approx(
        float(finished.stdout), rel=1e-3
    )
