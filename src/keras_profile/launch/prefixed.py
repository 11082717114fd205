"""Events of one of several processes, with its name."""

from __future__ import annotations

from copy import copy

from ..recorder.protocol import events
from .recorder_process import Listener


def prefixed(listener: Listener, prefix: str) -> Listener:
    """Passes events on as those ``of`` what is called ``prefix``."""

    def listen(event: events.Event) -> None:
        told = copy(event)
        told.of = f"{prefix}: {event.of}" if event.of else prefix
        listener(told)

    return listen
