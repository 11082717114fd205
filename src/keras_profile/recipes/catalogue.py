"""All recipes, in the order in which they are tried: first those that help most users most.

A new recipe is a module beside this one that has a ``RECIPE``, its line in :data:`ORDER`, its entry in
docs/recipes.md, and a workload in tests/live/recipe_cases.py on which it applies.
"""

from __future__ import annotations

from importlib import import_module

from .recipe import Recipe
from .usage import Usage

#: The modules of the recipes, by their ids.
ORDER = (
    "predict_on_batch",
    "function_open_batch",
    "larger_batch_size",
    "run_eagerly_off",
    "xla_off",
    "debugger_off",
    "rebuilt_uncompiled",
    "call_inference",
    "function_fixed_signature",
    "concrete_function",
    "function_jit_compiled",
    "dataset_unshuffled",
    "dataset_from_tensors",
    "dataset_batched",
    "dataset_untuned",
    "input_stacked",
    "dataset_prefetched",
    "dataset_parallel_map",
    "dataset_cached",
    "pydataset_workers",
    "without_recurrent_dropout",
    "dense_for_time_distributed",
    "unroll_flipped",
    "without_augmentation",
    "float32_policy",
    "steps_per_execution",
    "preallocated_outputs",
    "one_predict_for_many_calls",
    "progress_bar_off",
    "without_callbacks",
    "function_reduce_retracing",
    "exported_signature",
    "loaded_uncompiled",
    "input_as_model_dtype",
    "input_as_tensor",
    "onnxruntime",
    "openvino",
    "litert",
    "threads",
    "onednn_flipped",
    "backend_jax",
    "backend_torch",
    "backend_openvino",
    "quantized_int8",
    "half_precision",
    "padded_shapes",
)

#: What answers to "why is predict slower after compile()" advise, in order.
WORKAROUNDS = ("rebuilt_uncompiled", "loaded_uncompiled", "call_inference", "predict_on_batch")


def _load(name: str) -> Recipe:
    # By the package's own name: in the recorder it has another one.
    found: Recipe = import_module(__package__ + "." + name).RECIPE
    return found


RECIPES = tuple(_load(name) for name in ORDER)


def in_order(usage: Usage) -> tuple[Recipe, ...]:
    """The recipes in the order to try them: on TensorFlow 2.0 those workarounds first."""
    if usage.tensorflow_version >= (2, 1):
        return RECIPES
    first = tuple(recipe_named(name) for name in WORKAROUNDS)
    return first + tuple(recipe for recipe in RECIPES if recipe not in first)


def recipe_named(id: str) -> Recipe:
    """The recipe of that identity. Raises :class:`KeyError`."""
    return {recipe.id: recipe for recipe in RECIPES}[id]
