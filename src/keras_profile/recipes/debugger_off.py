"""The model traced while TensorFlow's debugger is off."""

from __future__ import annotations

from .recipe import ARRAYS, ON_COPY, Change, Recipe
from .simplicity import MODEL
from .snippets import TENSORFLOW, cloned, lines, user_call
from .usage import Usage

#: The debugger's switches, and where in tf.debugging they are.
_PLACES = {"check_numerics": "", "dump_debug_info": "experimental."}


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "without TensorFlow's debugger",
            user_call(usage, model="fast"),
            setup=lines(
                "# The same as removing enable_{}() from the program: then no copy is needed.".format(
                    "() and enable_".join(_on(usage))
                ),
                TENSORFLOW,
                *("tf.debugging.{}disable_{}()".format(_PLACES[name], name) for name in _on(usage)),
                "",
                cloned(usage),
            ),
            without_debugger=True,
        )
    ]


def obstacle(usage: Usage) -> str | None:
    return None if _on(usage) else "TensorFlow's debugger is not switched on"


def _on(usage: Usage) -> list[str]:
    return [name for name in _PLACES if name in usage.switches]


RECIPE = Recipe(
    "debugger_off",
    "without TensorFlow's debugger",
    "While it is on, debugger ops check the result of each op in every graph that is traced, and Python does "
    "so for each eager op.",
    changes,
    obstacle,
    harmless=True,
    simplicity=MODEL,
    where=ON_COPY,
    entries=("predict", "predict_on_batch", "call", "call_inference"),
    kinds=(*ARRAYS, "dataset", "pydataset"),
    tensorflow=(2, 1),
)
