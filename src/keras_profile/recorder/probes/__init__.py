"""Probes: hooks on the entry and exit of chosen functions, matched by code object.

Two ways of getting there give the same events:

- :mod:`.monitoring`, on Python 3.12 and later: ``sys.monitoring``, switched on for
  the chosen code objects alone.
- :mod:`.recompilation`, on every Python: the chosen functions are compiled again from
  their source with a hook at entry and exit, and their ``__code__`` is exchanged.

Both report a function's exit while its local variables still live, so that what the
call leaves behind is destroyed outside the function's span; and both end a
generator's span at ``yield`` and open it again when it is resumed.
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
    """Probes on ``targets`` by the best mechanism that this interpreter has.

    ``mechanism`` is ``monitoring`` or ``recompilation``, or None to choose.
    """
    if mechanism is None:
        mechanism = "monitoring" if sys.version_info >= (3, 12) else "recompilation"
    if mechanism == "monitoring":
        return MonitoringProbes(targets, hooks)
    if mechanism == "recompilation":
        return RecompilationProbes(targets, hooks)
    raise KeyError(mechanism)
