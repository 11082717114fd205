"""The model as one graph for any number of rows."""

from __future__ import annotations

from .recipe import ARRAYS, Change, Recipe
from .simplicity import OPEN_GRAPH
from .snippets import NUMPY, TENSORFLOW, from_tensors, inference, lines, rows_of_this_shape, specification
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    setup = lines(
        TENSORFLOW,
        "",
        "fast = tf.function(",
        "    {},".format(inference(usage)),
        "    input_signature=[{}])".format(specification(usage, open_batch=True)),
    )
    if usage.kind == "dataset":
        batch = "batch, *_" if usage.has_targets else "batch"
        return [
            Change(
                "tf.function(model) for each batch of the dataset",
                "np.concatenate([fast(batch).numpy() for {} in x])".format(batch),
                setup=lines(NUMPY, setup),
            )
        ]
    return [
        Change(
            "tf.function(model), any number of rows",
            from_tensors(usage, "fast(x)"),
            setup=setup,
            batch_rows=usage.rows,
            condition=rows_of_this_shape(usage),
        )
    ]


def obstacle(usage: Usage) -> str | None:
    if usage.kind != "dataset":
        return None
    if usage.steps is not None:
        return "the dataset is endless"
    if not usage.one_input or not usage.one_output:
        return "the batches are structures of arrays"
    return None


RECIPE = Recipe(
    "function_open_batch",
    "tf.function(model) with the batch dimension left open",
    "One graph, traced once, that takes any number of rows: no new trace for the last, smaller batch.",
    changes,
    obstacle,
    simplicity=OPEN_GRAPH,
    kinds=(*ARRAYS, "dataset"),
    harmless=True,
)
