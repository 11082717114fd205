"""The list of all rules: from the particular to the general, which decides who claims time first."""

from __future__ import annotations

from . import (
    augmentation,
    calls_in_a_loop,
    concurrent_calls,
    dataset_unbatched,
    dataset_unprefetched,
    eager_layers,
    garbage_collection,
    generator_by_sample,
    heavy_layer,
    many_calls,
    memory_grows,
    metrics_reset,
    mixed_precision,
    model_loaded,
    needless_workers,
    outputs_concatenated,
    oversubscribed,
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
    warm_up,
    xla_recompiled,
)
from .rule import Rule

RULES: tuple[Rule, ...] = tuple(
    module.RULE
    for module in (
        # What each call makes anew.
        model_loaded,
        retraced,
        xla_recompiled,
        # What the user's own code and settings add.
        progress_bar,
        slow_callbacks,
        metrics_reset,
        garbage_collection,
        run_eagerly,
        eager_layers,
        # Where batches come from.
        dataset_unprefetched,
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
        many_calls,
        calls_in_a_loop,
        second_iterator,
        pipeline_rebuilt,
        # What costs no time that a phase shows, and what is left.
        heavy_layer,
        unrolled_graph,
        warm_up,
        concurrent_calls,
        oversubscribed,
        memory_grows,
        waits,
    )
)
