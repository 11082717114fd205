"""What samples a whole program: the tree of stacks, the thread that looks, what threads are doing."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
import threading
import time
import types

import pytest

from keras_profile.recorder.program import stack_tree
from keras_profile.recorder.program.allowance import Allowance
from keras_profile.recorder.program.doing import ACTIVITY, INFERENCE, Doing
from keras_profile.recorder.program.process_files import ProcessFiles
from keras_profile.recorder.program.sampler import LEAST_INTERVAL_NS, MOST_INTERVAL_NS, Sampler
from keras_profile.recorder.program.stack_tree import StackTree
from keras_profile.recorder.program.watch import Watch
from keras_profile.recorder.protocol import events
from keras_profile.recorder.protocol.requests import RecorderOptions

OPTIONS = RecorderOptions(share=0.03, grace_ns=0, captures=["bare"], keep_inputs=False)


class Thread:
    """A thread that is where it is told to be until it is let go."""

    def __init__(self, target):
        self.there, self.done = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=target, args=(self,))

    def wait(self):
        self.there.set()
        self.done.wait(10)

    def __enter__(self):
        self._thread.start()
        assert self.there.wait(10)
        return self._thread.ident

    def __exit__(self, *_):
        self.done.set()
        self._thread.join()


def waits(thread):
    thread.wait()


def sampler_of(tmp_path, ident, doing=None):
    files = ProcessFiles(str(tmp_path), 1)
    files.event(events.Thread(0, "main"))
    failures = []
    made = Sampler(
        files, doing or Doing(), {ident: 4}, Allowance(1, 1), lambda: True, lambda: None, failures.append
    )
    made.failures = failures
    return made


def written(tmp_path):
    return json.loads((tmp_path / "process-1" / "stacks.json").read_text())


def ways(content):
    """Each path with a count: the frames from the outermost on."""
    nodes, frames = content["nodes"], content["frames"]
    found = {}
    for number, count in enumerate(nodes["count"]):
        way, node = [], number
        while node > 0:
            way.append(tuple(frames[nodes["frame"][node]][:5]))
            node = nodes["parent"][node]
        if count:
            found[tuple(reversed(way))] = count
    return found


def test_a_path_has_the_users_lines_and_the_functions_that_they_call(tmp_path):
    with Thread(waits) as ident:
        sampler = sampler_of(tmp_path, ident)
        sampler.look()
        sampler.look()
    sampler.write()
    ((way, count),) = ways(written(tmp_path)).items()
    assert count == 2
    assert way[0] == ("thread", "", "", "", 4)
    users = [frame for frame in way if frame[0] == "user"]
    assert [frame[3] for frame in users] == ["waits", "wait"]
    assert users[0][1] == __file__
    assert way[-1][2] == "threading"


def test_an_inference_call_ends_the_path_and_other_work_stands_in_it(tmp_path):
    doing = Doing()

    def works(thread):
        doing.begin(sys._getframe(), ACTIVITY, "fit")
        calls(thread)

    def calls(thread):
        doing.begin(sys._getframe(), INFERENCE, 7)
        waits(thread)

    with Thread(works) as ident:
        sampler = sampler_of(tmp_path, ident, doing)
        sampler.look()
    sampler.write()
    ((way, _),) = ways(written(tmp_path)).items()
    assert way[-2:] == (("activity", "", "", "fit", 0), ("inference", "", "", "", 7))


def test_the_users_code_that_an_inference_call_runs_follows_it(tmp_path):
    """As a callback: called by a library within the call, at whatever depth."""
    doing = Doing()
    namespace = {"__name__": "keras.src.callbacks"}
    exec(compile("def on_batch(then, thread):\n    then(thread)\n", os.__file__, "exec"), namespace)

    def works(thread):
        doing.begin(sys._getframe(), INFERENCE, 7)
        namespace["on_batch"](calls_back, thread)

    def calls_back(thread):
        waits(thread)

    with Thread(works) as ident:
        sampler = sampler_of(tmp_path, ident, doing)
        sampler.look()
    sampler.write()
    ((way, _),) = ways(written(tmp_path)).items()
    place = way.index(("inference", "", "", "", 7))
    kinds = [(kind, function) for kind, _, _, function, _ in way[place + 1 :]]
    assert kinds[:2] == [("library", "on_batch"), ("user", "calls_back")]
    assert ("user", "waits") in kinds
    assert ("user", "works") not in kinds


def test_time_at_watched_work_is_not_that_of_what_is_seen_outside(tmp_path):
    doing = Doing()

    def works(thread):
        doing.begin(sys._getframe(), INFERENCE, 0)
        time.sleep(0.2)
        doing.end(sys._getframe())
        thread.wait()

    with Thread(works) as ident:
        sampler = sampler_of(tmp_path, ident, doing)
        sampler._last = (time.perf_counter_ns() - 300_000_000, time.process_time_ns())
        sampler._threads_last[ident] = (0, 0)
        sampler.look()
    sampler.write()
    assert 80e6 < sum(written(tmp_path)["nodes"]["wall_ns"]) < 220e6


def test_a_pause_is_nobodys(tmp_path):
    with Thread(waits) as ident:
        sampler = sampler_of(tmp_path, ident)
        sampler.leave_alone(True)
        time.sleep(0.1)
        sampler.leave_alone(False)
        sampler.look()
    sampler.write()
    content = written(tmp_path)
    assert content["paused_ns"] >= 90e6
    assert sum(content["nodes"]["wall_ns"]) < 90e6


def test_work_of_coroutines_that_take_turns_ends_for_itself():
    doing, one, other = Doing(), object(), object()
    doing.begin(one, INFERENCE, 1)
    doing.begin(other, INFERENCE, 2)
    doing.end(one)
    assert [work.what for work in doing.of(threading.get_ident()).values()] == [2]
    doing.end(one)  # it is over already
    doing.end(other)
    assert doing.of(threading.get_ident()) == {}


def test_it_looks_away_while_the_program_profiles_itself(tmp_path, monkeypatch):
    monitoring = types.SimpleNamespace(PROFILER_ID=2, get_tool=lambda number: "cProfile")
    monkeypatch.setattr(sys, "monitoring", monitoring, raising=False)
    sampler = sampler_of(tmp_path, threading.get_ident())
    sampler.start()
    time.sleep(0.1)
    sampler.stop()
    assert sampler.ticks == 0


def test_it_is_no_thread_that_the_program_sees_and_ends_when_told(tmp_path):
    sampler = sampler_of(tmp_path, threading.get_ident())
    before = threading.enumerate()
    sampler.start()
    until = time.monotonic() + 10
    while sampler.ticks < 3 and time.monotonic() < until:
        time.sleep(0.01)
    assert threading.enumerate() == before
    sampler.stop()
    ticks = sampler.ticks
    assert ticks >= 3
    time.sleep(0.1)
    assert sampler.ticks == ticks
    assert sampler.failures == []
    content = written(tmp_path)
    # All of the time between the first look and the last is some path's.
    assert sum(content["nodes"]["wall_ns"]) == pytest.approx(
        content["last_ns"] - content["began_ns"], rel=0.01
    )


def test_it_looks_less_often_where_looking_is_expensive(tmp_path):
    sampler = sampler_of(tmp_path, 1)
    sampler._slow_down(1000)
    assert sampler._interval_ns == LEAST_INTERVAL_NS
    for _ in range(100):
        sampler._slow_down(1_000_000)
    assert sampler._interval_ns == pytest.approx(100_000_000, rel=0.05)
    for _ in range(100):
        sampler._slow_down(100_000_000)
    assert sampler._interval_ns == MOST_INTERVAL_NS


def test_the_tree_is_bounded(monkeypatch):
    monkeypatch.setattr(stack_tree, "MOST_NODES", 6)
    tree = StackTree()

    def deeper(left):
        if left:
            deeper(left - 1)
        else:
            tree.seen(0, sys._getframe(), {})

    for depth in (0, 1, 2, 3):
        deeper(depth)
    assert len(tree.parent) <= 6
    assert sum(tree.count) == 4


def test_a_deep_recursion_is_cut_in_the_middle():
    tree = StackTree()

    def deeper(left):
        if left:
            deeper(left - 1)
        else:
            tree.seen(0, sys._getframe(), {})

    deeper(500)
    assert len(tree.parent) < 170


def test_an_import_is_one_frame_for_each_package(tmp_path, monkeypatch):
    """The package is installed, so that it is none of the user's."""
    root = tmp_path / "site-packages"
    for name, text in {
        "outer/__init__.py": "import outer.inner",
        "outer/inner.py": "import leaf",
        "leaf.py": "import builtins\nbuiltins.seen_here()",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    monkeypatch.syspath_prepend(root)
    importlib.invalidate_caches()
    tree = StackTree()
    import builtins

    def seen_here():
        tree.seen(0, sys._getframe(1), {})

    monkeypatch.setattr(builtins, "seen_here", seen_here, raising=False)
    importlib.import_module("outer")
    (way,) = ways(tree.content())
    assert [frame[2] for frame in way if frame[0] == "import"] == ["outer", "leaf"]
    assert way[-1][0] == "import"


def test_lines_in_loops_are_known():
    tree = StackTree()

    def program():
        tree.seen(0, sys._getframe(), {})
        for _ in range(2):
            tree.seen(0, sys._getframe(), {})
        while len(tree.frames) < 3:
            tree.seen(0, sys._getframe(), {})
        tree.seen(0, sys._getframe(), {})

    program()
    first = program.__code__.co_firstlineno
    looped = {frame[4] - first: frame[6] for frame in tree.content()["frames"] if frame[3] == "program"}
    assert looped[1] is False
    assert looped[3] is True
    assert looped[6] is False


def test_a_process_that_imports_no_framework_gets_no_thread_and_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    watch = Watch(str(tmp_path), OPTIONS)
    watch.start()
    try:
        assert watch.beginning._sampler is None
    finally:
        watch.end()
    assert list(tmp_path.iterdir()) == []


def test_sampling_begins_when_a_framework_begins_to_be_imported(tmp_path, monkeypatch):
    (tmp_path / "tf_keras.py").write_text("import sys\nsampled = sys.modules['probe_of_test'].is_sampled()\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.delitem(sys.modules, "tf_keras", raising=False)
    importlib.invalidate_caches()
    folder = tmp_path / "program"
    folder.mkdir()
    watch = Watch(str(folder), OPTIONS)
    probe = type(sys)("probe_of_test")
    probe.is_sampled = lambda: watch.beginning._sampler is not None
    monkeypatch.setitem(sys.modules, "probe_of_test", probe)
    watch.start()
    try:
        assert importlib.import_module("tf_keras").sampled
        assert watch.beginning.doing.of(threading.get_ident()) == {}
    finally:
        watch.end()
        sys.modules.pop("tf_keras", None)
    # No model was called: there is nothing to tell.
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_has_a_sampler_of_its_own_or_none(tmp_path):
    watch = Watch(str(tmp_path), OPTIONS)
    watch.get_ready()
    watch.beginning.start_sampling()
    child = os.fork()
    if not child:
        watch.forked_child()
        code = 0 if watch.beginning._sampler is None else 1
        watch.end()
        os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    watch.end()
