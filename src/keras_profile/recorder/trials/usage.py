"""What recipes may know of a workload, gathered from it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Callable

import numpy as np

from ..facts import environment
from ..frameworks import keras
from ..frameworks.tensorflow import datasets
from ..protocol.frameworks import KERAS_BATCH_SIZE
from ..structures import map_leaves
from ..workload.inputs import all_layers
from .loading import load_recipes

if TYPE_CHECKING:
    from ...recipes.usage import Usage
    from ..workload.workload import Workload


def usage_of(workload: Workload, x: Any, outputs: Any) -> Usage:
    """The recipes' ``Usage`` of one call of ``workload`` with input ``x`` that gave ``outputs``."""
    recipes = load_recipes("usage")
    request, found = workload.request, environment.describe(workload.root)
    is_batch = not workload.entry_point.takes_batches
    kind = "tensor" if is_batch and workload.inputs.kind not in ("array", "tensor") else workload.inputs.kind
    dataset = None if kind in ("array", "tensor") else x
    usage: Usage = recipes.Usage(
        workload.model,
        workload.entry_point,
        kind,
        input=_structure(x, kind, recipes.Leaf),
        outputs=_structure(outputs, "array", recipes.Leaf),
        dataset=dataset,
        keras_module=keras.import_name(workload.root, version_of(found["keras"])),
        backend=found["backend"],
        keras_version=version_of(found["keras"]),
        tensorflow_version=version_of(found["tensorflow"]),
        batch_size=request.batch_size,
        steps=request.steps,
        verbose=request.verbose,
        callbacks=bool(workload.callbacks),
        layers=[layer for layer, _ in all_layers(workload.model)] if workload.model is not None else [],
        predict_batch_size=KERAS_BATCH_SIZE,
        compiled=keras.is_compiled(workload.model),
        subclassed=keras.is_subclassed(workload.model),
        dataset_classes=datasets.class_names(dataset),
        overriding={method: owner.__name__ for method, owner in workload.overriding.items()},
    )
    return usage


def version_of(text: str | None) -> tuple[int, ...]:
    """A version's leading numbers.

    >>> version_of("2.2.4-tf")
    (2, 2, 4)
    """
    found = re.match(r"\d+(\.\d+)*", text or "0")
    return tuple(int(part) for part in found.group().split(".")) if found else (0,)


def _structure(thing: Any, kind: str, leaf: Callable[..., Any]) -> Any:
    """``thing`` with its shapes and dtypes in place of its arrays; None where they are not known."""
    if kind == "generator":
        return None
    if kind == "pydataset":
        thing = thing[0]
        thing = thing[0] if isinstance(thing, tuple) else thing
    if kind == "dataset":
        specification = thing.element_spec
        if isinstance(specification, tuple) and specification:
            specification = specification[0]
        return map_leaves(
            lambda one: leaf(() if one.shape.rank is None else one.shape.as_list(), one.dtype.name),
            specification,
        )
    return map_leaves(lambda one: leaf(np.shape(one), _dtype(one)), thing)


def _dtype(one: Any) -> str:
    name = getattr(getattr(one, "dtype", None), "name", None) or str(np.asarray(one).dtype)
    return "string" if np.asarray(one).dtype.kind in "OSU" else name
