"""Finds where a call became slower or faster over many states: each against the one before it.

Neighbours are measured in turn. What looks like a step is measured again, in new processes, and counts only
if it is there again: among many states, chance alone makes some differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ...analysis.differences.headline import internal_words, named_internals, signed, total_words
from ...errors import KerasProfileError
from ...model.comparison import ComparisonContent, DifferenceVerdict, PhaseDifference
from .comparing import Comparison

#: Measures two states, by their numbers, in turn.
Measure = Callable[[int, int], Comparison]
#: What is known of a difference that is a step.
SURE = ("slower", "faster")
#: The most phases that are named in words.
_MOST_PHASES = 3


@dataclass(frozen=True)
class Neighbours:
    """Two states that were measured in turn, by their numbers; a second time if they seemed to differ."""

    before: int
    after: int
    first: Comparison
    again: Comparison | None = None

    @property
    def last(self) -> Comparison:
        """What was measured last: its figures were not chosen for being large."""
        return self.again or self.first

    @property
    def verdict(self) -> DifferenceVerdict:
        """Whether the call surely stepped. A difference that was not there again is not known."""
        verdict = self.first.content.total.verdict
        if verdict not in SURE or (self.again and self.again.content.total.verdict == verdict):
            return verdict
        return "cannot_tell"

    @property
    def phases(self) -> list[PhaseDifference]:
        """The phases that surely stepped, the largest difference first."""
        if self.again is None:
            return []
        before = {one.phase: one.verdict for one in self.first.content.phases}
        return [
            one
            for one in self.again.content.phases
            if one.verdict in SURE and before.get(one.phase) == one.verdict
        ]

    @property
    def words(self) -> str:
        """What is known about the difference, in a sentence."""
        content, phases = self.last.content, self.phases
        named = [f"{one.phase} {signed(one.difference_ns)}" for one in phases[:_MOST_PHASES]]
        named += [internal_words(one) for one in named_internals(content, phases)]
        seen_once = self.verdict != self.first.content.total.verdict
        once = " (it seemed to differ when first measured, and did not again)" if seen_once else ""
        return total_words(content) + once + (": " + ", ".join(named) if named else "")


@dataclass
class Compared:
    """The states that could be measured, each with the one before it; why others could not."""

    neighbours: list[Neighbours] = field(default_factory=list)
    failures: dict[int, KerasProfileError] = field(default_factory=dict)
    interrupted: bool = False


def compare_neighbours(states: Sequence[str], measure: Measure) -> Compared:
    """Measures each state in turn with the last one before it that can be measured.

    After Ctrl-C the rest is left out. Raises :class:`KerasProfileError` if there are fewer than two states,
    or no two of them can be measured.
    """
    if len(states) < 2:
        raise KerasProfileError(
            f"expected at least two states to compare, found {len(states)}", "give an older --good"
        )
    found = Compared()
    base = 0
    for state in range(1, len(states)):
        try:
            pair = _measured(base, state, measure)
        except KeyboardInterrupt:
            found.interrupted = True
            break
        except KerasProfileError as error:
            if error.side == states[base] and not found.neighbours:
                found.failures[base], base = error, state
            else:
                found.failures[state] = error
            continue
        found.neighbours.append(pair)
        base = state
        if pair.last.interrupted:
            found.interrupted = True
            break
    if not found.neighbours:
        if found.interrupted:
            raise KeyboardInterrupt
        raise next(iter(found.failures.values()))
    return found


def _measured(before: int, after: int, measure: Measure) -> Neighbours:
    first = measure(before, after)
    if first.interrupted or not _seems_to_differ(first.content):
        return Neighbours(before, after, first)
    return Neighbours(before, after, first, measure(before, after))


def _seems_to_differ(content: ComparisonContent) -> bool:
    return content.total.verdict in SURE or any(one.verdict in SURE for one in content.phases)
