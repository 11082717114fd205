"""Transfers a model of this process to others, for changes that could end this process."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from ..frameworks import keras
from ..workload.inputs import kind_of
from .error_words import WorkerFailed, in_words

if TYPE_CHECKING:
    from ..protocol.requests import WorkloadRequest
    from .original import Original


class Carrier:
    """Saves the ``original``'s model for separate processes, when the first of them asks for it."""

    def __init__(self, original: Original, scratch: str) -> None:
        self._original = original
        self._scratch = scratch
        self._carried: WorkloadRequest | None = None
        self._reason: str | None = None

    def request(self) -> WorkloadRequest:
        """Returns the workload that another process makes. Raises :class:`WorkerFailed` with the reason."""
        if self._carried is None and self._reason is None:
            self._reason = self._carry()
        if self._carried is None:
            raise WorkerFailed(
                "it could end this process, and the model cannot be moved to another one: {}".format(
                    self._reason
                )
            )
        return self._carried

    def _carry(self) -> str | None:
        """Returns why the model cannot be transferred; None if it was."""
        workload = self._original.workload
        if workload.model is None:
            return "it is a function"
        if kind_of(self._original.references[0].x) not in ("array", "tensor"):
            return "the input is not an array"
        path = os.path.join(self._scratch, "model" + keras.model_ending(workload.root))
        try:
            workload.model.save(path)
        except Exception as error:  # a model of the user's own class: whatever it lacks is reported
            return in_words(error)
        self._carried = replace(
            workload.request, target=path, rows=self._original.usage.rows, trust_model=True
        )
        return None
