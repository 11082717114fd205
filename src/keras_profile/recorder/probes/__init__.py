"""Probes: hooks on the entry and exit of chosen functions, matched by code object.

Two mechanisms give the same events:

- :mod:`.monitoring`, on Python 3.12 and later: ``sys.monitoring``, switched on only for
  the chosen code objects.
- :mod:`.recompilation`, on every Python: the chosen functions are compiled again from
  their source with a hook at entry and exit, and their ``__code__`` is exchanged.

A wrapper function would not work. It sees the exit only after the wrapped frame is gone, with the
objects that the frame held. It misses calls if a function was imported by name before. It adds
frames to stacks. Exceptions cannot be watched for a single code object, so the two callbacks of
:mod:`.monitoring` for them see every frame and look up the code object. Recompilation blanks
all lines of the source except those of the functions (:mod:`.excerpt`), so that file and line
numbers stay.

Hooks log only a code and a time, for the thread that made the log: they run thousands of times
per call, and they are the whole overhead. Pairing is the reader's work
(``recordings/readers/spans.py``), which also drops events that do not nest.

Both mechanisms report a function's exit while its local variables still exist, so that what the
call leaves behind is destroyed outside the function's span. Both end a generator's span at
``yield`` and open it again when it is resumed.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Sequence

from .hooks import Hooks
from .monitoring import MonitoringProbes
from .recompilation import RecompilationProbes

if TYPE_CHECKING:
    from .resolving import Target

__all__ = ["Hooks", "MonitoringProbes", "RecompilationProbes", "make_probes"]


def make_probes(
    targets: Sequence[Target], hooks: Hooks, mechanism: str | None = None
) -> MonitoringProbes | RecompilationProbes:
    """Returns probes on ``targets``, by the best mechanism that this interpreter has.

    ``mechanism`` is ``monitoring`` or ``recompilation``, or None to choose.
    """
    if mechanism is None:
        mechanism = "monitoring" if sys.version_info >= (3, 12) else "recompilation"
    if mechanism == "monitoring":
        return MonitoringProbes(targets, hooks)
    if mechanism == "recompilation":
        return RecompilationProbes(targets, hooks)
    raise KeyError(mechanism)
