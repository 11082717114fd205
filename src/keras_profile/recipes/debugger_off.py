"""The model traced without checks of numerics."""

from __future__ import annotations

from .recipe import ARRAYS, ON_COPY, Change, Recipe
from .simplicity import MODEL
from .snippets import TENSORFLOW, cloned, lines, user_call
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    call = user_call(usage, model="fast")
    return [
        Change(
            "without checks of numerics",
            call,
            setup=lines(
                "# A copy that is traced without checks. In your program leave "
                "enable_check_numerics() out: no",
                "# copy is needed then.",
                TENSORFLOW,
                cloned(usage),
                "tf.debugging.disable_check_numerics()",
                call,
                "tf.debugging.enable_check_numerics()  # for what else runs here",
            ),
        )
    ]


def obstacle(usage: Usage) -> str | None:
    return None if "check_numerics" in usage.switches else "checks of numerics are not switched on"


RECIPE = Recipe(
    "debugger_off",
    "without tf.debugging.enable_check_numerics()",
    "Two ops look at the result of each op of floats, in every graph that is traced while they are "
    "switched on.",
    changes,
    obstacle,
    simplicity=MODEL,
    where=ON_COPY,
    entries=("predict", "predict_on_batch"),
    kinds=(*ARRAYS, "dataset", "pydataset"),
    tensorflow=(2, 1),
)
