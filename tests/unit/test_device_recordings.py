"""Recordings with a GPU: what it did in the traced calls, the layers' time on it, and what rules say."""

from __future__ import annotations

import json
import shutil

import pytest

from keras_profile.analysis.rules.catalogue import RULES
from keras_profile.analysis.workload_report import workload_report
from keras_profile.cli import main
from keras_profile.output.report import to_markdown
from keras_profile.recordings.opened import open_recording
from support.device_recordings import ROOT, with_gpu
from support.device_traces import COPY, OP

DEVICE_RULES = [rule.id for rule in RULES if "devices" in rule.needs]
NAMES = ("functional_1/dense_1/MatMul:MatMul", "functional_1/dense_1_2/Relu:Relu")


def computes(call):
    """Two kernels within the run of the model: 20% and 10% of it."""
    tenth = (call.run_end - call.run_begin) // 10
    begin = call.run_begin + 2 * tenth
    return [
        ("ampere_sgemm_32x32", begin, begin + 2 * tenth, {OP: NAMES[0]}),
        ("relu", begin + 2 * tenth, begin + 3 * tenth, {OP: NAMES[1]}),
    ]


def copies(call):
    return [("MemcpyH2D", call.run_begin, call.run_begin + 1000, {COPY: "size:512 dest:0"})]


def of(recording):
    return workload_report(open_recording(recording))


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    to = tmp_path_factory.mktemp("gpu") / "with-gpu"
    return with_gpu(to, {"Stream #1(Compute)": computes, "Stream #2(MemcpyH2D)": copies})


@pytest.fixture(scope="module")
def report(recording):
    return of(recording)


def test_the_gpu_stands_beside_phases_that_stay_as_they_are(report):
    without = of(ROOT / "traces" / "demo-keras-3.15")
    assert report.attribution.phases == without.attribution.phases
    assert without.attribution.devices == []
    (gpu,) = report.attribution.devices
    assert sum(one.idle_ns for one in gpu.waits) == gpu.idle_ns
    assert gpu.busy_share == pytest.approx(gpu.busy_ns / (gpu.busy_ns + gpu.idle_ns), abs=1e-6)
    assert (gpu.kernels_per_step, gpu.copies[0].count_per_step, gpu.copies[0].bytes_per_step) == (
        2.0,
        1.0,
        512,
    )


def test_idle_time_is_in_the_phases_of_the_calling_thread(report):
    (gpu,) = report.attribution.devices
    idle = {one.phase: one.idle_ns for one in gpu.waits}
    # It computes within the run of the model alone, for 30% of it: the rest of that phase is idle.
    assert gpu.busy_ns / (gpu.busy_ns + idle["execution"]) == pytest.approx(0.3, abs=0.02)
    assert gpu.waits[0].phase == "iterator_creation"
    shares = {one.phase: one.share for one in report.attribution.phases}
    assert gpu.waits[0].share == pytest.approx(shares["iterator_creation"], abs=0.03)


def test_waits_for_the_device_are_synchronization_wherever_python_is(recording, report, tmp_path):
    """The runs of functions are made waits: their names are equally long."""
    to = tmp_path / "waiting"
    shutil.copytree(recording, to)
    for file in (to / "tensorflow").rglob("*.xplane.pb"):
        content = file.read_bytes()
        assert b"KernelAndDeviceFunc::Run" in content
        file.write_bytes(content.replace(b"KernelAndDeviceFunc::Run", b"cuStreamSynchronize_ptsz"))
    waiting = of(to).attribution
    before, after = ({one.phase: one.self_ns for one in its.phases} for its in (report.attribution, waiting))
    assert sum(after.values()) == sum(before.values()) == waiting.total_ns
    # Of the phases that the runs are in, the one that runs the model has the wait for it already.
    assert after["execution"] == before["execution"]
    lost = before["iterator_creation"] - after["iterator_creation"]
    assert lost > 0.001 * before["iterator_creation"]
    assert after["synchronization"] - before["synchronization"] >= lost
    assert after["function_tracing"] == before["function_tracing"]
    (gpu,) = waiting.devices
    assert sum(one.idle_ns for one in gpu.waits) == gpu.idle_ns


def test_layers_have_the_time_of_the_device(report):
    (gpu,) = report.attribution.devices
    assert [(one.layer, one.ops) for one in report.attribution.layers] == [
        ("dense", ["MatMul"]),
        ("dense_1", ["Relu"]),
    ]
    assert sum(one.self_ns for one in report.attribution.layers) == pytest.approx(gpu.kernels_ns, abs=2)
    assert report.attribution.layers[0].share == pytest.approx(2 / 3, abs=0.01)


def test_matrices_off_tensor_cores_are_known_by_the_kernels_names(report, tmp_path):
    (gpu,) = report.attribution.devices
    assert (gpu.matrix_kernels_ns, gpu.tensor_cores_ns) == (gpu.kernels[0].self_ns, 0)

    def on_cores(call):
        return [("ampere_fp16_s16816gemm_fp16_64x64", *row[1:]) for row in computes(call)]

    (gpu,) = of(with_gpu(tmp_path / "fp16", {"Stream #1": on_cores})).attribution.devices
    # The second kernel has the name of a product of matrices, and is of an op that is none.
    assert gpu.matrix_kernels_ns == gpu.tensor_cores_ns == gpu.kernels[0].self_ns


def test_the_wait_for_the_input_is_part_of_the_cause_of_it(report):
    first = report.findings[0]
    assert first.rule == "pipeline_rebuilt"
    assert first.title.endswith("; GPU:0 is idle meanwhile")
    assert any(line.startswith("GPU:0 is busy 0.") for line in first.evidence)
    waits = next(one for one in report.findings if one.rule == "device_waits")
    assert (waits.verdict, waits.within) == ("included", "pipeline_rebuilt")


def test_without_a_device_rules_say_so_and_nothing_else():
    found = {one.rule: one for one in of(ROOT / "traces" / "demo-keras-3.15").findings}
    assert {found[rule].verdict for rule in DEVICE_RULES} == {"not_found"}
    assert {tuple(found[rule].evidence) for rule in DEVICE_RULES} == {("no device",)}


def test_it_is_on_the_screen_in_full_and_in_markdown(recording, report, tmp_path, capsys):
    assert main(["report", str(recording), "--out", str(tmp_path)]) == 0
    screen = " ".join(capsys.readouterr().out.split())
    assert "/device:GPU:0 is busy" in screen
    assert main(["report", str(recording), "--out", str(tmp_path / "full"), "--full"]) == 0
    full = " ".join(capsys.readouterr().out.split())
    assert "kernels of /device:GPU:0 by scope" in full
    assert "layers, by kernel time on devices" in full
    text = to_markdown.render(report)
    assert "## /device:GPU:0" in text
    assert "| MatMul |" in text


def test_names_on_the_device_cannot_write_markdown(tmp_path):
    def hostile(call):
        return [("gemm", call.run_begin, call.run_begin + 1000, {OP: "net/<b>x</b>|y:<img src=x onerror=1>"})]

    text = to_markdown.render(of(with_gpu(tmp_path / "hostile", {"Stream #1": hostile})))
    assert "<img" not in text


def test_more_traces_of_one_device_are_one(recording):
    opened = open_recording(recording)
    assert len(opened.traces) > 1
    assert len(workload_report(opened).attribution.devices) == 1


def test_streams_are_lanes_in_exports_as_in_the_page(recording, tmp_path):
    file = tmp_path / "trace.json"
    assert main(["export", str(recording), "--format", "chrome", "--output", str(file)]) == 0
    events = json.loads(file.read_text())["traceEvents"]
    threads = {one["tid"]: one["args"]["name"] for one in events if one["name"] == "thread_name"}
    found = {
        (threads[one["tid"]], one["name"])
        for one in events
        if threads.get(one.get("tid"), "").startswith("/dev")
    }
    assert {name for thread, name in found if "Stream #1(Compute)" in thread} >= set(NAMES)
    assert {name for thread, name in found if "Stream #2(MemcpyH2D)" in thread} >= {"MemcpyH2D"}
