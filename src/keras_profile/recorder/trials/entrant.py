"""A recipe's change on its way through a session of trials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Sequence

from .loading import load_recipes
from .outputs import Agreement

if TYPE_CHECKING:
    from ...recipes.recipe import Change, Recipe
    from .contender import Contender
    from .worker import ProcessContender

#: A change's status; the reason is in words.
FAILED, DIFFERS, NOT_APPLICABLE, NOT_TRIED, TRIED = (
    "failed",
    "outputs_differ",
    "not_applicable",
    "not_tried",
    "tried",
)


class Entrant:
    """One change, or a recipe that has none here; without a recipe it is the original call.

    If it is ``apart``, it runs in its own process; if it ``hung``, it was interrupted.

    ``contender`` is its running code, as long as there is any. ``agreement`` is how close its outputs
    are to the original's, on so many ``compared_rows`` of the ``compared_inputs``; ``rounds`` are
    pairs of a round's number and the times of its calls in ns.
    """

    def __init__(
        self, recipe: Recipe | None, change: Change | None = None, index: int = 0, apart: bool = False
    ) -> None:
        self.recipe = recipe
        self.apart = apart
        self.index = index
        self.status = NOT_TRIED if recipe is not None else TRIED
        self.reason = ""
        self.hung = False
        self.contender: Contender | ProcessContender | None = None
        self.agreement: Agreement | None = None
        self.compared_rows = 0
        self.compared_inputs: list[str] = []
        self.warmup_ns: int | None = None
        self.peak_bytes: int | None = None
        self.call_ns = 0
        self.rounds: list[tuple[int, list[int]]] = []
        self._change = change

    @property
    def has_change(self) -> bool:
        """Whether there is something to try."""
        return self._change is not None

    @property
    def change(self) -> Change:
        """The change; only for those that have one."""
        assert self._change is not None
        return self._change

    @property
    def running(self) -> Contender | ProcessContender:
        """The running code; only for those that have it."""
        assert self.contender is not None
        return self.contender

    @property
    def simplicity(self) -> int:
        """Its position in the order from simple and safe to complex; the original comes first."""
        order: Sequence[Any] = load_recipes("simplicity").ORDER
        return -1 if self.recipe is None else order.index(self.recipe.simplicity)

    @property
    def key(self) -> str:
        """An identifier of the change; empty for the original."""
        return "" if self.recipe is None else "{}:{}".format(self.recipe.id, self.index)

    def end(self, status: str, reason: str) -> None:
        """Takes it out, and releases what was built."""
        self.status, self.reason = status, reason
        self.let_go()

    def let_go(self) -> None:
        """Closes what was built."""
        if self.contender is not None:
            self.contender.close()
            self.contender = None

    def describe(self) -> dict[str, Any]:
        """Returns a row of ``trials.json``."""
        recipe, change, agreement = self.recipe, self._change, self.agreement
        return {
            "recipe": None if recipe is None else recipe.id,
            "title": change.title if change is not None else ("" if recipe is None else recipe.title),
            "code": "" if change is None else change.code,
            "condition": "" if change is None else change.condition,
            "where": "own_process" if self.apart else "in_process" if recipe is None else recipe.where,
            "approximate": recipe is not None and recipe.approximate,
            "status": self.status,
            "reason": self.reason,
            "calls": 1 if change is None else change.calls,
            "other_rows": change is not None and change.other_rows,
            "warmup_ns": self.warmup_ns,
            "peak_bytes": self.peak_bytes,
            "outputs": None
            if agreement is None
            else {
                "equal": agreement.equal,
                "max_abs_error": agreement.error,
                "tolerance": agreement.tolerance,
                "inputs": self.compared_inputs,
                "rows": self.compared_rows,
            },
            "rounds": [{"round": number, "wall_ns": walls} for number, walls in self.rounds],
        }
