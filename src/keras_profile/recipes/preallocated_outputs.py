"""Batches written into the array that is returned."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import MODEL
from .snippets import NUMPY, lines
from .usage import Usage

#: Rows of a batch if the user gave none: ``predict``'s default is small.
ROWS = 1024


def changes(usage: Usage) -> list[Change]:
    rows = max(usage.predict_batch_size, min(ROWS, usage.known_rows))
    return [
        Change(
            "batches of {} into one array".format(rows),
            "predict(x)",
            setup=lines(
                NUMPY,
                "",
                "",
                "def predict(x):",
                "    outputs = np.empty((len(x),) + {}, {!r})".format(
                    usage.outputs.shape[1:], usage.outputs.dtype
                ),
                "    for start in range(0, len(x), {}):".format(rows),
                "        stop = start + {}".format(rows),
                "        outputs[start:stop] = model.predict_on_batch(x[start:stop])",
                "    return outputs",
            ),
        )
    ]


def obstacle(usage: Usage) -> str | None:
    if not usage.one_input or not usage.one_output:
        return "inputs or outputs are structures of arrays"
    if usage.outputs.shape[:1] != usage.input.shape[:1]:
        return "the outputs do not have a row for each row of the input"
    return "all {} rows are one batch".format(usage.rows) if usage.batches == 1 else None


RECIPE = Recipe(
    "preallocated_outputs",
    "outputs written into one array",
    "predict keeps all batches' outputs and joins them at the end, which takes twice their memory.",
    changes,
    obstacle,
    simplicity=MODEL,
    entries=("predict",),
    any_backend=True,
    harmless=True,
)
