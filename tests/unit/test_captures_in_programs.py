"""Instruments around a call that somebody else makes: the program."""

from __future__ import annotations

import json
import sys
from time import perf_counter_ns

import pytest

from keras_profile.recorder.captures import Unavailable, make_capture
from keras_profile.recorder.captures.context import Context
from keras_profile.recorder.measuring import Measured
from keras_profile.recorder.protocol import CALL_FRAME, FILES
from keras_profile.recorder.protocol.requests import RecordRequest

PYTHON = sys.version_info[:2]


def capture(name, folder):
    request = RecordRequest(folder=str(folder), target="", seconds=0.1)
    return make_capture(name, Context(request, "predict", [], in_program=True))


def made(instrument, work, keep=True):
    """A call of ``called`` that the instrument sees, whose frame is there before it and after it."""

    def called():
        instrument.start()
        instrument.begin(sys._getframe(), keep)
        begin = perf_counter_ns()
        try:
            return work()
        finally:
            measured = Measured(begin, perf_counter_ns(), 0)
            if instrument.displaced():
                instrument.abandon()
            else:
                instrument.end(measured, keep)
                instrument.stop()

    return called()


def work(until=0.03):
    end = perf_counter_ns() + until * 1e9
    while perf_counter_ns() < end:
        turn()


def turn():
    return sum(range(50))


@pytest.fixture(autouse=True)
def _no_profile():
    before = sys.getprofile()
    sys.setprofile(None)
    yield
    sys.setprofile(before)


@pytest.mark.skipif(PYTHON >= (3, 12), reason="there is no cProfile in programs from Python 3.12 on")
def test_the_function_that_is_called_is_counted_with_what_it_calls(tmp_path):
    instrument = capture("cprofile", tmp_path)
    for _ in range(3):
        made(instrument, work)
    instrument.save(str(tmp_path))
    table = json.loads((tmp_path / FILES["cprofile_table"]).read_text())
    number = {name: place for place, (_, _, name) in enumerate(table["functions"])}
    assert table["calls"] == table["total_calls"][number["called"]] == 3
    assert table["total_ns"][number["called"]] == pytest.approx(table["wall_ns"], rel=0.01)
    edges = {(caller, callee): calls for caller, callee, calls, _ in table["edges"]}
    assert edges[number["called"], number["work"]] == 3
    assert edges[number["work"], number["turn"]] == table["total_calls"][number["turn"]]


@pytest.mark.skipif(PYTHON < (3, 12), reason="as of Python 3.12 cProfile takes a tool of sys.monitoring")
def test_the_one_place_for_a_profiler_is_the_programs(tmp_path):
    with pytest.raises(Unavailable):
        capture("cprofile", tmp_path)


def test_samples_of_a_programs_call_carry_its_number_above_what_is_called(tmp_path):
    instrument = capture("pyinstrument", tmp_path)
    made(instrument, work, keep=False)
    for _ in range(2):
        made(instrument, work)
    assert instrument.save(str(tmp_path))["sampled_calls"] == 2
    session = json.loads((tmp_path / FILES["pyinstrument"]).read_text())
    stacks = [[name.split("\0")[0] for name in names] for names, _ in session["frame_records"]]
    marked = [stack for stack in stacks if any(name.startswith(CALL_FRAME) for name in stack)]
    assert {name for stack in marked for name in stack if name.startswith(CALL_FRAME)} == {
        CALL_FRAME + "0",
        CALL_FRAME + "1",
    }
    for stack in marked:
        place = next(place for place, name in enumerate(stack) if name.startswith(CALL_FRAME))
        assert stack[place - 1] == "made"
        assert stack[place + 1] == "called"
    assert len(marked) < len(stacks)  # the first call was not kept


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("cprofile", marks=pytest.mark.skipif(PYTHON >= (3, 12), reason="not in programs")),
        "pyinstrument",
    ],
)
def test_a_profile_function_that_is_set_within_a_call_stays(tmp_path, name):
    instrument = capture(name, tmp_path)
    made(instrument, work)

    def theirs(frame, event, argument):
        pass

    def sets():
        work()
        sys.setprofile(theirs)

    made(instrument, sets)
    assert sys.getprofile() is theirs
    instrument.stop()
    instrument.save(str(tmp_path))
    instrument.close()
    assert sys.getprofile() is theirs
    sys.setprofile(None)
    made(instrument, work)  # it goes on when the place is free
    assert sys.getprofile() is None
