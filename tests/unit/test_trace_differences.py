"""What differs between the steps of two traces."""

from __future__ import annotations

import cProfile
import json

import pytest

from keras_profile.cli import main
from keras_profile.features.trace.trace_differences import trace_differences
from keras_profile.features.trace.trace_files import make_trace_report
from support.commands import ROOT
from support.device_traces import OP, on_gpu, on_host, step, written

OLD, NEW = ROOT / "traces" / "demo-keras-3.0", ROOT / "traces" / "demo-keras-3.15"


def compared(before, after):
    return trace_differences(make_trace_report([before]), make_trace_report([after]), ("a", "b"))


def steps(path, *iterator_ns, gpu=()):
    """A trace with a step of 1,000 ns for each of these times in which an iterator is made."""
    events = []
    for number, ns in enumerate(iterator_ns):
        begin = 2000 * number
        events += [step(number, begin, begin + 500 + ns), ("MakeIterator::RangeDataset", begin, begin + ns)]
    planes = [on_gpu(("Stream #1", 1_000_000, *gpu))] if gpu else []
    return written(path / "host.xplane.pb", on_host(*events), *planes)


def test_the_differences_of_phases_sum_to_that_of_the_step():
    found = compared(OLD, NEW)
    assert found.step.difference_ns > 0
    assert sum(one.difference_ns for one in found.phases) == found.step.difference_ns
    for one in (found.step, *found.phases, *found.kernels):
        assert one.difference_ns == one.after_ns - one.before_ns
    # Keras 3.14 and later make a second iterator.
    assert found.phases[0].name == "iterator_creation"


def test_a_trace_does_not_differ_from_itself(capsys):
    found = compared(OLD, OLD)
    assert {one.difference_ns for one in (found.step, *found.phases, *found.kernels)} == {0}
    assert main(["trace", "--compare", str(OLD), str(OLD)]) == 0
    assert capsys.readouterr().out.startswith("a step takes as long as before")


def test_what_only_one_side_has_is_a_difference_too(tmp_path):
    before = written(tmp_path / "a" / "h.xplane.pb", on_host(step(0, 0, 1000), ("FunctionRun", 0, 400)))
    after = steps(tmp_path / "b", 400)
    found = {one.name: one.difference_ns for one in compared(before, after).phases}
    assert found == {"execution": -400, "iterator_creation": 400, "python": -100}


def test_phases_have_an_interval_with_six_steps_and_none_with_fewer(tmp_path):
    six = [steps(tmp_path / name, *[ns] * 6) for name, ns in (("a", 100), ("b", 300))]
    found = {one.name: one.difference_ci95_ns for one in compared(*six).phases}
    assert found["iterator_creation"] == (200, 200)
    five = [steps(tmp_path / name, *[ns] * 5) for name, ns in (("c", 100), ("d", 300))]
    assert {one.difference_ci95_ns for one in compared(*five).phases} == {None}


def test_devices_are_compared_by_how_long_they_are_busy(tmp_path):
    kernel = ("gemm", 10, 110, {OP: "net/dense/MatMul:MatMul"})
    before = steps(tmp_path / "a", 500, gpu=[kernel])
    after = steps(tmp_path / "b", 500, gpu=[kernel, ("gemm", 200, 250, {OP: "net/dense/MatMul:MatMul"})])
    (gpu,) = compared(before, after).busy
    assert (gpu.name, gpu.before_ns, gpu.after_ns, gpu.difference_ns) == ("/device:GPU:0", 100, 150, 50)


def test_it_is_printed_and_in_the_json(capsys):
    assert main(["trace", "--compare", str(OLD), str(NEW)]) == 0
    printed = capsys.readouterr().out
    assert "iterator_creation +" in printed.splitlines()[0]
    assert "an indication" in printed
    assert max(map(len, printed.splitlines())) <= 100
    assert main(["trace", "--compare", str(OLD), str(NEW), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["schema"] == {"name": "keras_profile.trace_differences", "version": 1}
    assert content["step"]["difference_ns"] == sum(one["difference_ns"] for one in content["phases"])


def test_a_profile_has_no_steps_to_compare(tmp_path, capsys):
    with cProfile.Profile() as counted:
        json.dumps([1])
    counted.dump_stats(tmp_path / "calls.prof")
    assert main(["trace", "--compare", str(OLD), str(tmp_path / "calls.prof")]) == 2
    assert "expected a trace with steps, found a profile" in capsys.readouterr().err


@pytest.mark.parametrize("paths", [[OLD], [OLD, NEW, OLD]])
def test_it_takes_two(paths, capsys):
    assert main(["trace", "--compare", *map(str, paths)]) == 2
    assert f"takes two traces or folders, got {len(paths)}" in capsys.readouterr().err
