"""A dataset has a cache, and what takes the time is made in each call all the same."""

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
        return NotFound("the input is no dataset with a cache")
    found = _left_early(evidence, chain, at) or _made_after(chain[:at])
    if found is None:
        return NotFound("no function comes after the cache, and calls read it to its end")
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
    """A cache in memory that no call reads to its end is thrown away at each call's end."""
    elements, wanted = known(chain[at].elements), taken(evidence, chain[:at])
    if elements is None or wanted is None or wanted >= elements:
        return None
    return (
        f"The cache is never full: a call stops after {number(wanted)} of its {number(elements)} elements",
        [
            (
                "a cache is kept once its last element was read; one that is left before is thrown away, and "
                "the next call makes its elements again"
            ),
            "take() before cache(), or a call of all elements, fills it",
        ],
    )


def _made_after(later: list[DatasetStep]) -> tuple[str, list[str]] | None:
    names = [str(step.function) for step in reversed(later) if isinstance(step.function, str)]
    if not names:
        return None
    return (
        f"The cache comes before what takes the time: {', '.join(names)} runs in every call",
        [f"{', '.join(names)} comes after cache(), so that its results are not kept"],
    )


RULE = Rule(
    id="cache_in_vain",
    title="A dataset's cache does not keep what takes the time",
    meaning=(
        "cache() keeps the elements that reach it, once all of them did. A map after it runs again in every "
        "call, and a call that stops early throws away what the cache has so far."
    ),
    recognised=(
        "The dataset has a cache with a map after it, or one that a call's steps do not read to its end, and "
        "waiting for batches has at least the least share of the call."
    ),
    example=(
        "paths.cache().map(decode).batch(32)       # decodes in each "
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
