"""``bare``: how long calls take with nothing installed. The total is based on it."""

from __future__ import annotations

from . import Instrument

#: A call with nothing installed.
INSTRUMENT = Instrument
