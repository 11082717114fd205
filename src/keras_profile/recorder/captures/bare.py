"""``bare``: how long calls take with nothing installed. The total rests on it."""

from __future__ import annotations

from typing import Any

from ..measuring import Measured, measured_call
from . import Instrument


class Bare(Instrument):
    def measure(self, call: Any, x: Any, keep: bool) -> Measured:
        return measured_call(call, x)


INSTRUMENT = Bare
