"""How simple and safe a change is: of equally fast changes, the simplest is recommended.

The order is stated here alone; the page of the recipes is generated from it.
"""

from __future__ import annotations

from typing import NamedTuple


class Simplicity(NamedTuple):
    """One step of the order: what such a change is, and the reason for its place."""

    name: str
    reason: str


CALL = Simplicity(
    "another method or argument of the call", "a word changes, and every input that worked still works"
)
ALL_ROWS = Simplicity(
    "one call with all rows",
    "the loop goes away; all inputs must be known before the first output",
)
DATASET = Simplicity(
    "another step of the input pipeline", "a line changes where the dataset is made, none where it is used"
)
LAYERS_CALLED = Simplicity(
    "the model called as a function",
    "a word changes; all rows are one batch, and its speed depends on the layers",
)
MODEL = Simplicity(
    "another setting of the model",
    ("a line changes where the model is made, or it is copied with other layers"),
)
OPEN_GRAPH = Simplicity(
    "a graph for any number of rows", "a function to make and keep, traced in its first call"
)
AHEAD = Simplicity(
    "the input prepared ahead",
    ("it helps only if one input is used again, since preparing it is not part of the call"),
)
FIXED_SHAPE = Simplicity("a graph for one shape", "inputs of any other shape are rejected")
COMPILED = Simplicity(
    "a graph that XLA compiles",
    "it takes long to build, again for each shape, and not every op can be compiled",
)
PROCESS = Simplicity(
    "a setting of the process", "it must come before TensorFlow is imported, and holds for all models"
)
EXPORTED = Simplicity(
    "the model exported", ("a folder beside the model, to be rewritten whenever the model changes")
)
RUNTIME = Simplicity("another runtime or backend", "packages to install, which must support the model")
OTHER_RESULTS = Simplicity("other results", "the outputs change")

#: The order, simplest and safest first.
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
