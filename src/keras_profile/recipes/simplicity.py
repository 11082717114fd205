"""How simple and safe a change is: of changes that gain the same, the simplest is recommended.

The order is stated here alone; the page of the recipes is generated from it.
"""

from __future__ import annotations

from typing import NamedTuple


class Simplicity(NamedTuple):
    """One step of the order: what such a change is, and why it stands where it stands."""

    name: str
    reason: str


CALL = Simplicity(
    "another method or argument of the call", "a word changes, and every input that worked still works"
)
ALL_ROWS = Simplicity(
    "one call of all rows",
    "the loop goes; the inputs of all calls must be at hand before the first output is",
)
DATASET = Simplicity(
    "another step of the input pipeline", "a line changes where the dataset is made, none where it is used"
)
LAYERS_CALLED = Simplicity(
    "the model called as a function",
    "a word changes; all rows are one batch, and how fast it is depends on the layers",
)
MODEL = Simplicity(
    "the model set in another way", "a line where the model is made, or a copy of it with other layers"
)
OPEN_GRAPH = Simplicity(
    "a graph for any number of rows", "a function to make and keep, traced in its first call"
)
AHEAD = Simplicity(
    "the input made ahead", "it gains only where one input is used again, since making it is not in the call"
)
FIXED_SHAPE = Simplicity("a graph for one shape", "inputs of any other shape are refused")
COMPILED = Simplicity(
    "a graph that XLA compiles",
    "it takes long to build, for each shape again, and not every op can be compiled",
)
PROCESS = Simplicity(
    "a setting of the process", "it must come before TensorFlow is imported, and holds for all models"
)
EXPORTED = Simplicity("the model exported", "a folder beside the model, which must be written again with it")
RUNTIME = Simplicity(
    "another runtime or backend", "packages to install, and the model must be one that they support"
)
OTHER_RESULTS = Simplicity("other results", "the outputs change")

#: The order, what is simplest and safest first.
ORDER = (
    CALL,
    ALL_ROWS,
    DATASET,
    LAYERS_CALLED,
    MODEL,
    OPEN_GRAPH,
    AHEAD,
    FIXED_SHAPE,
    COMPILED,
    PROCESS,
    EXPORTED,
    RUNTIME,
    OTHER_RESULTS,
)
