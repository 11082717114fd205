"""One cell after the other, in this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..cell_process import Answer, Job, Outcome, Question, Shipment, check, measure


class Sequential:
    """This machine. Models and files are used where they are."""

    name = "this machine"
    is_here = True

    def __enter__(self) -> Sequential:
        return self

    def __exit__(self, *ending: object) -> None:
        pass

    def versions(self) -> dict[str, str]:
        """None: there is no other machine."""
        return {}

    def slots(self) -> int:
        """One."""
        return 1

    def check(self, questions: Sequence[Question], shipment: Shipment) -> Iterator[Answer]:
        """Asks each question here."""
        return map(check, questions)

    def measured(self, jobs: Iterator[Job], shipment: Shipment) -> Iterator[Outcome]:
        """Measures each job here."""
        return map(measure, jobs)
