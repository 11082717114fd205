"""Makes the user's calls, recorded: the one place where the recorder stands around them.

Whatever fails in the recorder before, during or after a call, the call is made, once, and what it
returns or raises is the user's. So each step of the recorder here is in a ``try`` of its own, and
no call is made where an error of the recorder is being handled: it would be the context of what
the call raises.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..protocol import ENTRY_POINT_OF
from .activity import Activity
from .beginning import CALL, IN_TRAINING
from .observed_call import UserCall
from .wrapping import TRAINING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .observed_call import ObservedCall
    from .process import RecordedProcess

    Function = Callable[..., Any]

#: At which depth of a thread calls of an entry point are no longer the user's own.
_OPEN_BELOW = {name: CALL if entry.in_training else IN_TRAINING for name, entry in ENTRY_POINT_OF.items()}


class CallRecorder:
    """Makes calls for the wrappers of watched functions; ``process`` is what records them."""

    def __init__(self, process: RecordedProcess) -> None:
        self.process = process

    def call(
        self, entry: str, function: Function, arguments: tuple[Any, ...], options: dict[str, Any]
    ) -> Any:
        """Makes an inference call, or one within another, which is part of that."""
        process = self.process
        state = process.thread
        before = state.level
        if before >= _OPEN_BELOW[entry] or process.over:
            return function(*arguments, **options)
        observed: ObservedCall | None = None
        try:
            try:
                observed = process.observe(entry, arguments, options, sys._getframe(2))
                if observed is not None:
                    state.level = CALL
            except Exception as error:
                # What it calls is part of it all the same.
                state.level = CALL
                process.failed(error)
            if observed is None:
                return function(*arguments, **options)
            call: UserCall | None = None
            if observed.block is not None:
                call = UserCall(function, arguments, options)
                try:
                    observed.make_under_instrument(call)
                except BaseException as error:
                    if error is not call.error:
                        if not isinstance(error, Exception):
                            raise  # Ctrl-C while the recorder is at work is the user's as well
                        process.failed(error)
            if call is not None and call.made:
                result = call.outcome()
            else:
                result = self._make(process, observed, function, arguments, options)
            try:
                observed.returned(result)
            except Exception as error:
                process.failed(error)
            return result
        finally:
            state.level = before
            state.group = -1

    def act(self, kind: str, function: Function, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Makes a call of something that is no inference and takes time."""
        process = self.process
        state = process.thread
        before = state.level
        trains = kind in TRAINING
        if process.over or before == IN_TRAINING or (before == CALL and trains):
            return function(*arguments, **options)
        activity: Activity | None = None
        if trains:
            state.level = IN_TRAINING
        try:
            try:
                activity = Activity(process, kind, function, before == CALL)
            except Exception as error:
                process.failed(error)
            if activity is None:
                return function(*arguments, **options)
            return self._make(process, activity, function, arguments, options)
        finally:
            state.level = before

    def _make(
        self,
        process: RecordedProcess,
        watched: ObservedCall | Activity,
        function: Function,
        arguments: tuple[Any, ...],
        options: dict[str, Any],
    ) -> Any:
        """Makes the call with ``watched.begin()`` right before it and ``watched.end()`` right after."""
        try:
            watched.begin()
        except Exception as error:
            process.failed(error)
        raised = True
        try:
            result = function(*arguments, **options)
            raised = False
            return result
        finally:
            try:
                watched.end(raised)
            except Exception as error:
                process.failed(error)
