"""The pytest plugin: a mark and a fixture that check the calls of models in tests.

Nothing but pytest is imported here until a test asks for it: the plugin is loaded in every run of pytest.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..analysis.call_limits import Limits

_MARK = "keras_profile"
_ABOUT = (
    "keras_profile(no=…, max_traces=…, max_ms=…, max_growth=…): fail if the calls of Keras models in this "
    "test do what they should not; without arguments, if they retrace, run eagerly or have debugging left on"
)


def pytest_configure(config: pytest.Config) -> None:
    """Declares the mark."""
    config.addinivalue_line("markers", _ABOUT)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, None]:
    """Watches the calls of a marked test, and checks them if it passes."""
    mark = item.get_closest_marker(_MARK)
    if mark is None:
        yield
        return
    limits = _limits(mark.args, mark.kwargs)
    watched = _Watched(item.name, limits)
    with watched.calls():
        outcome = yield
    try:
        if outcome.excinfo is None:
            watched.check()
    except pytest.fail.Exception as failure:
        outcome.force_exception(failure)
    finally:
        watched.forget()


@pytest.fixture
def keras_profile(request: pytest.FixtureRequest) -> Callable[..., AbstractContextManager[None]]:
    """Checks the calls of a ``with`` block: ``with keras_profile(max_traces=0): …``.

    It takes the arguments of the mark.
    """

    @contextmanager
    def checked(*arguments: Any, **limits: Any) -> Iterator[None]:
        wanted = _limits(arguments, limits)
        watched = _Watched(request.node.name, wanted)
        try:
            with watched.calls():
                yield
            watched.check()
        finally:
            watched.forget()

    return checked


class _Watched:
    """The calls of a test, recorded into a folder that is removed."""

    def __init__(self, name: str, limits: Limits) -> None:
        from ..recordings.names import plain_name
        from .options import ProgramOptions
        from .watch import Watching

        self._limits = limits
        self._folder = Path(tempfile.mkdtemp(prefix="keras_profile-"))
        options = ProgramOptions(
            recipes=(),
            replay=False,
            thorough=True,
            keep_inputs=False,
            captures=("bare", "spans") if limits.judges_by_spans else ("bare",),
            all_traces=True,
        )
        self._watching = Watching(plain_name(name) or "test", self._folder, options, quiet=True)

    def calls(self) -> AbstractContextManager[Any]:
        return self._watching

    def check(self) -> None:
        """Fails the test if a limit is exceeded, or if no call was made."""
        from ..analysis.call_limits import exceeded
        from ..errors import KerasProfileError

        __tracebackhide__ = True
        try:
            report = self._watching.report()
        except KerasProfileError as error:
            pytest.fail(f"keras_profile: {error.message}\n  {error.advice}", pytrace=False)
        assert report.opened is not None
        found = exceeded(self._limits, report.content, report.opened)
        if found:
            pytest.fail("\n".join(["keras_profile:", *map(str, found)]), pytrace=False)

    def forget(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _limits(arguments: tuple[Any, ...], given: Mapping[str, Any]) -> Limits:
    from ..analysis.call_limits import Limits
    from ..errors import KerasProfileError

    if arguments:
        raise pytest.UsageError(f"keras_profile: expected arguments by name, found {arguments[0]!r}")
    try:
        return Limits(**given)
    except TypeError as error:
        raise pytest.UsageError(f"keras_profile: {error}; expected {_ABOUT.partition(':')[0]}") from error
    except KerasProfileError as error:
        raise pytest.UsageError(f"keras_profile: {error.message}; {error.advice}") from error
