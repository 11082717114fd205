"""The probes: both mechanisms tell of the same events, and leave nothing behind."""

from __future__ import annotations

import gc
import importlib
import itertools
import sys
import threading

import pytest

from keras_profile.recorder.frameworks.keras import expand, keras_root
from keras_profile.recorder.probes import Hooks, make_probes
from keras_profile.recorder.probes.hooks import EventLog
from keras_profile.recorder.probes.resolving import resolve, waits_to_be_loaded
from keras_profile.recorder.protocol import RESUMED

needs_monitoring = pytest.mark.skipif(
    sys.version_info < (3, 12),
    reason="sys.monitoring exists from Python 3.12 on; tests/releases runs these there",
)
#: The mechanisms that this Python has.
MECHANISMS = ["monitoring", "recompilation"] if sys.version_info >= (3, 12) else ["recompilation"]

SOURCE = '''
from __future__ import annotations

import contextlib
import functools

log = []


def plain(x):
    """Adds one."""
    return x + 1


def outer(x):
    return plain(x) + plain(x)


def recursive(n):
    return 0 if n == 0 else 1 + recursive(n - 1)


def fails():
    raise ValueError("theirs")


def calls_fails():
    fails()


def handles():
    try:
        fails()
    except ValueError as error:
        return str(error)


def leaves_early(x):
    for number in range(x):
        if number == 2:
            return number
    else:
        return -1


def no_return():
    pass


def only_docstring():
    """Nothing else."""


def defaults(a, b=2, *rest, c, d=4, **more):
    return a, b, rest, c, d, more


def with_lambda(x):
    double = lambda y: y * 2
    return [double(z) for z in range(x)]


def on_one_line(x): return x * 3


def decorate(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper


@decorate
def decorated(x):
    return x - 1


def factory(base):
    def inner(x):
        def innermost():
            return base + x
        return innermost()
    return inner


def defines_a_class():
    class Local:
        def method(self):
            return 5
    return Local().method()


def numbers(n):
    for number in range(n):
        yield number


def echo():
    got = None
    while True:
        got = yield got
        if got is None:
            return "done"


def yields_nothing():
    yield
    yield


def survives():
    while True:
        try:
            yield 1
        except KeyError:
            yield 2


def delegates(n):
    result = yield from numbers(n)
    return result


@contextlib.contextmanager
def scope():
    log.append("in")
    try:
        yield "inside"
    finally:
        log.append("out")


def uses_scope():
    with scope() as word:
        return word


class Base:
    def __init__(self, x):
        self.x = x

    def value(self):
        return self.x


class Thing(Base):
    def __init__(self, x):
        super().__init__(x)
        self.__hidden = x * 2

    def method(self):
        return super().value() + self.__hidden

    @property
    def twice(self):
        return self.x * 2

    @staticmethod
    def fixed(x):
        return x

    @classmethod
    def make(cls, x):
        return cls(x)

    alias = method


class Loud:
    def __del__(self):
        log.append("destroyed")


def holds():
    loud = Loud()
    log.append("returning")
    return 1


def holds_and_fails():
    loud = Loud()
    raise ValueError("theirs")


imported_as = plain
not_a_function = 5
'''

NAMES = itertools.count()


@pytest.fixture
def theirs(tmp_path, monkeypatch):
    """The module to probe, freshly imported from a file."""
    name = f"probed_module_{next(NAMES)}"
    (tmp_path / f"{name}.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module(name)
    del sys.modules[name]


class Probed:
    """Probes on some functions of a module, and what they were told."""

    def __init__(self, mechanism, module, *qualnames):
        self.events = []
        self.names = dict(enumerate(qualnames))
        targets = [resolve(module.__name__, qualname) for qualname in qualnames]
        for number, target in enumerate(targets):
            target.internal = number
        self.hooks = Hooks(*(self._told(what) for what in ("enter", "resume", "leave")))
        self.probes = make_probes(targets, self.hooks, mechanism)
        assert list(self.probes.unprobed) == []

    def _told(self, what):
        return lambda internal: self.events.append((what, self.names[internal]))

    def __enter__(self):
        self.probes.install()
        return self

    def __exit__(self, *_):
        self.probes.remove()


def run(mechanism, module, qualnames, action):
    """The events while ``action(module)`` runs, and what it returned."""
    with Probed(mechanism, module, *qualnames) as probed:
        result = action(module)
        gc.collect()
        told = list(probed.events)
    return told, result


def once(*names):
    """The events of functions that call each other in that order, once each."""
    return [("enter", name) for name in names] + [("leave", name) for name in reversed(names)]


@pytest.mark.parametrize("mechanism", MECHANISMS)
class TestWhatIsTold:
    def test_a_function(self, theirs, mechanism):
        assert run(mechanism, theirs, ["plain"], lambda m: m.plain(1)) == (once("plain"), 2)

    def test_functions_that_are_not_probed_are_not_told(self, theirs, mechanism):
        assert run(mechanism, theirs, ["outer"], lambda m: m.outer(1)) == (once("outer"), 4)

    def test_calls_nest(self, theirs, mechanism):
        told, _ = run(mechanism, theirs, ["outer", "plain"], lambda m: m.outer(1))
        assert told == [("enter", "outer"), *once("plain"), *once("plain"), ("leave", "outer")]

    def test_an_alias_is_the_same_function(self, theirs, mechanism):
        assert run(mechanism, theirs, ["plain"], lambda m: m.imported_as(1)) == (once("plain"), 2)

    def test_recursion(self, theirs, mechanism):
        told, result = run(mechanism, theirs, ["recursive"], lambda m: m.recursive(2))
        assert result == 2
        assert told == [("enter", "recursive")] * 3 + [("leave", "recursive")] * 3

    def test_an_exception_leaves_every_function_that_it_passes(self, theirs, mechanism):
        def action(module):
            with pytest.raises(ValueError, match="theirs"):
                module.calls_fails()

        told, _ = run(mechanism, theirs, ["calls_fails", "fails"], action)
        assert told == once("calls_fails", "fails")

    def test_an_exception_that_is_handled_leaves_only_what_raised(self, theirs, mechanism):
        told, result = run(mechanism, theirs, ["handles", "fails"], lambda m: m.handles())
        assert result == "theirs"
        assert told == once("handles", "fails")

    @pytest.mark.parametrize(("name", "result"), [("no_return", None), ("only_docstring", None)])
    def test_bodies_without_a_return(self, theirs, mechanism, name, result):
        assert run(mechanism, theirs, [name], lambda m: getattr(m, name)()) == (once(name), result)

    @pytest.mark.parametrize(
        ("name", "result"), [("leaves_early", 2), ("with_lambda", [0, 2, 4, 6, 8]), ("on_one_line", 15)]
    )
    def test_bodies_of_every_kind(self, theirs, mechanism, name, result):
        assert run(mechanism, theirs, [name], lambda m: getattr(m, name)(5)) == (once(name), result)

    def test_defaults_and_keyword_only_arguments_stay(self, theirs, mechanism):
        told, result = run(mechanism, theirs, ["defaults"], lambda m: m.defaults(1, c=3, e=5))
        assert result == (1, 2, (), 3, 4, {"e": 5})
        assert told == once("defaults")

    def test_a_decorated_function_is_what_is_wrapped(self, theirs, mechanism):
        told, result = run(
            mechanism, theirs, ["decorated", "decorate.<locals>.wrapper"], lambda m: m.decorated(5)
        )
        assert result == 4
        assert told == once("decorate.<locals>.wrapper", "decorated")

    def test_a_local_function_made_before_and_one_made_after(self, theirs, mechanism):
        earlier = theirs.factory(10)
        told, result = run(
            mechanism, theirs, ["factory.<locals>.inner"], lambda m: (earlier(1), m.factory(20)(2))
        )
        assert result == (11, 22)
        assert told == once("factory.<locals>.inner") * 2

    def test_functions_at_three_depths(self, theirs, mechanism):
        names = ["factory", "factory.<locals>.inner", "factory.<locals>.inner.<locals>.innermost"]
        told, result = run(mechanism, theirs, names, lambda m: m.factory(20)(2))
        assert result == 22
        assert told == once("factory") + once(*names[1:])

    def test_a_function_that_defines_a_class(self, theirs, mechanism):
        told, result = run(mechanism, theirs, ["defines_a_class"], lambda m: m.defines_a_class())
        assert (told, result) == (once("defines_a_class"), 5)

    def test_methods_with_super_and_private_names(self, theirs, mechanism):
        names = ["Thing.__init__", "Base.__init__", "Thing.method", "Base.value"]
        told, result = run(mechanism, theirs, names, lambda m: m.Thing(3).method())
        assert result == 9
        assert told == once(*names[:2]) + once(*names[2:])

    def test_properties_static_and_class_methods(self, theirs, mechanism):
        names = ["Thing.twice", "Thing.fixed", "Thing.make", "Thing.__init__"]
        told, result = run(mechanism, theirs, names, lambda m: (m.Thing.make(3).twice, m.Thing.fixed(7)))
        assert result == (6, 7)
        assert told == once("Thing.make", "Thing.__init__") + once("Thing.twice") + once("Thing.fixed")

    def test_a_generator_leaves_at_each_yield_and_is_resumed(self, theirs, mechanism):
        told, result = run(mechanism, theirs, ["numbers"], lambda m: list(m.numbers(2)))
        assert result == [0, 1]
        assert told == once("numbers") + [("resume", "numbers"), ("leave", "numbers")] * 2

    def test_values_sent_into_a_generator_arrive(self, theirs, mechanism):
        def action(module):
            generator = module.echo()
            return next(generator), generator.send(5), generator.send(6)

        _, result = run(mechanism, theirs, ["echo"], action)
        assert result == (None, 5, 6)

    def test_what_a_generator_returns_arrives(self, theirs, mechanism):
        def action(module):
            generator = module.echo()
            next(generator)
            with pytest.raises(StopIteration) as stop:
                next(generator)
            return stop.value.value

        _, result = run(mechanism, theirs, ["echo"], action)
        assert result == "done"

    def test_a_bare_yield(self, theirs, mechanism):
        told, result = run(mechanism, theirs, ["yields_nothing"], lambda m: list(m.yields_nothing()))
        assert result == [None, None]
        assert (
            told == once("yields_nothing") + [("resume", "yields_nothing"), ("leave", "yields_nothing")] * 2
        )

    def test_a_context_manager(self, theirs, mechanism):
        told, result = run(mechanism, theirs, ["uses_scope", "scope"], lambda m: m.uses_scope())
        assert result == "inside"
        assert theirs.log == ["in", "out"]
        assert told == [
            ("enter", "uses_scope"),
            *once("scope"),
            ("resume", "scope"),
            ("leave", "scope"),
            ("leave", "uses_scope"),
        ]

    def test_a_generator_that_is_never_started_is_not_told(self, theirs, mechanism):
        assert run(mechanism, theirs, ["numbers"], lambda m: m.numbers(3).close()) == ([], None)

    def test_a_generators_last_leave_comes_when_it_is_closed(self, theirs, mechanism):
        def action(module):
            generator = module.numbers(3)
            next(generator)
            generator.close()

        told, _ = run(mechanism, theirs, ["numbers"], action)
        assert told[:2] == once("numbers")
        assert told[-1] == ("leave", "numbers")

    def test_a_generator_that_is_thrown_into_goes_on(self, theirs, mechanism):
        def action(module):
            generator = module.survives()
            return next(generator), generator.throw(KeyError("x"))

        told, result = run(mechanism, theirs, ["survives"], action)
        assert result == (1, 2)
        assert told[:2] == once("survives")

    def test_local_variables_are_destroyed_after_the_leave(self, theirs, mechanism):
        with Probed(mechanism, theirs, "holds") as probed:
            probed.events = theirs.log
            theirs.holds()
            told = list(theirs.log)
        assert told == [("enter", "holds"), "returning", ("leave", "holds"), "destroyed"]

    def test_local_variables_are_destroyed_after_an_exceptions_leave(self, theirs, mechanism):
        with Probed(mechanism, theirs, "holds_and_fails") as probed:
            probed.events = theirs.log
            with pytest.raises(ValueError, match="theirs"):
                theirs.holds_and_fails()
            told = list(theirs.log)
        assert told[:2] == once("holds_and_fails")


#: What is done with the module, by a name, and what is probed then.
ACTIONS = {
    "plain": (["outer", "plain"], lambda m: m.outer(1)),
    "recursion": (["recursive"], lambda m: m.recursive(3)),
    "exceptions": (["handles", "fails"], lambda m: m.handles()),
    "decorated": (["decorated", "decorate.<locals>.wrapper"], lambda m: m.decorated(1)),
    "locals": (["factory", "factory.<locals>.inner"], lambda m: m.factory(1)(2)),
    "methods": (["Thing.__init__", "Base.__init__", "Thing.twice"], lambda m: m.Thing.make(1).twice),
    "generator": (["numbers"], lambda m: list(m.numbers(3))),
    "context manager": (["scope", "uses_scope"], lambda m: m.uses_scope()),
    "delegation, inner": (["numbers"], lambda m: list(m.delegates(2))),
    "early close": (["numbers"], lambda m: [next(m.numbers(3)) for _ in range(2)]),
    "throw": (["survives"], lambda m: _throw(m.survives())),
}


def _throw(generator):
    return next(generator), generator.throw(KeyError("x"))


@pytest.mark.parametrize("name", ACTIONS)
def test_functions_that_the_program_froze_are_found(theirs, name):
    """``gc.freeze()`` hides them from the collector, by which functions are found."""
    qualnames, action = ACTIONS[name]
    usual = run("recompilation", theirs, qualnames, action)
    gc.collect()
    gc.freeze()
    try:
        frozen = run("recompilation", theirs, qualnames, action)
    finally:
        gc.unfreeze()
    assert frozen == usual
    assert usual[0]


@needs_monitoring
@pytest.mark.parametrize("name", ACTIONS)
def test_both_mechanisms_tell_the_same(theirs, name):
    qualnames, action = ACTIONS[name]
    first, one = run("monitoring", theirs, qualnames, action)
    second, other = run("recompilation", theirs, qualnames, action)
    assert first
    assert one == other
    assert first == second


def test_a_function_that_delegates_is_not_recompiled(theirs):
    events = []
    target = resolve(theirs.__name__, "delegates")
    target.internal = 0
    probes = make_probes([target], Hooks(events.append, events.append, events.append), "recompilation")
    probes.install()
    assert list(theirs.delegates(2))
    probes.close()
    assert events == []
    assert [reason.split(",")[0] for _, reason in probes.unprobed] == ["it has a yield from"]


# --- taking them away ---


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_after_removal_code_is_the_original_and_nothing_is_told(theirs, mechanism):
    functions = [theirs.plain, theirs.outer, theirs.numbers, theirs.Thing.method]
    codes = [function.__code__ for function in functions]
    probed = Probed(mechanism, theirs, "plain", "outer", "numbers", "Thing.method")
    for _ in range(2):
        with probed:
            theirs.outer(1)
        assert len(probed.events) == 6
        assert all(function.__code__ is code for function, code in zip(functions, codes))
        probed.events.clear()
        theirs.outer(1)
        list(theirs.numbers(2))
        assert probed.events == []


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_functions_defined_meanwhile_tell_nothing_after_removal(theirs, mechanism):
    with Probed(mechanism, theirs, "factory.<locals>.inner") as probed:
        kept = theirs.factory(1)
    probed.events.clear()
    kept(2)
    assert probed.events == []


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_removing_twice_is_harmless(theirs, mechanism):
    probed = Probed(mechanism, theirs, "plain")
    with probed:
        pass
    probed.probes.remove()
    assert theirs.plain(1) == 2


@needs_monitoring
def test_no_tool_is_left_in_sys_monitoring(theirs):
    before = [sys.monitoring.get_tool(tool) for tool in range(6)]
    probed = Probed("monitoring", theirs, "plain")
    with probed:
        during = [sys.monitoring.get_tool(tool) for tool in range(6)]
    assert during.count("keras_profile") == 1
    assert [sys.monitoring.get_tool(tool) for tool in range(6)] == before


@needs_monitoring
def test_two_taken_tool_ids_are_told(theirs):
    taken = [tool for tool in (3, 4) if sys.monitoring.get_tool(tool) is None]
    for tool in taken:
        sys.monitoring.use_tool_id(tool, "other")
    try:
        with pytest.raises(RuntimeError, match="tool ids"):
            Probed("monitoring", theirs, "plain").probes.install()
    finally:
        for tool in taken:
            sys.monitoring.free_tool_id(tool)
    assert theirs.plain(1) == 2


@needs_monitoring
def test_monitoring_is_chosen_where_it_is_there(theirs):
    assert Probed(None, theirs, "plain").probes.mechanism == "monitoring"


# --- recompilation's own ---


def test_recompiled_code_keeps_file_and_lines(theirs):
    before = theirs.fails.__code__
    with Probed("recompilation", theirs, "fails"):
        code = theirs.fails.__code__
        assert code is not before
        assert (code.co_filename, code.co_firstlineno, code.co_name) == (
            before.co_filename,
            before.co_firstlineno,
            before.co_name,
        )
        with pytest.raises(ValueError, match="theirs") as caught:
            theirs.fails()
    line = SOURCE.splitlines().index('    raise ValueError("theirs")') + 1
    assert caught.traceback[-1].lineno + 1 == line


def test_docstrings_stay_with_recompiled_functions(theirs):
    with Probed("recompilation", theirs, "plain", "only_docstring"):
        assert theirs.plain.__doc__ == "Adds one."
        assert theirs.only_docstring.__doc__ == "Nothing else."


def unprobed(module, qualname):
    target = resolve(module.__name__, qualname)
    target.internal = 0
    probes = make_probes([target], Hooks(None, None, None), "recompilation")
    assert [one for one, _ in probes.unprobed] == [target]
    probes.install()
    probes.remove()
    return probes.unprobed[0][1]


def test_functions_that_stand_in_one_place_do_not_hinder_probes(tmp_path, monkeypatch):
    (tmp_path / "two_in_a_line.py").write_text(
        "def sizes(words):\n    return sum(len(one) for one in words), sum(ord(one) for one in words)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("two_in_a_line")
    try:
        with Probed("recompilation", module, "sizes") as probed:
            assert module.sizes("ab") == (2, 195)
        assert len(probed.events) == 2
    finally:
        del sys.modules["two_in_a_line"]


def test_source_that_is_gone_is_told_of(theirs, tmp_path):
    (tmp_path / f"{theirs.__name__}.py").unlink()
    assert "No such file" in unprobed(theirs, "plain")


def test_source_that_changed_since_is_told_of(theirs, tmp_path):
    (tmp_path / f"{theirs.__name__}.py").write_text("\n\n\n" + SOURCE)
    assert "differs from what runs" in unprobed(theirs, "plain")


def test_source_that_no_longer_compiles_is_told_of(theirs, tmp_path):
    (tmp_path / f"{theirs.__name__}.py").write_text("def plain(x:\n")
    assert unprobed(theirs, "plain")


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_other_threads_go_on_building_tuples_while_probes_are_made(theirs, mechanism):
    """A tuple that somebody else holds while it is filled cannot grow."""
    done, raised = threading.Event(), []

    def build():
        while not done.is_set() and not raised:
            try:
                tuple(number for number in range(1000))
            except SystemError as error:
                raised.append(error)

    interval = sys.getswitchinterval()
    thread = threading.Thread(target=build)
    thread.start()
    sys.setswitchinterval(1e-5)  # so that the threads take turns within a tuple and within the making
    try:
        for _ in range(20):
            with Probed(mechanism, theirs, "plain", "outer") as probed:
                theirs.outer(1)
            probed.probes.close()
    finally:
        sys.setswitchinterval(interval)
        done.set()
        thread.join()
    assert not raised


# --- the log ---


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_only_the_thread_that_made_the_log_is_logged(theirs, mechanism):
    log = EventLog()
    target = resolve(theirs.__name__, "plain")
    target.internal = 4
    probes = make_probes([target], log.hooks(), mechanism)
    probes.install()
    try:
        thread = threading.Thread(target=theirs.plain, args=(1,))
        thread.start()
        thread.join()
        assert list(log.codes) == []
        theirs.plain(1)
    finally:
        probes.remove()
    assert list(log.codes) == [4, -5]
    assert list(log.times) == sorted(log.times)


def test_a_resumption_is_logged_as_one():
    log = EventLog()
    hooks = log.hooks()
    hooks.enter(3)
    hooks.leave(3)
    hooks.resume(3)
    hooks.leave(3)
    assert list(log.codes) == [3, -4, RESUMED + 3, -4]
    assert len(log.times) == 4
    log.clear()
    assert list(log.codes) == list(log.times) == []


# --- finding functions ---


def line_of(text):
    return next(number for number, line in enumerate(SOURCE.splitlines(), 1) if line.strip() == text)


@pytest.mark.parametrize(
    ("qualname", "line"),
    [
        ("plain", "def plain(x):"),
        ("Thing.method", "def method(self):"),
        ("Thing.twice", "@property"),
        ("Thing.fixed", "@staticmethod"),
        ("Thing.make", "@classmethod"),
        ("decorated", "@decorate"),
        ("scope", "@contextlib.contextmanager"),
        ("factory.<locals>.inner", "def inner(x):"),
        ("factory.<locals>.inner.<locals>.innermost", "def innermost():"),
    ],
)
def test_functions_are_found_under_what_wraps_them(theirs, qualname, line):
    found = resolve(theirs.__name__, qualname)
    lines = SOURCE.splitlines()
    if qualname == "Thing.method":
        expected = lines.index("    def method(self):", lines.index("class Thing(Base):")) + 1
    else:
        expected = line_of(line)
    assert found.code.co_firstlineno == expected
    assert found.code.co_name == qualname.rpartition(".")[2]


def test_a_local_functions_target_knows_the_function_around_it(theirs):
    found = resolve(theirs.__name__, "factory.<locals>.inner")
    assert found.outer is theirs.factory.__code__


@pytest.mark.parametrize(
    "qualname",
    [
        "missing",
        "Thing.missing",
        "Missing.method",
        "not_a_function",
        "Thing",
        "factory.<locals>.missing",
        "factory.<locals>.inner.<locals>.missing",
        "plain.<locals>.inner",
        "Thing.value",  # Base's
        "imported_as",  # plain under another name
        "contextlib",
        "functools.wraps",  # from elsewhere
    ],
)
def test_what_is_not_there_is_none(theirs, qualname):
    assert resolve(theirs.__name__, qualname) is None


def test_what_waits_to_be_loaded_is_told_without_loading_it(tmp_path, monkeypatch):
    package = tmp_path / "waiting" / "inner"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").write_text("raise RuntimeError('was imported')")
    (package / "leaf.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert waits_to_be_loaded("waiting")
    assert waits_to_be_loaded("waiting.inner.leaf")
    assert not waits_to_be_loaded("waiting.inner.none")
    assert not waits_to_be_loaded("nowhere.inner")
    assert not waits_to_be_loaded("sys")
    assert not waits_to_be_loaded("json.decoder")
    assert not waits_to_be_loaded("json.decoder.none")
    assert "waiting" not in sys.modules


def test_a_module_that_is_not_loaded_is_not_imported(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    assert resolve("colorsys", "rgb_to_yiq") is None
    assert "colorsys" not in sys.modules


def test_tf_decorators_are_unwrapped(theirs):
    def wrapped(*arguments):
        return theirs.plain(*arguments)

    class Decorator:
        decorated_target = theirs.plain

    wrapped._tf_decorator = Decorator()
    original, theirs.plain = theirs.plain, wrapped
    assert resolve(theirs.__name__, "plain").code is original.__code__


@pytest.mark.parametrize(
    ("module", "root", "expected"),
    [
        ("K.engine.training", "keras.src", "keras.src.engine.training"),
        ("K", "keras", "keras"),
        ("K.engine", None, None),
        ("tensorflow.python.eager", None, "tensorflow.python.eager"),
        ("Keras.engine", "keras", "Keras.engine"),
    ],
)
def test_k_stands_for_the_keras_root(module, root, expected):
    assert expand(module, root) == expected


@pytest.mark.parametrize(
    ("module", "root"),
    [
        ("keras.src.models.model", "keras.src"),
        ("tf_keras.src.engine.training", "tf_keras.src"),
        ("tensorflow.python.keras.engine.training", "tensorflow.python.keras"),
        ("keras.engine.training", "keras"),
        ("keras_like.engine", None),
    ],
)
def test_the_keras_root_is_that_of_the_models_class(module, root):
    base = type("Model", (), {"__module__": module})
    mine = type("Mine", (base,), {"__module__": "my_models"})
    assert keras_root(mine()) == root
