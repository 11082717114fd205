"""A dataset has a cache, but the expensive work is still done on each call."""

from __future__ import annotations

from ....model.workload import DatasetStep
from ....number_words import number
from ..evidence_view import View
from ..rule import Answer, CannotTell, NotFound, Rule
from ..shared.claiming import claim, time_line
from ..shared.dataset_rows import known, taken
from ..shared.dataset_steps import steps
from ..shared.thresholds import LEAST_SHARE
from ..shared.waiting import waiting_claims


def judge(evidence: View) -> Answer:
    chain = steps(evidence)
    at = next((place for place, step in enumerate(chain) if step.kind == "Cache"), None)
    if at is None:
        return NotFound("the input is not a dataset with a cache")
    found = _left_early(evidence, chain, at) or _made_after(chain[:at])
    if found is None:
        return NotFound("no function follows the cache, and calls read it to the end")
    title, lines = found
    waiting = waiting_claims(evidence)
    if isinstance(waiting, CannotTell):
        return waiting
    return claim(
        evidence,
        waiting,
        "waiting for batches is",
        title=title + " ({cost} ms a call)",
        lines=[*lines, time_line(evidence, "waiting for batches", sum(waiting.values()))],
    )


def _left_early(evidence: View, chain: list[DatasetStep], at: int) -> tuple[str, list[str]] | None:
    """A cache in memory that no call reads to the end is discarded at the end of each call."""
    elements, wanted = known(chain[at].elements), taken(evidence, chain[:at])
    if elements is None or wanted is None or wanted >= elements:
        return None
    return (
        f"The cache never fills: a call stops after {number(wanted)} of its {number(elements)} elements",
        [
            (
                "a cache is kept only after its last element is read; a call that stops earlier discards it, "
                "and the next call makes its elements again"
            ),
            "to fill it, put take() before cache(), or let a call read all elements",
        ],
    )


def _made_after(later: list[DatasetStep]) -> tuple[str, list[str]] | None:
    names = [str(step.function) for step in reversed(later) if isinstance(step.function, str)]
    if not names:
        return None
    return (
        f"The cache comes before the expensive step: {', '.join(names)} runs on every call",
        [f"{', '.join(names)} comes after cache(), so its results are not kept"],
    )


RULE = Rule(
    id="cache_in_vain",
    title="A dataset's cache does not keep the expensive work",
    meaning=(
        "cache() keeps the elements that reach it, but only once all of them have. A map after it runs again "
        "on every call, and a call that stops early discards the elements cached so far."
    ),
    advice="put `cache()` after the slow map, and let the first pass read the dataset to its end",
    recognised=(
        "The dataset has a cache that is followed by a map, or that a call's steps do not read to the end, "
        "and waiting for batches takes at least LEAST_SHARE of the call."
    ),
    example=(
        "paths.cache().map(decode).batch(32)       # decodes on each "
        "call\n\npaths.map(decode).cache().batch(32)"
    ),
    sources=(
        "https://www.tensorflow.org/api_docs/python/tf/data/Dataset#cache",
        "https://www.tensorflow.org/guide/data_performance#caching",
    ),
    needs=("workload.dataset", "workload.steps", "phases"),
    uses=("native", "layers"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("dataset_cached",),
)
