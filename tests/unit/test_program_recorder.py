"""What records a user's own program, piece by piece and without TensorFlow."""

from __future__ import annotations

import copy
import gc
import importlib
import importlib.util
import inspect
import json
import shutil
import struct
import sys
import traceback
import types
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from keras_profile.recorder.probes.watching import Watch as FunctionWatch
from keras_profile.recorder.program.allowance import Allowance
from keras_profile.recorder.program.classifying import Classifier
from keras_profile.recorder.program.groups import MOST_SHAPES, SETTLING_CALLS, Groups
from keras_profile.recorder.program.identity import Models, copied, is_symbolic, shapes_in_key, shapes_key
from keras_profile.recorder.program.importing import ImportWatch
from keras_profile.recorder.program.process_files import ProcessFiles
from keras_profile.recorder.program.sites import Sites
from keras_profile.recorder.program.watch import Watch
from keras_profile.recorder.program.wrapping import Patches, watched_modules, wrapped
from keras_profile.recorder.protocol import CALL_FIELDS, CALL_ROW, COLD, SETTLING, events
from keras_profile.recorder.protocol.requests import RecorderOptions

# --- allowance ---


class Clock:
    now = 0

    def __call__(self):
        return self.now


def test_the_allowance_is_a_share_of_the_time():
    clock = Clock()
    allowance = Allowance(0.05, 1000, clock)
    assert allowance.allows(0, 1000)
    assert not allowance.allows(0, 1001)
    assert allowance.allows(400)
    assert not allowance.allows(401)
    clock.now = 100_000
    assert allowance.allows(2000, 3000)
    assert not allowance.allows(2001)
    assert not allowance.allows(0, 3001)


def test_the_first_calls_under_spans_have_the_whole_grace():
    allowance = Allowance(0.05, 1000, Clock())
    assert allowance.allows(1000, first=True)
    assert not allowance.allows(1001, first=True)
    assert not allowance.allows(1000)


def test_what_cannot_be_chosen_is_counted_and_takes_nothing_from_the_rest():
    allowance = Allowance(0.05, 1000, Clock())
    allowance.note("starting", 5000)
    allowance.note("starting", 7)
    assert allowance.parts == {"starting": 5007}
    assert allowance.allows(0, 1000)


def test_what_is_spent_is_counted_by_part_and_never_negative():
    clock = Clock()
    allowance = Allowance(0.05, 1000, clock)
    clock.now = 100_000
    allowance.spend("spans", 400, once=True)
    allowance.spend("calls", -50)
    allowance.spend("spans", 100)
    assert allowance.parts == {"spans": 500, "calls": 0}
    assert allowance.allows(1900, 2600)
    assert not allowance.allows(1901)
    assert not allowance.allows(0, 2601)
    assert allowance.allows(0)


# --- what makes calls alike ---


class Dense:
    pass


class Net:
    def __init__(self, layers):
        self.layers = layers


def test_models_of_the_same_layers_are_alike_and_not_the_same():
    models = Models()
    one, two, other = Net([Dense(), Dense()]), Net([Dense(), Dense()]), Net([Dense()])
    (first, kind), (second, same), (third, different) = (
        models.number_and_kind(model) for model in (one, two, other)
    )
    assert [first, second, third] == [0, 1, 2]
    assert kind == same != different
    assert models.number_and_kind(one) == (0, kind)


def test_an_object_in_the_place_of_one_that_is_gone_is_another():
    models = Models()
    numbers = set()
    for _ in range(20):
        model = Net([Dense()])
        numbers.add(models.number_and_kind(model)[0])
        del model
    assert len(numbers) == 20


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.zeros((2, 3)), np.zeros((3, 3))),
        (np.zeros((2, 3)), np.zeros((2, 3), "float32")),
        ([np.zeros(2), np.zeros(3)], [np.zeros(3), np.zeros(2)]),
        ({"a": np.zeros(2)}, {"b": np.zeros(2)}),
        ([1.0, 2.0], [1.0, 2.0, 3.0]),
        (None, np.zeros(1)),
    ],
)
def test_inputs_differ_by_shape_type_and_structure(one, other):
    assert shapes_key(one) != shapes_key(other)
    assert shapes_key(one) == shapes_key(copy.deepcopy(one))
    assert {shapes_key(one): "one", shapes_key(other): "other"}[shapes_key(one)] == "one"


def test_symbolic_inputs_stand_for_values():
    symbolic = type("KerasTensor", (), {})()
    graph = type("Tensor", (), {})()
    assert is_symbolic(symbolic)
    assert is_symbolic([symbolic, 1])
    assert is_symbolic({"x": graph})
    assert not is_symbolic(np.zeros(3))
    assert not is_symbolic(type("Tensor", (), {"numpy": lambda self: 1})())
    assert not is_symbolic([])


def test_kept_arrays_are_copies_and_bounded():
    array = np.zeros(4)
    kept = copied({"x": array}, 64)
    array += 1
    assert kept["x"].tolist() == [0, 0, 0, 0]
    assert copied(np.zeros(9), 64) is None
    assert copied([np.zeros(9), np.zeros(1)], 64) is None
    assert copied(iter([1]), 64) is None
    dataset = object()
    assert copied(dataset, 64) is dataset


# --- groups ---


def test_calls_from_one_site_with_one_shape_are_one_group():
    groups = Groups()
    first, new = groups.find(0, "predict", "net", (1, 4))
    again, old = groups.find(0, "predict", "net", (1, 4))
    assert (first is again, new, old) == (True, True, False)
    for key in (
        (1, "predict", "net", (1, 4)),
        (0, "call", "net", (1, 4)),
        (0, "predict", "other", (1, 4)),
        (0, "predict", "net", (2, 4)),
    ):
        assert groups.find(*key)[0] is not first
    assert [group.number for group in groups.all] == [0, 1, 2, 3, 4]
    assert groups.all[4].base == groups.all[0].base != groups.all[1].base


def test_a_group_knows_the_shapes_of_all_calls_of_its_line():
    groups = Groups()
    keys = [shapes_key(np.zeros((rows, 4))) for rows in (32, 8)]
    first, _ = groups.find(0, "predict", "net", keys[0])
    groups.find(1, "predict", "net", shapes_key(np.zeros((99, 4))))
    last, _ = groups.find(0, "predict", "net", keys[1])
    for group in (first, last):
        assert sorted(shapes_in_key(key) for key in group.keys_seen) == [[[8, 4]], [[32, 4]]]


def test_many_shapes_from_one_site_become_one_group():
    groups = Groups()
    for length in range(MOST_SHAPES):
        assert not groups.find(0, "predict", "net", (1, length))[0].varying
    varying, new = groups.find(0, "predict", "net", (1, 100))
    assert varying.varying
    assert new
    assert groups.find(0, "predict", "net", (1, 0)) == (varying, False)
    assert groups.find(0, "predict", "net", (1, 101)) == (varying, False)
    assert {group.base for group in groups.all} == {0}


def test_the_first_calls_do_not_count_and_long_ones_settle_sooner():
    group, _ = Groups().find(0, "predict", "net", ())
    noted = []
    for _ in range(SETTLING_CALLS + 2):
        noted.append(group.flags())
        group.count(1000)
    assert noted == [COLD, SETTLING, SETTLING, 0]
    group = Groups().find(0, "predict", "a", "()")[0]
    for _ in range(2):
        group.count(10**10)
    assert group.flags() == 0


def test_the_median_of_the_bare_calls_is_followed():
    group, _ = Groups().find(0, "predict", "net", ())
    assert not group.has_bare
    for wall in [10] * 100 + [30] * 100:
        group.bare_done(wall)
    assert group.has_bare
    assert group.call_ns == 30


# --- call sites ---


def call_here(sites):
    return sites.number(sys._getframe(0))


def test_a_site_is_the_users_line_and_told_once():
    told = []
    sites = Sites(told.append)
    numbers = [call_here(sites) for _ in range(3)]
    assert numbers == [0, 0, 0]
    (site,) = told
    assert site.site == 0
    assert site.file == __file__
    assert site.function == "call_here"
    assert site.source == "return sites.number(sys._getframe(0))"
    assert site.through is None
    assert sites.place(0) == f"{__file__}:{site.line}"


def test_a_librarys_line_is_told_beside_the_users():
    told = []
    sites = Sites(told.append)
    library = types.ModuleType("wrapper")
    source = "def run(sites, sys):\n    return sites.number(sys._getframe(0))\n"
    exec(compile(source, "/lib/site-packages/wrapper/run.py", "exec"), library.__dict__)
    one = library.run(sites, sys)
    other = library.run(sites, sys)
    assert one != other  # from two lines of the user's
    assert [site.through for site in told] == [
        {"file": "/lib/site-packages/wrapper/run.py", "line": 2, "function": "run"}
    ] * 2
    assert {site.function for site in told} == {"test_a_librarys_line_is_told_beside_the_users"}


# --- imports and wrappers ---


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A Keras of the shape of Keras 2, as small as can be."""
    folder = tmp_path / "tf_keras" / "src" / "engine"
    folder.mkdir(parents=True)
    for path in (folder, folder.parent, folder.parent.parent):
        (path / "__init__.py").write_text("")
    (folder / "training.py").write_text(
        "class Layer:\n    def __call__(self, x):\n        return x\n\n\n"
        "class Model(Layer):\n    def predict(self, x):\n        return self(x) + 1\n\n"
        "    def fit(self, x):\n        return self.predict(x)\n\n"
        "    def evaluate(self, x):\n        raise NotImplementedError\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    importlib.invalidate_caches()
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "tf_keras"]:
        del sys.modules[name]


def test_modules_are_told_when_they_were_executed_and_keep_their_loader(package):
    told, executed = [], []
    watch = ImportWatch(
        {"tf_keras.src.engine.training", "json"},
        lambda name, frame: executed.append((name, frame.f_code.co_name)),
        lambda name, frame: executed.append(name),
        lambda name, module, begin, end: told.append((name, hasattr(module, "Model"), end - begin)),
    )
    watch.install()
    assert [name for name, _, _ in told] == ["json"]  # it was there already
    # To ask for it imports nothing.
    assert importlib.util.find_spec("tf_keras.src.engine.training") is not None
    assert executed == []
    module = importlib.import_module("tf_keras.src.engine.training")
    assert told[1][:2] == ("tf_keras.src.engine.training", True)
    assert told[1][2] > 0
    assert executed == [("tf_keras.src.engine.training", "exec_module"), "tf_keras.src.engine.training"]
    assert type(module.__loader__).__name__ == "SourceFileLoader"
    assert module.__spec__.loader is module.__loader__
    watch.remove()
    assert watch not in sys.meta_path


class Noting:
    """Stands for what records calls: it notes which functions were called with what, and what they gave."""

    def __init__(self):
        self.called, self.given, self.over = [], [], []

    def on_call(self, entry, optional):
        return lambda arguments, options=None: self._within(entry, arguments[1:], options)

    def on_activity(self, kind, name):
        return lambda arguments, options=None: self._within(kind, arguments[1:], options)

    def is_over(self):
        return True

    def on_result(self, result):
        self.given.append(result)
        return result

    @contextmanager
    def _within(self, kind, arguments, options):
        self.called.append((kind, arguments, options))
        yield
        self.over.append(kind)


def test_watched_functions_say_what_is_called_and_stay_what_they_are(package):
    module = importlib.import_module("tf_keras.src.engine.training")
    noting = Noting()
    patches = Patches(noting)
    before, code = dict(module.Model.__dict__), module.Model.predict.__code__
    patches.apply("tf_keras.src.engine.training", module)
    assert dict(module.Model.__dict__) == before  # __call__ is inherited, and watched where it is
    assert module.Model().fit(1) == 2
    assert noting.called == [("fit", (1,), None), ("predict", (1,), None), ("call", (1,), None)]
    assert noting.over == ["call", "predict", "fit"]
    assert noting.given == [1, 2]  # of the inference calls
    assert not hasattr(module.Model.predict, "__wrapped__")
    assert inspect.getsource(module.Model.predict).strip().startswith("def predict(self, x):")
    patches.remove()
    assert module.Model.predict.__code__ is code


def raise_within(handled, call):
    try:
        raise handled
    except OSError:
        call()


def test_a_function_without_its_source_is_wrapped_and_its_errors_do_not_show_it(package, tmp_path):
    module = importlib.import_module("tf_keras.src.engine.training")
    source = tmp_path / "other.py"
    source.write_text("def predict(self, x):\n    raise ValueError(x) from KeyError('cause')\n")
    made = {}
    exec(compile(source.read_text(), str(source), "exec"), made)
    source.unlink()
    module.Model.predict = made["predict"]
    patches = Patches(Noting())
    patches.apply("tf_keras.src.engine.training", module)
    assert module.Model.predict is not made["predict"]
    with pytest.raises(ValueError, match="7") as raised:
        module.Model().predict(7)
    assert [frame.name for frame in traceback.extract_tb(raised.value.__traceback__)][1:] == ["predict"]
    assert (repr(raised.value.__cause__), raised.value.__context__) == ("KeyError('cause')", None)
    handled = OSError()
    with pytest.raises(ValueError, match="8") as raised:
        raise_within(handled, lambda: module.Model().predict(8))
    frames = [frame.name for frame in traceback.extract_tb(raised.value.__traceback__)]
    assert frames[1:] == ["raise_within", "<lambda>", "predict"]
    assert raised.value.__context__ is handled
    patches.remove()
    assert module.Model.predict is made["predict"]


def test_every_table_names_modules_of_some_release():
    modules = watched_modules()
    assert {
        "keras.src.models.model",
        "tensorflow.python.keras.engine.training",
        "keras.engine.training",
        "tf_keras.src.engine.training",
        "tensorflow.python.eager.def_function",
    } <= modules


# --- files ---


def test_what_was_written_is_there_without_closing(tmp_path):
    files = ProcessFiles(str(tmp_path), 7)
    files.event(events.Thread(0, "main"))
    files.call(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
    files.spans(3, np.array([1, -2]), np.array([10, 20]))
    folder = tmp_path / "process-7"
    event = json.loads((folder / "process.jsonl").read_text())
    assert event == {"event": "thread", "thread": 0, "name": "main"}
    row = np.fromfile(folder / "calls.bin", dtype=list(CALL_FIELDS))
    assert row.tolist() == [(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)]
    assert np.fromfile(folder / "groups" / "3" / "spans.bin", dtype="<i8").tolist() == [2, 1, -2, 10, 20]


def test_the_two_descriptions_of_a_row_are_one():
    assert struct.calcsize(CALL_ROW) == np.dtype(list(CALL_FIELDS)).itemsize
    assert len(struct.unpack(CALL_ROW, bytes(struct.calcsize(CALL_ROW)))) == len(CALL_FIELDS)


# --- a call that is like the last one from its line ---


class Call:
    """Calls from one line, as the recorder sees them."""

    def __init__(self):
        self.classifier = Classifier(lambda event: None)

    def __call__(self, thing, value, entry="predict", **options):
        return self._made(entry, (thing, value), options)

    def _made(self, entry, arguments, options):
        frame = sys._getframe(1)
        found = self.classifier.known_group(entry, arguments, options, frame)
        self.was_known = found is not None
        return found or self.classifier.group_of(entry, arguments, options, frame)


def test_a_call_like_the_last_one_is_of_its_group():
    call, net = Call(), Net([])
    first = call(net, np.zeros((2, 3)))
    assert not call.was_known
    assert call(net, np.ones((2, 3))) == first
    assert call.was_known


@pytest.mark.parametrize(
    "other",
    [
        lambda call, net: call(net, np.zeros((3, 3))),
        lambda call, net: call(net, np.zeros((2, 3), "float32")),
        lambda call, net: call(net, [[0.0] * 3] * 2),
        lambda call, net: call(Net([]), np.zeros((2, 3))),
        lambda call, net: call(net, np.zeros((2, 3)), "predict_on_batch"),
        lambda call, net: call(net, np.zeros((2, 3)), training=True),
    ],
)
def test_a_call_that_is_none_such_is_looked_at(other):
    call, net = Call(), Net([])
    call(net, np.zeros((2, 3)))
    other(call, net)
    assert not call.was_known


def test_calls_of_a_group_that_became_one_of_many_shapes_are_known_no_more():
    call, net = Call(), Net([])
    for rows in range(1, MOST_SHAPES + 2):
        group, _ = call(net, np.zeros((rows, 3)))
    assert group.varying
    assert call(net, np.zeros((1, 3)))[0] is group


def test_a_model_that_is_gone_is_not_taken_for_another():
    call = Call()
    group, number = call(Net([]), np.zeros((2, 3)))
    gc.collect()
    again, another = call(Net([]), np.zeros((2, 3)))
    assert again is group
    assert another != number


# --- a recorder that fails ---


def bare_watch(program):
    """What watches this process, with no instrument, into the folder ``program``."""
    watch = Watch(
        str(program),
        RecorderOptions(share=0.03, grace_ns=0, captures=["bare"], keep_inputs=False),
    )
    watch.get_ready()
    return watch


def watched(watch, function):
    """A function whose calls are recorded as those of ``predict``."""
    recorder = watch._recorder
    return wrapped(function, FunctionWatch(recorder.on_call("predict"), recorder.on_result))


def test_a_call_is_made_although_it_cannot_be_recorded(tmp_path, capsys):
    """Here because the program's folder cannot be made: a file has its name."""
    (tmp_path / "taken").write_text("")
    watch = bare_watch(tmp_path / "taken")
    made = []

    def predict(model, x):
        made.append(x)
        return x + 1

    assert [watched(watch, predict)(Net([]), x) for x in (1, 2)] == [2, 3]
    assert made == [1, 2]
    said = capsys.readouterr().err
    assert said.count("calls are missing in the recording") == 1
    assert "taken" in said


def test_the_program_goes_on_when_nothing_can_be_written_any_more(tmp_path, capsys):
    watch = bare_watch(tmp_path)
    watch.beginning.begin()
    for file in watch.files._files.values():
        file.close()
    shutil.rmtree(watch.files.folder)
    assert (
        wrapped(lambda path: path, FunctionWatch(watch._recorder.on_activity("load_model", "load_model")))(
            "net.keras"
        )
        == "net.keras"
    )
    watch.end()
    said = capsys.readouterr().err
    assert said.count("calls are missing in the recording") == 1
    assert "No such file or directory" in said


def test_a_row_that_cannot_be_written_stops_no_call(tmp_path):
    watch = bare_watch(tmp_path)
    watch.beginning.begin()
    Path(watch.files.folder, "calls.bin").mkdir()
    assert watched(watch, lambda model, x: x + 1)(Net([]), 1) == 2
    (group,) = watch.groups
    assert group.total_ns > 0
    assert group.workload is not None
    watch.end()
    assert "calls are missing in the recording" in Path(watch.files.folder, "process.jsonl").read_text()


def test_calls_are_recorded_in_a_process_without_tensorflow(tmp_path):
    """As a model on another backend makes them."""
    watch = bare_watch(tmp_path)
    assert [watched(watch, lambda model, x: x + 1)(Net([]), x) for x in (1, 2)] == [
        2,
        3,
    ]
    watch.end()
    assert "tensorflow" not in sys.modules
    rows = np.frombuffer(Path(watch.files.folder, "calls.bin").read_bytes(), np.dtype(list(CALL_FIELDS)))
    assert rows["flags"].tolist() == [COLD, SETTLING]
