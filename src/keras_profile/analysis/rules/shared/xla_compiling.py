"""What XLA's compiler does in a call."""

from __future__ import annotations

from ....model.report import NativeShare
from ..evidence_view import View

_COMPILER = ("Compiler::", "XlaCompile")


def xla_compiling(evidence: View) -> list[NativeShare]:
    """The compiler's own events, most expensive first; none if they were not traced."""
    if not evidence.has("native"):
        return []
    events = [event for event in evidence.native if any(name in event.event for name in _COMPILER)]
    return sorted(events, key=lambda event: -event.self_ns)
