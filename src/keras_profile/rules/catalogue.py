"""The list of all rules: from the particular to the general, which decides who claims time first."""
from __future__ import annotations

from . import (
    augmentation,
    dataset_unbatched,
    eager_layers,
    garbage_collection,
    generator_by_sample,
    memory_grows,
    mixed_precision,
    model_loaded,
    needless_workers,
    outputs_concatenated,
    pipeline_rebuilt,
    progress_bar,
    python_in_pipeline,
    quantised_layers,
    recurrent_unfused,
    retraced,
    run_eagerly,
    second_iterator,
    serial_map,
    slow_callbacks,
    slow_pydataset,
    small_batches,
    text_in_model,
    time_distributed,
    unrolled_graph,
    waits,
    xla_recompiled,
)
from .rule import Rule

RULES: tuple[Rule, ...] = tuple(module.RULE for module in (
    # What each call makes anew.
    model_loaded,
    retraced,
    xla_recompiled,
    # What the user's own code and settings add.
    progress_bar,
    slow_callbacks,
    garbage_collection,
    run_eagerly,
    eager_layers,
    # Where batches come from.
    python_in_pipeline,
    generator_by_sample,
    serial_map,
    slow_pydataset,
    needless_workers,
    # What the model itself need not do.
    quantised_layers,
    mixed_precision,
    recurrent_unfused,
    time_distributed,
    augmentation,
    text_in_model,
    # What batches and calls cost whatever they bring.
    outputs_concatenated,
    dataset_unbatched,
    small_batches,
    second_iterator,
    pipeline_rebuilt,
    # What costs no time that a phase shows, and what is left.
    unrolled_graph,
    memory_grows,
    waits,
))
