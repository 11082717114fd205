"""The rows of many calls in one."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import ALL_ROWS
from .snippets import NUMPY, TENSORFLOW, concatenated, lines, predict, user_call
from .usage import Usage

#: How many calls are merged: enough to make the fixed cost of a call vanish.
CALLS = 32


def changes(usage: Usage) -> list[Change]:
    joined = concatenated(usage, "xs")
    setup = lines(
        *([NUMPY] if usage.kind == "array" else []),
        *([TENSORFLOW] if usage.kind == "tensor" or not usage.one_input else []),
    )
    call = predict(usage, x=joined) if usage.entry == "predict" else user_call(usage, x=joined)
    return [
        Change(
            "the rows of {} calls in one".format(CALLS),
            call,
            setup=setup,
            calls=CALLS,
            condition="only if the inputs of all calls are known in advance, as the list xs: none may depend "
            "on an earlier call's output",
            batch_rows=None if usage.entry == "predict" else usage.known_rows * CALLS,
        )
    ]


def obstacle(usage: Usage) -> str | None:
    if usage.keeps_state:
        return "a call's outputs depend on the calls before it"
    if usage.chained:
        return "each call's input is made from the output of the one before"
    if usage.models_seen > 1:
        return "the calls use {:,} different models".format(usage.models_seen)
    if usage.entry == "predict" and usage.batches is not None and usage.batches > 1:
        return "a call has {:,} rows, already {:,} batches".format(usage.rows, usage.batches)
    return None


RECIPE = Recipe(
    "one_predict_for_many_calls",
    "one call for the rows of many",
    "The fixed cost of a call is paid once. The rows of many calls must be known in advance: xs is the list "
    "of their inputs, and np.split(y, len(xs)) returns each call's outputs.",
    changes,
    obstacle,
    simplicity=ALL_ROWS,
    entries=("predict", "predict_on_batch"),
    any_backend=True,
    harmless=True,
)
