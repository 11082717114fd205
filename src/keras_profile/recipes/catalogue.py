"""All recipes, in the order in which they are tried: what gains most for most users first."""

from __future__ import annotations

from . import (
    backend_jax,
    backend_openvino,
    backend_torch,
    call_inference,
    concrete_function,
    dataset_batched,
    dataset_cached,
    dataset_from_tensors,
    dataset_parallel_map,
    dataset_prefetched,
    dense_for_time_distributed,
    exported_signature,
    float32_policy,
    function_fixed_signature,
    function_jit_compiled,
    function_open_batch,
    function_reduce_retracing,
    half_precision,
    input_as_model_dtype,
    input_as_tensor,
    input_stacked,
    larger_batch_size,
    litert,
    loaded_uncompiled,
    one_predict_for_many_calls,
    onednn_flipped,
    onnxruntime,
    openvino,
    padded_shapes,
    preallocated_outputs,
    predict_on_batch,
    progress_bar_off,
    pydataset_workers,
    quantized_int8,
    rebuilt_uncompiled,
    run_eagerly_off,
    steps_per_execution,
    threads,
    unroll_flipped,
    without_augmentation,
    without_callbacks,
    without_recurrent_dropout,
)
from .recipe import Recipe
from .usage import Usage

RECIPES = (
    predict_on_batch.RECIPE,
    function_open_batch.RECIPE,
    larger_batch_size.RECIPE,
    run_eagerly_off.RECIPE,
    rebuilt_uncompiled.RECIPE,
    call_inference.RECIPE,
    function_fixed_signature.RECIPE,
    concrete_function.RECIPE,
    function_jit_compiled.RECIPE,
    dataset_from_tensors.RECIPE,
    dataset_batched.RECIPE,
    input_stacked.RECIPE,
    dataset_prefetched.RECIPE,
    dataset_parallel_map.RECIPE,
    dataset_cached.RECIPE,
    pydataset_workers.RECIPE,
    without_recurrent_dropout.RECIPE,
    dense_for_time_distributed.RECIPE,
    unroll_flipped.RECIPE,
    without_augmentation.RECIPE,
    float32_policy.RECIPE,
    steps_per_execution.RECIPE,
    preallocated_outputs.RECIPE,
    one_predict_for_many_calls.RECIPE,
    progress_bar_off.RECIPE,
    without_callbacks.RECIPE,
    function_reduce_retracing.RECIPE,
    exported_signature.RECIPE,
    loaded_uncompiled.RECIPE,
    input_as_model_dtype.RECIPE,
    input_as_tensor.RECIPE,
    onnxruntime.RECIPE,
    openvino.RECIPE,
    litert.RECIPE,
    threads.RECIPE,
    onednn_flipped.RECIPE,
    backend_jax.RECIPE,
    backend_torch.RECIPE,
    backend_openvino.RECIPE,
    quantized_int8.RECIPE,
    half_precision.RECIPE,
    padded_shapes.RECIPE,
)


#: What the answers to the question why predict is slower after compile() advise, in order.
WORKAROUNDS = (
    rebuilt_uncompiled.RECIPE,
    loaded_uncompiled.RECIPE,
    call_inference.RECIPE,
    predict_on_batch.RECIPE,
)


def in_order(usage: Usage) -> tuple[Recipe, ...]:
    """The recipes in the order to try them: on TensorFlow 2.0 the question's workarounds first."""
    if usage.tensorflow_version >= (2, 1):
        return RECIPES
    return WORKAROUNDS + tuple(recipe for recipe in RECIPES if recipe not in WORKAROUNDS)


def recipe_named(id: str) -> Recipe:
    """The recipe of that identity. Raises :class:`KeyError`."""
    return {recipe.id: recipe for recipe in RECIPES}[id]
