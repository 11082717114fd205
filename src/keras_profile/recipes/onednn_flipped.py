"""oneDNN's kernels switched on or off."""

from __future__ import annotations

import os

from .recipe import ARRAYS, OWN_PROCESS, Change, Recipe
from .simplicity import PROCESS
from .snippets import lines, user_call
from .usage import Usage


def is_on(usage: Usage) -> bool:
    """Whether TensorFlow uses oneDNN: by default since 2.9."""
    # https://github.com/tensorflow/tensorflow/blob/v2.9.0/RELEASE.md
    default = "1" if usage.tensorflow_version >= (2, 9) else "0"
    return os.environ.get("TF_ENABLE_ONEDNN_OPTS", default) == "1"


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "oneDNN {}".format("off" if is_on(usage) else "on"),
            user_call(usage),
            before=lines(
                "import os",
                "",
                "os.environ['TF_ENABLE_ONEDNN_OPTS'] = '{:d}'  # before TensorFlow is imported".format(
                    not is_on(usage)
                ),
            ),
        )
    ]


RECIPE = Recipe(
    "onednn_flipped",
    "oneDNN switched on or off",
    "oneDNN's kernels are faster for large convolutions and products, and cost time for small ones. The "
    "results differ in the last digits.",
    changes,
    simplicity=PROCESS,
    where=OWN_PROCESS,
    kinds=(*ARRAYS, "dataset", "generator", "pydataset"),
    tensorflow=(2, 5),
)
