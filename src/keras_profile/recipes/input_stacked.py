"""All batches of the input as one array, made ahead."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import AHEAD
from .snippets import NUMPY, TENSORFLOW, block, concatenated, lines, on_batch, predict
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    prepare = lines(
        "batches = [batch[0] if isinstance(batch, tuple) else batch for batch in {}]".format(
            "(x[number] for number in range(len(x)))" if usage.kind == "pydataset" else "x"
        ),
        "stacked = {}  # once, where the data is loaded".format(concatenated(usage, "batches")),
    )
    call, imports = on_batch(usage, "stacked")
    condition = "only if all rows fit in memory, and the same input is used in several calls"
    setup = NUMPY if usage.one_input else lines(NUMPY, TENSORFLOW)
    return [
        Change(
            "all batches stacked, predict_on_batch",
            call,
            setup=block(setup, "" if imports in setup else imports),
            prepare=prepare,
            condition=condition,
        ),
        Change(
            "all batches stacked into one array",
            predict(usage, x="stacked", steps=None),
            setup=setup,
            prepare=prepare,
            condition=condition,
        ),
    ]


def obstacle(usage: Usage) -> str | None:
    if usage.steps is not None:
        return "the input is endless"
    return None if usage.one_output else "the outputs are a structure of arrays"


RECIPE = Recipe(
    "input_stacked",
    "the input's batches stacked into one array",
    "If all rows fit in memory, nothing needs to be fetched batch by batch. It helps if one input is used "
    "many times, or if rows come one at a time.",
    changes,
    obstacle,
    simplicity=AHEAD,
    kinds=("dataset", "generator", "pydataset"),
    entries=("predict",),
    harmless=True,
)
