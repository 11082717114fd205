"""A copy of the model whose recurrent layers have no recurrent dropout."""

from __future__ import annotations

from .recipe import ARRAYS, ON_COPY, Change, Recipe
from .simplicity import MODEL
from .snippets import user_call, with_setting
from .usage import Usage, wrapped


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "recurrent_dropout=0",
            user_call(usage, model="fast"),
            setup=with_setting(usage, "'recurrent_dropout' in part", "recurrent_dropout", 0.0),
        )
    ]


def obstacle(usage: Usage) -> str | None:
    if not any(
        getattr(part, "recurrent_dropout", 0) for layer in usage.layers for part in [layer] + wrapped(layer)
    ):
        return "no layer has recurrent_dropout"
    return None


RECIPE = Recipe(
    "without_recurrent_dropout",
    "recurrent layers without recurrent_dropout",
    "Dropout does nothing at inference, but a layer that has recurrent_dropout cannot use the fused "
    "implementation.",
    changes,
    obstacle,
    simplicity=MODEL,
    where=ON_COPY,
    kinds=(*ARRAYS, "dataset", "generator", "pydataset"),
    any_backend=True,
    exchanges_layers=True,
    harmless=True,
)
