"""What watched functions call: it begins to record a call before the body runs, and ends after it.

Whatever fails in the recorder, the user's call must not be affected. So each step of the recorder
here has its own ``try``, and no frame of it is on the stack while the function's body runs.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..protocol import ENTRY_POINT_OF
from ..user_frames import leave_out_recorder
from .activity import Activity
from .beginning import CALL, IN_TRAINING
from .wrapping import TRAINING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType

    from .beginning import ThreadState
    from .observed_call import ObservedCall
    from .process import RecordedProcess
    from .wrapping import Optional

#: The depth of a thread from which calls of an entry point are no longer the user's own.
_OPEN_BELOW = {name: CALL if entry.in_training else IN_TRAINING for name, entry in ENTRY_POINT_OF.items()}


class _Unwatched:
    """The context in which the body of an unrecorded call runs."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        pass


_UNWATCHED = _Unwatched()


class _Within:
    """The context in which the body of a recorded call runs; the thread is at ``level`` meanwhile.

    ``watched`` is None if watching failed: what the call calls is still part of it.
    """

    def __init__(
        self,
        process: RecordedProcess,
        state: ThreadState,
        level: int,
        watched: ObservedCall | Activity | None,
        frame: FrameType,
    ) -> None:
        self._process = process
        self._state = state
        self._before = state.level
        self._watched = watched
        self._frame: FrameType | None = frame
        self._level = level
        self.result: Any = None
        self.returned = False

    def __enter__(self) -> None:
        try:
            self._state.level = self._level
            try:
                self.begin_watched()
            except Exception as error:
                self._process.failed(error)
        except BaseException as error:  # Ctrl-C while the recorder is at work is the user's, too
            self.finish()
            leave_out_recorder(error)
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._watched is not None:
                try:
                    assert self._frame is not None
                    self._watched.end(self._frame, kind is not None, self.result)
                except Exception as failure:
                    self._process.failed(failure)
        except BaseException as interruption:
            leave_out_recorder(interruption)
            raise
        finally:
            self.finish()

    def begin_watched(self) -> None:
        if self._watched is not None:
            assert self._frame is not None
            self._watched.begin(self._frame)

    def finish(self) -> None:
        self._state.level = self._before
        self.result = self._frame = None


class _WithinCall(_Within):
    """The context in which the body of an inference call runs."""

    def begin_watched(self) -> None:
        self._state.awaits = self
        super().begin_watched()

    def is_of(self, frame: FrameType) -> bool:
        return self._frame is frame

    def returns(self, result: Any) -> None:
        self.returned = True
        if self._watched is not None and self._watched.wants_result:
            self.result = result

    def finish(self) -> None:
        self._state.group = -1
        self._state.awaits = None
        super().finish()


class CallRecorder:
    """Makes what watched functions call; ``process`` records the calls."""

    def __init__(self, process: RecordedProcess) -> None:
        self.process = process

    def on_call(self, entry: str, optional: Optional = (0, [])) -> Callable[..., Any]:
        """Returns what begins an inference call, or one within another, which is part of that.

        It gets the values of all parameters of the function. An ``optional`` parameter that has its
        default counts as not given.
        """
        required, defaults = optional
        open_below = _OPEN_BELOW[entry]

        def enter(arguments: tuple[Any, ...], options: dict[str, Any] | None = None) -> Any:
            process = self.process
            state = process.thread
            if state.level >= open_below or process.over:
                return _UNWATCHED
            try:
                given = {} if options is None else dict(options)
                if defaults:
                    rest, arguments = arguments[required:], arguments[:required]
                    for (name, default), value in zip(defaults, rest):
                        if value is not default:
                            given[name] = value
                return self._begin(process, state, entry, arguments, given, sys._getframe(1))
            except Exception:  # there is no room on the stack
                return _UNWATCHED
            except BaseException as error:
                leave_out_recorder(error)
                raise

        return enter

    def on_result(self, result: Any) -> Any:
        """Notes that a call is returning, and its result if that is wanted."""
        awaits = self.process.thread.awaits
        if awaits is not None:
            try:
                if awaits.is_of(sys._getframe(1)):
                    awaits.returns(result)
            except Exception as error:
                self._unrecorded(self.process, error)
        return result

    def is_over(self) -> bool:
        """Whether a recorded call is returning: what it leaves behind belongs to it."""
        awaits = self.process.thread.awaits
        try:
            return awaits is not None and awaits.returned and awaits.is_of(sys._getframe(1))
        except Exception as error:
            self._unrecorded(self.process, error)
            return False

    def on_activity(self, kind: str, name: str) -> Callable[..., Any]:
        """Returns what begins a call of the function ``name``, which takes time and is not inference."""
        trains = kind in TRAINING

        def enter(*_: Any) -> Any:
            process = self.process
            state = process.thread
            before = state.level
            if process.over or before == IN_TRAINING or (before == CALL and trains):
                return _UNWATCHED
            try:
                activity = Activity(process, kind, name, before == CALL)
                return _Within(process, state, IN_TRAINING if trains else before, activity, sys._getframe(1))
            except Exception as error:
                return self._unrecorded(process, error)
            except BaseException as error:
                leave_out_recorder(error)
                raise

        return enter

    def on_profiler(self, *_: Any) -> Any:
        """Makes way when TensorFlow's profiler is started or stopped: there is only one."""
        try:
            self.process.instruments.give_way()
        except Exception as error:
            return self._unrecorded(self.process, error)
        return _UNWATCHED

    def on_release(self, *_: Any) -> Any:
        """Lets go of the large model that is held: the program is letting go of its models."""
        try:
            self.process.held.another_model()
        except Exception as error:
            return self._unrecorded(self.process, error)
        return _UNWATCHED

    def _begin(
        self,
        process: RecordedProcess,
        state: ThreadState,
        entry: str,
        arguments: tuple[Any, ...],
        options: dict[str, Any],
        frame: FrameType,
    ) -> Any:
        observed: ObservedCall | None = None
        try:
            observed = process.observe(entry, arguments, options, frame.f_back or frame)
            if observed is None:
                return _UNWATCHED
        except Exception as error:
            process.failed(error)
        return _WithinCall(process, state, CALL, observed, frame)

    def _unrecorded(self, process: RecordedProcess, error: Exception) -> Any:
        try:
            process.failed(error)
        except Exception:  # there is no room on the stack, even for that
            return _UNWATCHED
        return _UNWATCHED
