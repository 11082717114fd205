"""Functions that say themselves when they are called."""

from __future__ import annotations

import importlib
import inspect
import sys
import traceback

import pytest

from keras_profile.recorder.probes import Hooks
from keras_profile.recorder.probes.recompilation import RecompilationProbes
from keras_profile.recorder.probes.resolving import resolve
from keras_profile.recorder.probes.watching import Unwatchable, Watch, WatchedFunction

MODULE = '''
import functools


def filtered(function):
    @functools.wraps(function)
    def handler(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except LookupError as error:
            raise error.with_traceback(None) from None

    return handler


class Base:
    def method(self, x):
        return [x]


class Derived(Base):
    """What is called."""

    def method(self, x, *more, scale=1, **named):
        """Has a docstring."""
        def inner(y):
            return y * scale

        if x is None:
            return
        return super().method(x), [inner(one) for one in more], named

    @filtered
    def decorated(self, x, option=None):
        return self.method(x)

    def __private(self):
        return self.__name

    def raises(self, x):
        try:
            raise KeyError(x)
        except KeyError as error:
            raise ValueError(x) from error

    def plain(self):
        pass

    def generates(self):
        yield 1


def plain(a, b=2):
    return stack(a + b)
'''


@pytest.fixture
def module(tmp_path, monkeypatch):
    (tmp_path / "watched_module.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield importlib.import_module("watched_module")
    del sys.modules["watched_module"]


class Noted:
    """Notes what functions were given, what they gave, and how they ended."""

    def __init__(self):
        self.given, self.results, self.ended = [], [], []
        self.watch = Watch(self._enter, self._give)

    def _enter(self, arguments, options=None):
        self.given.append((arguments, options))
        return self

    def _give(self, result):
        self.results.append(result)
        return result

    def __enter__(self):
        pass

    def __exit__(self, kind, error, trace):
        self.ended.append(kind)


def watched(function, noted):
    made = WatchedFunction(function, noted.watch)
    made.install()
    return made


def test_a_watched_method_is_what_it_was_and_says_what_it_is_given(module):
    method, thing, noted = module.Derived.method, module.Derived(), Noted()
    signature, expected = inspect.signature(method), thing.method(1, 2, 3, scale=4, name=5)
    made = watched(method, noted)
    assert thing.method(1, 2, 3, scale=4, name=5) == expected == ([1], [8, 12], {"name": 5})
    assert noted.given == [((thing, 1, 2, 3), {"scale": 4, "name": 5})]
    assert noted.results == [expected]
    assert noted.ended == [None]
    assert thing.method(None) is None
    assert noted.results[1:] == [None]
    assert inspect.signature(method) == signature
    assert inspect.getdoc(method) == "Has a docstring."
    assert module.Derived.method is method
    made.remove()
    thing.method(1)
    assert len(noted.given) == 2


def test_a_function_made_by_a_decorator_is_watched_alone(module):
    thing, noted = module.Derived(), Noted()
    other = module.filtered(lambda: 7)
    watched(module.Derived.decorated, noted)
    assert thing.decorated(1, option=2) == ([1], [], {})
    assert noted.given == [((thing, 1), {"option": 2})]
    assert other() == 7
    assert len(noted.given) == 1


def test_an_error_passes_with_its_frames_and_what_it_is_chained_to(module):
    thing, noted = module.Derived(), Noted()

    def told():
        with pytest.raises(ValueError, match="5") as caught:
            thing.raises(5)
        lines = [(frame.name, frame.lineno) for frame in traceback.extract_tb(caught.value.__traceback__)]
        return lines, repr(caught.value.__cause__), repr(caught.value.__context__)

    bare = told()
    watched(module.Derived.raises, noted)
    assert told() == bare
    assert noted.ended == [ValueError]
    assert noted.results == []


def test_nothing_is_on_the_stack_while_the_body_runs(module):
    depths = []
    module.stack = lambda x: depths.append(len(inspect.stack(0))) or x
    module.plain(1)
    watched(module.plain, Noted())
    module.plain(1)
    assert depths[0] == depths[1]


def test_what_ends_without_a_return_gives_nothing(module):
    noted = Noted()
    watched(module.Derived.plain, noted)
    assert module.Derived().plain() is None
    assert (noted.ended, noted.results) == ([None], [])


def test_what_is_no_plain_function_or_has_another_source_is_not_watched(module, tmp_path):
    with pytest.raises(Unwatchable, match="no plain function"):
        WatchedFunction(module.Derived.generates, Noted().watch)
    (tmp_path / "watched_module.py").write_text(MODULE.replace("a + b", "a + b + c"))
    with pytest.raises(Unwatchable, match="differs from what runs"):
        WatchedFunction(module.plain, Noted().watch)
    (tmp_path / "watched_module.py").unlink()
    with pytest.raises(Unwatchable, match="cannot be read"):
        WatchedFunction(module.plain, Noted().watch)


def test_a_watched_function_stays_so_under_probes(module):
    module.stack = lambda x: x
    original, noted, events = module.plain.__code__, Noted(), []
    made = watched(module.plain, noted)
    target = resolve("watched_module", "plain")
    target.internal = 3
    hooks = Hooks(lambda number: events.append(number), None, lambda number: events.append(-1 - number))
    probes = RecompilationProbes([target], hooks)
    assert probes.unprobed == []
    assert probes.internal_entered(module.plain.__code__) == 3  # of a call that has begun by now
    probes.install()
    assert probes.internal_entered(module.plain.__code__) is None  # these tell themselves
    assert module.plain(1) == 3
    probes.remove()
    assert module.plain(2) == 4
    assert events == [3, -4]
    assert [arguments for arguments, _ in noted.given] == [(1, 2), (2, 2)]
    probes.install()
    made.remove()  # the end comes while another thread is under an instrument
    probes.remove()
    assert module.plain.__code__ is original
