"""Each call fills a shuffle buffer before its first batch."""

from __future__ import annotations

from ....model.workload import DatasetStep
from ....number_words import number
from ..evidence_view import View
from ..rule import Answer, CannotTell, NotFound, Rule, Threshold
from ..shared.claiming import claim, time_line
from ..shared.dataset_rows import known, taken
from ..shared.dataset_steps import batch_size, steps
from ..shared.thresholds import LEAST_SHARE
from ..shared.waiting import waiting_claims

BATCHES_BUFFERED = Threshold(
    "BATCHES_BUFFERED",
    2,
    "batches that a shuffle buffer holds at least: with fewer, the first batch needs as many elements "
    "without it",
)

_SHUFFLES = ("Shuffle", "ShuffleAndRepeat")


def judge(evidence: View) -> Answer:
    chain = steps(evidence)
    at = next((place for place, step in enumerate(chain) if step.kind in _SHUFFLES), None)
    if at is None:
        return NotFound("the input is not a dataset with a shuffle")
    shuffle, later = chain[at], chain[:at]
    elements = known(shuffle.elements)
    buffer = shuffle.buffer_size if isinstance(shuffle.buffer_size, int) else elements
    if buffer is None:
        return NotFound("the size of the shuffle buffer is not known")
    filled = buffer if elements is None else min(buffer, elements)
    batch = batch_size(evidence) or 1
    if filled < BATCHES_BUFFERED * batch:
        return NotFound(f"the shuffle buffer holds {number(filled)} elements, for batches of {batch}")
    waiting = waiting_claims(evidence)
    if isinstance(waiting, CannotTell):
        return waiting
    wanted = taken(evidence, later)
    claims = _claims(evidence, waiting, filled, wanted, elements)
    return claim(
        evidence,
        claims,
        "filling the shuffle buffer beyond the rows of the call is",
        title=(
            f"Each call refills a shuffle buffer of {number(filled)} elements before its first batch "
            "({cost} ms a call)"
        ),
        lines=[
            (
                f"shuffle({number(buffer)}){_of(elements)}: every new iterator fills it from the start, and "
                "predict makes an iterator on each call"
            ),
            *_first_batch(evidence),
            time_line(evidence, "waiting for all batches", sum(waiting.values())),
            *([] if wanted is None else [f"a call takes {number(wanted)} elements from it"]),
            *_before(chain[at + 1 :]),
            "without the shuffle, rows come in the order of the data",
        ],
    )


def _claims(
    evidence: View, waiting: dict[str, float], filled: int, wanted: int | None, elements: int | None
) -> dict[str, float]:
    """What the shuffle costs, ns by phase.

    A call that stops early makes elements that it leaves in the buffer. One that takes all makes the
    same elements without the shuffle, but may run the model meanwhile.
    """
    if wanted is not None and (elements is None or wanted < elements):
        made = filled + wanted if elements is None else min(filled + wanted, elements)
        # Each call makes the buffer and destroys it at its end.
        made_and_destroyed = {**waiting, "teardown": float(evidence.ns("teardown"))}
        return {phase: ns * (1 - wanted / made) for phase, ns in made_and_destroyed.items()}
    first = evidence.spans.first_fetch_share * evidence.total_ns
    running = evidence.ns("execution") + evidence.ns("eager_execution") - waiting.get("execution", 0.0)
    processors = int(evidence.environment("cpu_count") or 1)
    return {"batch_fetching": min(first, running) if processors > 1 else 0.0}


def _of(elements: int | None) -> str:
    return "" if elements is None else f" of {number(elements)} elements"


def _first_batch(evidence: View) -> list[str]:
    first = evidence.spans.first_fetch_share * evidence.total_ns
    return [time_line(evidence, "waiting for the first batch", first)] if first else []


def _before(earlier: list[DatasetStep]) -> list[str]:
    """The functions that run on each element before the buffer."""
    names = [str(step.function) for step in earlier if isinstance(step.function, str)]
    return [f"each element passes through {', '.join(reversed(names))} before the buffer"] if names else []


RULE = Rule(
    id="dataset_shuffled",
    title="A dataset is shuffled for inference",
    meaning=(
        "shuffle keeps a buffer of elements and returns random ones. With every new iterator, so on each "
        "call, the first batch waits until the buffer is full. That is worth it for training; inference "
        "gains nothing from another order of rows."
    ),
    advice="remove `shuffle()` from the dataset that you predict on",
    recognised=(
        "The dataset has a shuffle whose buffer holds at least BATCHES_BUFFERED batches. If a call does not "
        "use all elements made for it, waiting for the unused ones takes at least LEAST_SHARE of the call. "
        "If it uses all, waiting for the first batch could overlap with the model for as long."
    ),
    example=(
        "data = rows.map(decode).shuffle(30_000).batch(128)\n"
        "model.predict(data, steps=4)             # decodes 30,000 rows for 512\n\n"
        "data = rows.map(decode).batch(128)"
    ),
    sources=(
        "https://www.tensorflow.org/api_docs/python/tf/data/Dataset#shuffle",
        "https://github.com/tensorflow/tensorflow/issues/30646",
        "https://github.com/tensorflow/tensorflow/issues/47090",
    ),
    needs=("workload.dataset", "workload.steps", "environment.cpu_count", "spans", "phases"),
    uses=("native", "layers"),
    judge=judge,
    thresholds=(BATCHES_BUFFERED, LEAST_SHARE),
    recipes=("dataset_unshuffled",),
)
