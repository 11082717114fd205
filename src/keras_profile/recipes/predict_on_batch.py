"""One batch, without the input pipeline that ``predict`` rebuilds on every call."""

from __future__ import annotations

from .recipe import ARRAYS, Change, Recipe
from .simplicity import CALL
from .snippets import NUMPY, having_own, on_batch
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    if usage.kind == "dataset":
        batch = "batch, *_" if usage.has_targets else "batch"
        call = having_own(usage, "predict_on_batch", "model") + ".predict_on_batch(batch)"
        return [
            Change(
                "model.predict_on_batch(batch) for each batch of the dataset",
                setup=NUMPY,
                call="np.concatenate([{} for {} in x])".format(call, batch),
            )
        ]
    call, imports = on_batch(usage)
    return [Change("model.predict_on_batch(x)", call, setup=imports, batch_rows=usage.rows)]


def obstacle(usage: Usage) -> str | None:
    if usage.kind != "dataset":
        return None
    if usage.steps is not None:
        return "the dataset is endless"
    return None if usage.one_input and usage.one_output else "the batches are structures of arrays"


RECIPE = Recipe(
    "predict_on_batch",
    "predict_on_batch in place of predict",
    "It hands the rows to the traced model as one batch: no data adapter, no dataset, no iterator, no "
    "callbacks. All rows must fit in memory at once.",
    changes,
    obstacle,
    simplicity=CALL,
    entries=("predict", "call", "call_inference", "function"),
    kinds=(*ARRAYS, "dataset"),
    any_backend=True,
    harmless=True,
)
