"""What an engine is: it calls :func:`..cell_process.measure`, for one cell at a time on each machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from ..cell_process import Answer, Job, Outcome, Question, Shipment

#: The name of the resource of which a machine that measures has one.
RESOURCE = "measure"


class Engine(Protocol):
    """Measures cells. It is a context manager, which gives back what it started."""

    #: How it is called in sentences.
    name: str
    #: Whether this process measures, and no other machine.
    is_here: bool

    def __enter__(self) -> Engine: ...

    def __exit__(self, *ending: object) -> None: ...

    def versions(self) -> dict[str, str]:
        """The version of keras_profile of each worker on another machine; empty text if it has none.

        Raises :class:`KerasProfileError` if no machine can measure, or one has several slots.
        """
        ...

    def slots(self) -> int:
        """How many cells are measured at once, on as many machines."""
        ...

    def check(self, questions: Sequence[Question], shipment: Shipment) -> Iterator[Answer]:
        """Asks each question on each machine that measures."""
        ...

    def measured(self, jobs: Iterator[Job], shipment: Shipment) -> Iterator[Outcome]:
        """Measures all jobs, which are taken when there is a slot for them."""
        ...
