"""No failure of the recorder reaches a call of the user's: one is injected at each of its steps."""

from __future__ import annotations

import importlib
import random
import re
import sys
import traceback
from pathlib import Path

import numpy as np
import pytest

from keras_profile.recorder import captures, user_frames
from keras_profile.recorder.captures import spans  # noqa: F401  (its import is no step)
from keras_profile.recorder.program import instruments
from keras_profile.recorder.program.call_recorder import CallRecorder, _Within, _WithinCall
from keras_profile.recorder.program.journal import Journal
from keras_profile.recorder.program.watch import Watch
from keras_profile.recorder.protocol import events
from keras_profile.recorder.protocol.requests import RecorderOptions

RECORDER = str(Path(captures.__file__).parents[1])
AROUND = (f"{RECORDER}/program", f"{RECORDER}/captures")
#: The functions that are the guard. What they call are steps as well; they themselves must hold.
GUARD = {
    CallRecorder.on_call(CallRecorder(None), "predict").__code__,
    CallRecorder.on_activity(CallRecorder(None), "fit", "fit").__code__,
    CallRecorder.on_result.__code__,
    CallRecorder.is_over.__code__,
    CallRecorder._begin.__code__,
    CallRecorder._unrecorded.__code__,
    *(
        function.__code__
        for kind in (_Within, _WithinCall)
        for function in vars(kind).values()
        if hasattr(function, "__code__")
    ),
}
#: Of the random numbers that choose instruments: with it both get calls.
SEED = 4
#: One run in four comes to an instrument other than spans: so many that each step is come to.
ATTEMPTS = 40
MODEL = """
class Model:
    def __init__(self):
        self.made = []

    def __call__(self, x):
        return x + 1

    def predict(self, x, then=None):
        self.made.append(len(self.made))
        print("predicting")
        if then is not None:
            raise then(len(self.made))
        return self(x)

    def fit(self, x):
        return self.predict(x)
"""


class Injected(Exception):
    """Not what any code here expects."""


class Instrument(captures.Instrument):
    """Stands for an instrument that saves a file; ``failing`` is the method that fails."""

    failing = ""

    def __init__(self, context):
        self._step("make")

    def _step(self, name):
        if self.failing == name:
            raise Injected("injected in " + name)

    def start(self):
        self._step("start")

    def stop(self):
        self._step("stop")

    def begin(self, frame, keep):
        self._step("begin")

    def end(self, measured, keep):
        self._step("end")

    def save(self, folder):
        self._step("save")
        return {}

    def close(self):
        self._step("close")


@pytest.fixture
def model_class(tmp_path, monkeypatch):
    """The class ``Model`` of a Keras as small as can be, which a watch has wrapped or not."""
    folder = tmp_path / "modules" / "tf_keras" / "src" / "engine"
    folder.mkdir(parents=True)
    for path in (folder, folder.parent, folder.parent.parent):
        (path / "__init__.py").write_text("")
    (folder / "training.py").write_text(MODEL)
    monkeypatch.syspath_prepend(tmp_path / "modules")
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(instruments, "in_use", lambda: None)  # the profile function is these tests' own
    monkeypatch.setattr(
        instruments,
        "make_capture",
        lambda name, context: (
            Instrument(context) if name == "cprofile" else captures.make_capture(name, context)
        ),
    )
    importlib.invalidate_caches()
    yield importlib.import_module("tf_keras.src.engine.training").Model
    for name in [name for name in sys.modules if name.partition(".")[0] == "tf_keras"]:
        del sys.modules[name]


def outcome(call, *arguments):
    """What a call returns, or what it raises and through which functions of the user's."""
    try:
        result = call(*arguments)
        sys.setprofile(None)
        return result.tolist()
    except BaseException as error:
        sys.setprofile(None)
        chained = error.__context__, error.__cause__
        assert chained == (None, None)
        frames = traceback.extract_tb(error.__traceback__)
        return type(error), error.args, [frame.name for frame in frames]


def program(model_class, before_each=lambda: None, calls=24):
    """A user's program: what each of its calls came to, and how often the model was run."""
    model, found = model_class(), []
    for number in range(calls):
        then = {7: ValueError, 12: KeyboardInterrupt, 13: ValueError, 14: SystemExit, 17: ValueError}.get(
            number
        )
        x = np.ones((2, 2 + (number > 20)))
        before_each()
        found.append(outcome(model.predict, x, then))
    before_each()
    found.append(outcome(model.fit, np.ones((2, 2))))
    return found, model.made


def watched(folder, *taken, seed=SEED):
    folder.mkdir(exist_ok=True)
    watch = Watch(str(folder), RecorderOptions(share=1.0, grace_ns=10**12, captures=["bare", *taken]))
    watch.get_ready()
    watch.process.instruments._random = random.Random(seed)
    user_frames.is_users.cache_clear()
    watch.start()
    return watch


def told(watch):
    """All that the recording of the process says."""
    path = Path(watch.files.folder, "process.jsonl")
    return path.read_text() if path.exists() else ""


def step(frame, event, argument):
    """Which step of the recorder's an event of a profile function begins, if any.

    The steps are what the modules in ``AROUND`` do: the functions that they call.
    """
    code = frame.f_code
    caller = frame if event == "c_call" else frame.f_back
    if caller is None or not caller.f_code.co_filename.startswith(AROUND):
        return None
    place = f"{Path(code.co_filename).name}:{code.co_name}"
    if event == "call" and code not in GUARD and code.co_filename.startswith(RECORDER):
        return place
    # That a lock is released is what its users rely on: it does not fail.
    if event == "c_call" and argument.__name__ not in ("release", "__exit__"):
        return "{} calls {}".format(place, getattr(argument, "__qualname__", argument))
    return None


def test_a_failure_at_any_step_leaves_the_users_calls_as_they_are(model_class, tmp_path, capsys):
    expected = program(model_class)
    output = capsys.readouterr().out

    steps = {}

    def collect(frame, event, argument):
        found = step(frame, event, argument)
        if found is not None:
            steps[found] = steps.get(found, 0) + 1

    # Which calls get which instrument depends on how long they take, too.
    for attempt in range(ATTEMPTS):
        steps.clear()
        watch = watched(tmp_path / f"healthy-{attempt}", "spans", "cprofile", seed=SEED + attempt)
        assert program(model_class, lambda: sys.setprofile(collect)) == expected
        watch.end()
        assert capsys.readouterr() == (output, "")
        assert '"announce"' not in told(watch)  # nothing failed
        found = set(re.findall(r'"\w+": ', told(watch)))
        if {'"spans": ', '"cprofile": '} <= found:
            break
    assert {'"spans": ', '"cprofile": '} <= found
    # What is called around a call, whoever adds to it: classifying, choosing, clocks, writing, describing.
    assert len(steps) > 80, len(steps)
    for part in (
        "is_users_inference",
        "shapes_key",
        "choose",
        "perf_counter_ns",
        "process_time_ns",
        "write",
        "describe",
        "copied",
        "start",
        "stop",
        "users_line",
    ):
        assert any(part in one for one in steps), part

    wrong, silent = {}, []
    for number, failing in enumerate(steps):
        fired = []

        def inject(frame, event, argument, failing=failing, fired=fired):
            if step(frame, event, argument) == failing:
                fired.append(failing)
                raise Injected("injected")

        # So a step may not be come to.
        for attempt in range(ATTEMPTS):
            watch = watched(tmp_path / f"{number}-{attempt}", "spans", "cprofile", seed=SEED + attempt)
            found = program(model_class, lambda inject=inject: sys.setprofile(inject))
            said = capsys.readouterr()
            watch.end()
            at_end = capsys.readouterr().err
            if found != expected or said.out != output:
                wrong[failing] = [pair for pair in zip(found[0], expected[0]) if pair[0] != pair[1]][:2]
            assert said.err.count("missing in the recording") <= 1
            if fired:
                break
        if not fired or "injected" not in told(watch) + said.err + at_end:
            silent.append(failing)
    assert wrong == {}
    assert silent == []


@pytest.mark.parametrize("failing", ["make", "start", "begin", "end", "stop", "save", "close"])
def test_an_instrument_that_fails_costs_itself_alone(model_class, tmp_path, capsys, monkeypatch, failing):
    expected = program(model_class)
    output = capsys.readouterr().out
    monkeypatch.setattr(Instrument, "failing", failing)
    watch = watched(tmp_path, "cprofile")
    assert program(model_class) == expected
    watch.end()
    assert capsys.readouterr() == (output, "")
    failed = [line for line in told(watch).splitlines() if "injected in " + failing in line]
    assert any('"status": "failed"' in line for line in failed)


def test_a_step_that_always_fails_is_told_once(model_class, tmp_path, capsys, monkeypatch):
    """As where a capture lacks what choosing one asks for."""
    expected = program(model_class)
    watch = watched(tmp_path, "cprofile")

    def choose(group):
        raise KeyError("viztracer")

    monkeypatch.setattr(watch.process.instruments, "choose", choose)
    assert program(model_class) == expected
    watch.end()
    said = [line for line in told(watch).splitlines() if "missing in the recording" in line]
    assert len(said) == 1
    assert "viztracer" in said[0]


@pytest.mark.parametrize("stream", [None, "closed"])
def test_a_failure_that_nobody_can_be_told_of_is_none_of_the_program(tmp_path, monkeypatch, stream):
    class Unwritable:
        def event(self, event):
            raise OSError("the disk is full")

    class Closed:
        def write(self, text):
            raise ValueError("I/O operation on closed file")

    class Unspeakable(Exception):
        def __str__(self):
            raise RuntimeError("no words")

    monkeypatch.setattr(sys, "stderr", None if stream is None else Closed())
    journal = Journal(Unwritable())
    journal.begun = True
    journal.failed(Unspeakable())
    journal.tell(events.Announce("anything"))
