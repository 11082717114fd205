"""The entry points that there are."""

from __future__ import annotations

#: The entry points that a workload can have.
ENTRY_POINTS = ("predict", "predict_on_batch", "call", "call_inference", "function", "signature")
