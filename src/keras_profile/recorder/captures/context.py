"""What an instrument may know about the calls that it captures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..protocol.requests import RecordRequest


class Context:
    """The request, the entry point that is called, and the internals as found here.

    ``resolved`` has a target or None for each row of the request's internals. ``in_program`` says
    that a program makes the calls; its own instruments have priority.
    """

    def __init__(
        self, request: RecordRequest, entry: str, resolved: list[Any], in_program: bool = False
    ) -> None:
        self.in_program = in_program
        self.request = request
        self.entry = entry
        self._resolved = resolved

    def targets(self) -> list[Any]:
        """Returns the functions to probe, each with its row's number as id."""
        return [target for target in self._resolved if target is not None and target.probed]

    def annotations(self) -> dict[int, str]:
        """Returns the text of each row's annotation in a trace, by the row's number."""
        return {
            number: "{}#internal={}#".format(row[2], row[1])
            for number, row in enumerate(self.request.internals)
        }
