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

    ``apart`` ones run in a process of their own; one that ``hung`` was interrupted.

    ``contender`` is its running code, as long as there is one. ``agreement`` is how near its outputs
    are, on so many ``compared_rows`` of the ``compared_inputs``; ``rounds`` are pairs of a round's
    number and the times of its calls in ns.
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
        """The change, of those that have one."""
        assert self._change is not None
        return self._change

    @property
    def running(self) -> Contender | ProcessContender:
        """The running code, of those that have it."""
        assert self.contender is not None
        return self.contender

    @property
    def simplicity(self) -> int:
        """Its place in the order of what is simple and safe; the original comes first."""
        order: Sequence[Any] = load_recipes("simplicity").ORDER
        return -1 if self.recipe is None else order.index(self.recipe.simplicity)

    @property
    def key(self) -> str:
        """What tells changes apart; empty for the original."""
        return "" if self.recipe is None else "{}:{}".format(self.recipe.id, self.index)

    def end(self, status: str, reason: str) -> None:
        """It is out: nothing is left of what was built."""
        self.status, self.reason = status, reason
        self.let_go()

    def let_go(self) -> None:
        """Closes what was built."""
        if self.contender is not None:
            self.contender.close()
            self.contender = None

    def describe(self) -> dict[str, Any]:
        """A row of ``trials.json``."""
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
