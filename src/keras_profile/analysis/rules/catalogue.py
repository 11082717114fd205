"""The list of all rules, in the order in which causes claim time.

It goes from specific to general causes, and causes that explain a call come before those that
multiply it.

A new rule is a module of ``causes`` with a ``RULE``, its line here, its cases in
tests/support/rule_cases.py and tests/rules/cases.py, and a run of ``python
tests/golden/regenerate_docs.py`` for docs/rules.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from .rule import Rule

#: The modules of ``causes`` in the order in which they claim time, by the ids of their rules.
ORDER = (
    # What each call builds again.
    "model_loaded",
    "weights_set",
    "retraced",
    "xla_recompiled",
    # What the user's own code and settings add.
    "progress_bar",
    "slow_callbacks",
    "metrics_reset",
    "garbage_collection",
    "debugger_left_on",
    "recorded_by_tape",
    "run_eagerly",
    "eager_layers",
    "xla_slower",
    # The input of a call.
    "data_debug_mode",
    "dataset_repeated",
    "dataset_shuffled",
    "cache_in_vain",
    "dataset_unprefetched",
    "python_in_pipeline",
    "generator_by_sample",
    "serial_map",
    "slow_pydataset",
    "slow_generator",
    "needless_workers",
    # Needless work in the model.
    "constant_recomputed",
    "quantised_layers",
    "mixed_precision",
    "double_precision",
    "recurrent_unfused",
    "time_distributed",
    "augmentation",
    "text_in_model",
    "loop_in_graph",
    "grouped_convolution",
    "data_moved",
    "one_thread",
    "output_unused",
    "layers_shared",
    # What surrounds a call apart from its own pipeline, and what makes others wait.
    "strategy_in_use",
    "event_loop_blocked",
    # Fixed costs of calls.
    "tuner_waited_for",
    "outputs_concatenated",
    "pipeline_rebuilt",
    "second_iterator",
    # What multiplies fixed costs: the causes above have claimed the part that they explain.
    "dataset_unbatched",
    "small_batches",
    "many_calls",
    "calls_in_a_loop",
    # What is computed for nothing.
    "padded_inputs",
    "input_again",
    "drawn_again",
    # What a GPU or TPU waits for, and how it computes.
    "device_waits",
    "device_host_bound",
    "device_launches",
    "device_copies",
    "device_unused",
    "tensor_cores_unused",
    "device_scope",
    # What costs no time that a phase shows, and what is left.
    "heavy_layer",
    "unrolled_graph",
    "warm_up",
    "concurrent_calls",
    "oversubscribed",
    "switches_left_on",
    "memory_grows",
    "slower_in_program",
    "waits",
)


def load(names: Iterable[str]) -> tuple[Rule, ...]:
    """The rules of these modules of ``causes``."""
    return tuple(import_module(f"{__package__}.causes.{name}").RULE for name in names)


RULES = load(ORDER)
