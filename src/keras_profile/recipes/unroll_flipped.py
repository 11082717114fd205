"""A copy of the model whose recurrent layers are unrolled, or no longer are."""

from __future__ import annotations

from typing import Any

from .recipe import ON_COPY, Change, Recipe
from .simplicity import MODEL
from .snippets import user_call, with_setting
from .usage import Usage, wrapped

#: Longer sequences take minutes to trace when unrolled: 3.6 s for 200 steps of one LSTM(32).
MOST_STEPS = 200


def recurrent(usage: Usage) -> list[Any]:
    """The model's layers that can be unrolled, or that wrap one that can be."""
    return [
        layer for layer in usage.layers if any(hasattr(part, "unroll") for part in [layer] + wrapped(layer))
    ]


def unrolled(usage: Usage) -> bool:
    """Whether the first of these layers is."""
    first = recurrent(usage)[0]
    return any(getattr(part, "unroll", False) for part in [first] + wrapped(first))


def changes(usage: Usage) -> list[Change]:
    flipped = not unrolled(usage)
    return [
        Change(
            "unroll={}".format(flipped),
            user_call(usage, model="fast"),
            setup=with_setting(usage, "'unroll' in part", "unroll", flipped),
        )
    ]


def obstacle(usage: Usage) -> str | None:
    if not recurrent(usage):
        return "the model has no recurrent layers"
    if not unrolled(usage) and not all(0 < steps(layer) <= MOST_STEPS for layer in recurrent(usage)):
        return "only a known number of steps, up to {}, is worth unrolling".format(MOST_STEPS)
    return None


def steps(layer: Any) -> int:
    """The steps of a layer's input; 0 where they are not known ahead."""
    try:
        shape = layer.input.shape
    except (AttributeError, ValueError):  # several inputs, never called, or called more than once
        return 0
    return int(shape[1] or 0)


RECIPE = Recipe(
    "unroll_flipped",
    "recurrent layers unrolled, or no longer unrolled",
    "An unrolled layer has all its steps in the graph, without a loop: faster for short sequences, slow to "
    "trace for long ones.",
    changes,
    obstacle,
    simplicity=MODEL,
    where=ON_COPY,
    any_backend=True,
    exchanges_layers=True,
    harmless=True,
)
