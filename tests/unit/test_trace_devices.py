"""GPUs and TPUs in traces: when they are busy, what they wait for, and what they run."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_profile.analysis.attribution.device_work import Busy, activity_of, direction
from keras_profile.cli import main
from keras_profile.features.trace import trace_partition
from keras_profile.features.trace.trace_files import make_trace_report
from keras_profile.model.trace import Correlated
from keras_profile.recordings.readers import xspace
from keras_profile.recordings.readers.xspace import read_xspace
from support.device_traces import COPY, NAME, OP, Plane, on_gpu, on_host, step, waiting_for_input, written


def only_host(path, *planes, **options):
    (host,) = make_trace_report([written(path, *planes)], **options).hosts
    return host


@pytest.fixture
def file(tmp_path):
    return tmp_path / "host.xplane.pb"


# --- when something is busy ---

SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=12)


@given(SPANS, st.lists(st.integers(-5, 99), min_size=1, max_size=5))
def test_busy_time_is_that_of_the_union(spans, times):
    begin, length = (np.array([one[at] for one in spans], dtype=np.int64) for at in (0, 1))
    busy = Busy.of(begin, begin + length)
    covered = {at for start, size in spans for at in range(start, start + size)}
    expected = [sum(at < time for at in covered) for time in times]
    assert busy.upto(np.array(times)).tolist() == expected


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("MemcpyH2D", "to the device"),
        ("MemcpyD2H", "from the device"),
        ("CopyDeviceToDevice", "on the device"),
        ("Memcpy DtoH (Device -> Pinned)", "from the device"),
        ("MemcpyP2P", "between devices"),
        ("Memset", "fill"),
        ("__amd_rocclr_fillBufferAligned.kd", "fill"),
        ("void gemm<float>", None),
        ("CopyKernel", None),
    ],
)
def test_copies_are_told_from_kernels(name, where):
    assert direction(name) == where


# --- a GPU beside the host ---


def test_idle_time_is_given_to_what_the_host_did(file):
    host = only_host(file, *waiting_for_input())
    (gpu,) = host.devices
    assert host.division.step_ns == 1000
    assert (gpu.device, gpu.busy_ns, gpu.idle_ns) == ("/device:GPU:0", 210, 790)
    assert gpu.busy_share == 0.21
    # Of 250 ns of execution it is busy for 210; nothing runs after the function returned.
    assert {one.phase: one.idle_ns for one in gpu.waits} == {
        "iterator_creation": 700,
        "execution": 40,
        "python": 50,
    }
    assert gpu.waits[0].share == pytest.approx(700 / 790, abs=1e-6)
    assert gpu.overlap_ns == 10
    assert gpu.outside_ns == 100


def test_kernels_are_divided_by_op_and_scope(file):
    (gpu,) = only_host(file, *waiting_for_input()).devices
    assert {one.op: (one.self_ns, one.count_per_step) for one in gpu.kernels} == {
        "MatMul": (150, 1.0),
        "Relu": (50, 1.0),
    }
    assert {one.scope: one.self_ns for one in gpu.scopes} == {"model/dense": 100, "model/dense_1": 100}
    assert sum(one.self_ns for one in gpu.scopes) == gpu.kernels_ns == 200


def test_copies_have_their_direction_and_size(file):
    (gpu,) = only_host(file, *waiting_for_input()).devices
    (copy,) = gpu.copies
    assert (copy.direction, copy.self_ns, copy.count_per_step, copy.bytes_per_step) == (
        "to the device",
        20,
        1.0,
        2560,
    )


def test_a_copy_without_a_size_has_none(file):
    host, gpu = waiting_for_input()
    gpu.lines[1] = ("Stream #2(MemcpyH2D)", 1_000_000, ("MemcpyH2D", 710, 730, {}))
    assert only_host(file, host, gpu).devices[0].copies[0].bytes_per_step is None


def test_the_host_is_divided_as_without_a_device(file, tmp_path):
    host, gpu = waiting_for_input()
    alone = only_host(tmp_path / "alone.xplane.pb", host)
    beside = only_host(file, host, gpu)
    assert beside.division == alone.division
    assert alone.devices == []
    assert not any("device" in note or "GPU" in note for note in alone.notes)


def test_what_was_derived_is_no_activity_but_says_the_ops(file):
    host, _ = waiting_for_input()
    gpu = on_gpu(
        ("Stream #1(Compute)", 1_000_000, ("gemm", 100, 200, {}), ("other", 300, 310, {})),
        ("TensorFlow Ops", 1_000_000, ("replica_1/net/dense/MatMul:MatMul", 90, 210, {})),
        ("TensorFlow Name Scope", 1_000_000, ("net", 90, 900, {})),
        ("Steps", 1_000_000, ("0", 0, 999, {})),
    )
    (found,) = only_host(file, host, gpu).devices
    assert found.busy_ns == 55  # of two steps, 110 in the first
    assert {one.scope: one.self_ns for one in found.scopes} == {"net/dense": 50, "": 5}
    assert {one.op for one in found.kernels} == {"MatMul", "other"}


def test_an_op_without_a_name_leaves_the_kernel_its_own(file):
    host, _ = waiting_for_input()
    gpu = on_gpu(
        ("Stream #1(Compute)", 1_000_000, ("gemm", 100, 200, {})),
        ("TensorFlow Ops", 1_000_000, ("", 90, 210, {})),
    )
    (found,) = only_host(file, host, gpu).devices
    assert [(one.op, one.self_ns) for one in found.kernels] == [("gemm", 50)]


def test_a_tpu_is_busy_while_its_ops_run(file):
    host, _ = waiting_for_input()
    tpu = Plane(
        "/device:TPU:0",
        [
            ("XLA Modules", 1_000_000, ("jit_f", 0, 900, {})),
            ("XLA Ops", 1_000_000, ("fusion.1", 100, 300, {NAME: "jit(f)/dense/dot_general"})),
        ],
    )
    (found,) = only_host(file, host, tpu).devices
    assert (found.device, found.busy_ns) == ("/device:TPU:0", 100)
    assert [one.scope for one in found.scopes] == ["jit(f)/dense"]


def test_devices_without_events_are_named(file):
    host, gpu = waiting_for_input()
    found = only_host(file, host, gpu, on_gpu(name="/device:GPU:1"))
    assert [one.device for one in found.devices] == ["/device:GPU:0"]
    assert "nothing ran on /device:GPU:1" in found.notes


def test_a_device_may_begin_before_the_host(file):
    host = on_host(step(0, 0, 1000), ("FunctionRun", 100, 900), start_ns=5_000)
    gpu = on_gpu(("Stream #1", 4_500, ("gemm", 0, 600, {}), ("gemm", 700, 800, {})))
    (found,) = only_host(file, host, gpu).devices
    # The step is from 500 to 1500 ns after the GPU's first event.
    assert (found.busy_ns, found.idle_ns, found.outside_ns) == (200, 800, 600)


TIMES = st.tuples(st.integers(0, 2000), st.integers(0, 400))


@given(st.lists(TIMES, min_size=1, max_size=15), st.lists(TIMES, max_size=15))
def test_busy_and_idle_time_sum_to_the_step_exactly(tmp_path_factory, on_stream, of_host):
    host = on_host(
        step(0, 0, 1000),
        step(1, 1000, 2400),
        *(
            (
                ("MakeIterator::RangeDataset", "FunctionRun", "TFE_DeleteTensorHandle")[number % 3],
                begin,
                begin + size,
            )
            for number, (begin, size) in enumerate(of_host)
        ),
    )
    stream = ("Stream #1", 1_000_000, *(("gemm", begin, begin + size, {}) for begin, size in on_stream))
    path = tmp_path_factory.mktemp("sums") / "host.xplane.pb"
    found = only_host(path, host, on_gpu(stream))
    for gpu in found.devices:
        assert gpu.busy_ns + gpu.idle_ns == found.division.step_ns
        assert sum(one.idle_ns for one in gpu.waits) == gpu.idle_ns
        assert sum(one.self_ns for one in gpu.scopes) == gpu.kernels_ns


def test_the_wait_for_a_device_is_synchronization(file):
    host = on_host(
        step(0, 0, 1000),
        ("FunctionRun", 100, 900),
        ("cuStreamSynchronize", 300, 800),
    )
    gpu = on_gpu(("Stream #1", 1_000_000, ("gemm", 300, 780, {})))
    found = only_host(file, host, gpu)
    phases = {one.phase: one.self_ns for one in found.division.phases}
    assert (phases["execution"], phases["synchronization"]) == (300, 500)
    report = make_trace_report([file])
    assert "synchronization" not in report.not_told
    assert "entry" in report.not_told


def test_small_pieces_give_the_same(file, monkeypatch):
    whole = only_host(file, *waiting_for_input()).devices
    monkeypatch.setattr(
        trace_partition, "nested", lambda line, nested=trace_partition.nested: nested(line, 1)
    )
    assert only_host(file, *waiting_for_input()).devices == whole


def test_a_kernel_of_many_ops_counts_for_each_of_them(file):
    gpu = on_gpu(
        (
            "Stream #1",
            1_000_000,
            *(("gemm", at, at + 1, {OP: f"m/d{at % 2}/MatMul:MatMul"}) for at in range(5)),
        )
    )
    (plane,) = only_host(file, on_host(step(0, 0, 1000)), gpu).devices
    assert {one.scope: one.self_ns for one in plane.scopes} == {"m/d0": 3, "m/d1": 2}


# --- what is shown ---


def test_the_terminal_says_what_the_gpu_waits_for(file, capsys):
    written(file, *waiting_for_input())
    assert main(["trace", str(file)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "/device:GPU:0 is busy 21% of a step" in out
    assert "while it waits, the host is 89% in iterator_creation, 6.3% in python" in out
    assert "to the device 1×" in out
    assert "model/dense" in out


def test_of_several_files_each_says_its_busiest_device(tmp_path, capsys):
    host, gpu = waiting_for_input()
    idle = on_gpu(("Stream #1", 1_000_000, ("gemm", 100, 110, {})), name="/device:GPU:1")
    written(tmp_path / "one.xplane.pb", host, idle, gpu)
    written(tmp_path / "two.xplane.pb", host)
    assert main(["trace", str(tmp_path)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "one: /device:GPU:0 is busy 21% of a step" in out
    assert "GPU:1 is busy" not in out
    assert "two: /device" not in out


def test_all_of_it_is_in_the_documented_json(file, capsys):
    written(file, *waiting_for_input())
    assert main(["trace", "--json", str(file)]) == 0
    (host,) = json.loads(capsys.readouterr().out)["hosts"]
    (gpu,) = host["devices"]
    from support.commands import ROOT

    page = (ROOT / "docs" / "trace-json.md").read_text(encoding="utf-8")
    for keys in (gpu, gpu["waits"][0], gpu["copies"][0], gpu["kernels"][0], gpu["scopes"][0]):
        for key in keys:
            assert f"`{key}`" in page


def test_sizes_are_read_in_any_order(file):
    stream = (
        "Stream #1",
        0,
        ("MemcpyD2H", 0, 1, {COPY: "dest:4 size:12 async:1"}),
        ("MemcpyD2H", 2, 3, {COPY: "x"}),
    )
    written(file, on_gpu(stream))
    (plane,) = read_xspace(file).devices
    assert [plane.events[event].bytes for event in activity_of(plane, Correlated()).event] == [12, -1]


# --- what rules find ---


def test_what_it_waits_for_is_a_finding_with_what_helps(file, capsys):
    host = only_host(file, *waiting_for_input())
    (finding,) = host.findings
    assert finding.rule == "device_waits"
    assert "GPU:0 is busy 21% of the time" in finding.title
    assert finding.cost_ns_per_call == 700
    assert main(["trace", str(file)]) == 0
    printed = capsys.readouterr().out
    assert "1. GPU:0 is busy 21% of the time" in printed
    assert "what helps: " in printed


def test_a_device_that_is_busy_has_no_finding(file):
    host, _ = waiting_for_input()
    stream = ("Stream #1", 1_000_000, ("a", 10, 990, {}), ("b", 2010, 2990, {}))
    assert only_host(file, host, on_gpu(stream)).findings == []


def test_without_steps_nobody_knows_whether_it_had_to_wait(file):
    host = on_host(("MakeIterator::RangeDataset", 0, 700), ("FunctionRun", 700, 950))
    found = only_host(file, host, on_gpu(("Stream #1", 1_000_000, ("gemm", 720, 870, {}))))
    assert found.devices
    assert found.findings == []


def test_short_kernels_wait_for_their_launch(file):
    host = on_host(step(0, 0, 100_000), ("FunctionRun", 0, 100_000))
    kernels = [(f"k{at}", at, at + 300, {OP: f"net/layer_{at}/Relu:Relu"}) for at in range(0, 100_000, 1000)]
    found = only_host(file, host, on_gpu(("Stream #1", 1_000_000, *kernels)))
    (finding,) = found.findings
    assert finding.rule == "device_launches"
    assert "100 short kernels" in finding.title
    assert found.devices[0].kernels_per_step == 100
    assert found.devices[0].median_kernel_ns == 300


def test_one_scope_that_takes_most_is_named(file):
    host = on_host(step(0, 0, 1000), ("FunctionRun", 0, 1000))
    kernels = [
        ("gemm", 0, 600, {OP: "net/heavy/MatMul:MatMul"}),
        *(("gemm", at, at + 90, {OP: f"net/light_{at}/MatMul:MatMul"}) for at in (600, 700, 800)),
    ]
    (finding,) = only_host(file, host, on_gpu(("Stream #1", 1_000_000, *kernels))).findings
    assert finding.rule == "device_scope"
    assert "net/heavy takes 69%" in finding.title


def test_tensor_cores_are_known_by_the_names_of_nvidias_kernels(file, tmp_path):
    host = on_host(step(0, 0, 1000), ("FunctionRun", 0, 1000))

    def of_kernel(name, path):
        row = (name, 0, 900, {OP: "net/dense/MatMul:MatMul"})
        return only_host(path, host, on_gpu(("Stream #1", 1_000_000, row))).findings

    (finding,) = of_kernel("volta_sgemm_128x64_nn", file)
    assert finding.rule == "tensor_cores_unused"
    for number, name in enumerate(
        ("volta_fp16_s884gemm_fp16_64x64", "sm80_xmma_gemm_f16f16_tensor16x8x16", "Cijk_Ailk_Bljk_HHS")
    ):
        assert of_kernel(name, tmp_path / f"{number}.xplane.pb") == []


# --- launches and memory ---


def launched(host_ns, device_ns, correlation):
    """A kernel's launch on the host, and the kernel."""
    row = {"correlation_id": correlation}
    return ("cuLaunchKernel", host_ns, host_ns + 5, row), ("gemm", device_ns, device_ns + 20, row)


def test_correlation_ids_tie_kernels_to_their_launches(file):
    pairs = [launched(100, 110, 7), launched(200, 230, 3), launched(300, 350, 9), launched(5000, 9000, 4)]
    unknown = ("gemm", 500, 520, {"correlation_id": 99})
    host = on_host(step(0, 0, 1000), *(launch for launch, _ in pairs))
    gpu = on_gpu(("Stream #1", 1_000_000, *(kernel for _, kernel in pairs), unknown))
    # 10, 30 and 50 ns: the fourth is in no step, and the launch of the fifth is not in the trace.
    assert only_host(file, host, gpu).devices[0].median_launch_ns == 30


def test_without_correlation_ids_nothing_is_said_of_launches(file, capsys):
    host, gpu = waiting_for_input()
    found = only_host(file, host, gpu).devices[0]
    assert (found.median_launch_ns, found.memory_peak_bytes, found.memory_rise_bytes) == (None, None, None)
    assert main(["trace", str(file)]) == 0
    assert "of its launch" not in capsys.readouterr().out


def allocation(at, in_use, allocator="GPU_0_bfc"):
    return ("MemoryAllocation", at, at + 1, {"allocator_name": allocator, "bytes_allocated": in_use})


def test_memory_is_that_of_the_devices_own_allocator(file, capsys):
    host = on_host(
        allocation(0, 1_000_000),
        step(0, 10, 1000),
        allocation(20, 3_000_000),
        allocation(30, 9_000_000, "GPU_1_bfc"),
        allocation(40, 8_000_000, "gpu_host_bfc"),
        ("MemoryDeallocation", 50, 51, {"allocator_name": "GPU_0_bfc", "bytes_allocated": 1_000_000}),
        step(1, 2000, 3000),
        allocation(2100, 5_000_000),
        allocation(9000, 70_000_000),
    )
    found = only_host(file, host, on_gpu(("Stream #1", 1_000_000, ("gemm", 20, 40, {})))).devices[0]
    assert (found.memory_peak_bytes, found.memory_rise_bytes) == (5_000_000, 3_000_000)
    assert main(["trace", str(file)]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "at most 5 MB of its memory is in use, 3 MB more than as a step begins" in printed


def test_stats_of_other_kinds_tell_nothing(file):
    host = on_host(
        step(0, 0, 1000),
        ("cuLaunchKernel", 100, 105, {"correlation_id": "seven"}),
        ("MemoryAllocation", 200, 201, {"allocator_name": 5, "bytes_allocated": "much"}),
    )
    gpu = on_gpu(("Stream #1", 1_000_000, ("gemm", 110, 130, {"correlation_id": "seven"})))
    found = only_host(file, host, gpu).devices[0]
    assert (found.median_launch_ns, found.memory_peak_bytes) == (None, None)


def test_only_the_first_events_are_asked(file, monkeypatch):
    monkeypatch.setattr(xspace, "_ASKED", 2)
    pairs = [launched(100, 110, 1), launched(200, 210, 2), launched(300, 900, 3)]
    host = on_host(step(0, 0, 1000), *(launch for launch, _ in pairs))
    gpu = on_gpu(("Stream #1", 1_000_000, *(kernel for _, kernel in pairs)))
    assert only_host(file, host, gpu).devices[0].median_launch_ns == 10
