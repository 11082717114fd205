"""Real cases for the rules: programs with one known cause each, and the same fixed.

Each side is a function of ``programs.py`` and the options that ``keras-profile profile`` is
given with it. ``generations`` are where the cause lives, by the names of
``tests/support/environments.py``; ``""`` is the interpreter that runs the tests.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

PROGRAMS = Path(__file__).parent / "programs.py"

#: This interpreter, which has Keras 3.15, and one of each time before it.
HERE = ""
OLD = ("tf-2.0", "tf-2.6", "tf-2.15")

_BATCH = ("--entry", "predict_on_batch")
_FUNCTION = ("--entry", "function")


def _given(function: str) -> tuple[str, str]:
    return "--input", f"{PROGRAMS}:{function}"


@dataclass(frozen=True)
class Side:
    """One program, how it is run, and for how many seconds.

    ``alone`` is what changes its process for good, or shows in a new process alone: it shares
    its process with no other case.
    """

    program: str
    options: tuple[str, ...] = ()
    seconds: int = 1
    alone: bool = False


@dataclass(frozen=True)
class Case:
    """A rule's cause, the same without it, and the captures that show it.

    ``missing`` is what the rule cannot tell without: a capture, or a key of the workload.
    """

    rule: str
    fault: Side
    fixed: Side
    captures: tuple[str, ...] = ()
    missing: tuple[str, ...] = ("spans",)
    generations: tuple[str, ...] = field(default=(HERE,))

    @property
    def all_captures(self) -> str:
        return ",".join(("bare", "spans", *self.captures))


#: Rules that judge whole programs, which these cases are not: theirs are in ``tests/programs``.
IN_PROGRAMS = (
    "calls_in_a_loop",
    "drawn_again",
    "event_loop_blocked",
    "input_again",
    "layers_shared",
    "output_unused",
    "slower_in_program",
    "weights_set",
)

_TRACE = ("tensorflow",)

CASES = (
    Case("pipeline_rebuilt", Side("tiny"), Side("tiny", _BATCH), generations=(HERE, *OLD)),
    Case("second_iterator", Side("tiny"), Side("tiny", _BATCH)),
    Case(
        "second_iterator", Side("dataset_read_once"), Side("tiny", _BATCH), generations=("tf-2.6", "tf-2.15")
    ),
    Case(
        "tuner_waited_for",
        Side("on_one_processor", seconds=8, alone=True),
        Side("on_one_processor_untuned", seconds=8, alone=True),
        generations=(HERE, "tf-2.15"),
    ),
    Case(
        "small_batches",
        Side("many_small_batches", ("--batch-size", "8")),
        Side("few_large_batches", ("--batch-size", "8000")),
        _TRACE,
        generations=(HERE, *OLD),
    ),
    Case("retraced", Side("new_function_each_call"), Side("function_kept"), _TRACE, generations=(HERE, *OLD)),
    Case("retraced", Side("python_argument"), Side("tensor_argument"), _TRACE, generations=(HERE, *OLD)),
    Case("retraced", Side("compiled_each_call"), Side("tiny", _BATCH), _TRACE),
    Case(
        "retraced",
        Side("convolution", (*_given("sequences_of_new_lengths"), "--vary-input", "--entry", "function")),
        Side("convolution", (*_given("sequences_of_one_length"), "--vary-input", "--entry", "function")),
        _TRACE,
        generations=(HERE, "tf-2.0"),
    ),
    Case(
        "xla_recompiled",
        Side("convolution_with_xla", (*_given("sequences_of_new_lengths"), "--vary-input", *_BATCH)),
        Side("convolution_with_xla", (*_given("sequences_of_one_length"), "--vary-input", *_BATCH)),
        _TRACE,
    ),
    Case(
        "unrolled_graph",
        Side("python_loop"),
        Side("no_python_loop"),
        missing=("cold_traces",),
        generations=(HERE, *OLD),
    ),
    Case(
        "eager_layers",
        Side("deep", ("--entry", "call")),
        Side("deep", _FUNCTION),
        _TRACE,
        missing=_TRACE,
        generations=(HERE, *OLD),
    ),
    Case(
        "run_eagerly", Side("run_eagerly"), Side("not_run_eagerly"), generations=(HERE, "tf-2.6", "tf-2.15")
    ),
    Case("run_eagerly", Side("functions_run_eagerly", alone=True), Side("not_run_eagerly")),
    Case(
        "dataset_unbatched",
        Side("dataset_of_single_rows"),
        Side("dataset_of_batches"),
        _TRACE,
        missing=("dataset",),
        generations=(HERE, *OLD),
    ),
    Case(
        "generator_by_sample",
        Side("generator_of_samples"),
        Side("dataset_of_batches"),
        _TRACE,
        missing=("dataset",),
        generations=(HERE, *OLD),
    ),
    Case(
        "python_in_pipeline",
        Side("python_in_map"),
        Side("dataset_of_batches"),
        _TRACE,
        missing=("dataset",),
        generations=(HERE, *OLD),
    ),
    Case(
        "serial_map",
        Side("serial_map"),
        Side("dataset_of_batches"),
        _TRACE,
        missing=("dataset",),
        generations=(HERE, *OLD),
    ),
    Case(
        "slow_pydataset",
        Side("slow_pydataset"),
        Side("quick_pydataset"),
        _TRACE,
        missing=("pydataset",),
        generations=(HERE, *OLD),
    ),
    Case("needless_workers", Side("needless_workers"), Side("quick_pydataset"), missing=("pydataset",)),
    Case("quantised_layers", Side("int8", _BATCH), Side("wide", _BATCH), _TRACE, missing=_TRACE),
    Case(
        "mixed_precision",
        Side("in_float16", _BATCH),
        Side("in_float32", _BATCH),
        _TRACE,
        missing=_TRACE,
        generations=(HERE, "tf-2.6", "tf-2.15"),
    ),
    # TensorFlow 2.0's graphs do not tell captures from arguments.
    Case(
        "constant_recomputed",
        Side("items_each_time", _BATCH),
        Side("items_once", _BATCH),
        _TRACE,
        missing=_TRACE,
        generations=(HERE, "tf-2.6", "tf-2.15"),
    ),
    Case(
        "double_precision",
        Side("in_float64", _BATCH),
        Side("in_float32", _BATCH),
        _TRACE,
        missing=_TRACE,
        generations=(HERE, "tf-2.15"),
    ),
    # Kernels in TensorFlow 2.0's loops bear no layer's name.
    Case(
        "recurrent_unfused",
        Side("gates_apart", _BATCH),
        Side("gates_together", _BATCH),
        _TRACE,
        missing=_TRACE,
        generations=(HERE, "tf-2.6", "tf-2.15"),
    ),
    Case(
        "augmentation", Side("augmentation", _BATCH), Side("no_augmentation", _BATCH), _TRACE, missing=_TRACE
    ),
    Case(
        "time_distributed",
        Side("time_distributed", _BATCH),
        Side("dense_over_time", _BATCH),
        _TRACE,
        missing=_TRACE,
    ),
    Case("text_in_model", Side("text", _BATCH), Side("token_ids", _BATCH), _TRACE, missing=_TRACE),
    Case(
        "outputs_concatenated",
        Side("large_outputs", ("--batch-size", "640")),
        Side("small_outputs", ("--batch-size", "640")),
        generations=(HERE, "tf-2.6", "tf-2.15"),
    ),
    # On a terminal the bar matters only where a call is as short as there.
    Case(
        "progress_bar",
        Side("tiny_uncompiled", ("--verbose-predict",)),
        Side("tiny_uncompiled"),
        generations=("tf-2.0",),
    ),
    Case(
        "slow_callbacks",
        Side("batches_of_80", ("--batch-size", "80", "--callbacks", f"{PROGRAMS}:slow_callbacks")),
        Side("batches_of_80", ("--batch-size", "80", "--callbacks", f"{PROGRAMS}:quick_callbacks")),
        missing=("callbacks",),
        generations=(HERE, "tf-2.6", "tf-2.15"),
    ),
    # TensorFlow 2.0 calls the hooks of every callback, and takes medians of how long they took: one that
    # does nothing is a third of the call.
    Case(
        "slow_callbacks",
        Side("batches_of_80", ("--batch-size", "80", "--callbacks", f"{PROGRAMS}:quick_callbacks")),
        Side("batches_of_80", ("--batch-size", "80")),
        missing=("callbacks",),
        generations=("tf-2.0",),
    ),
    Case(
        "model_loaded",
        Side("loads_each_call"),
        Side("function_kept"),
        missing=("loads",),
        generations=(HERE, *OLD),
    ),
    Case(
        "memory_grows",
        Side("keeps_memory", alone=True),
        Side("function_kept"),
        missing=("bare",),
        generations=(HERE, *OLD),
    ),
    # On Python 3.7 making the garbage takes longer than collecting it.
    Case(
        "garbage_collection",
        Side("litters", alone=True),
        Side("function_kept"),
        generations=(HERE, "tf-2.6", "tf-2.15"),
    ),
    Case(
        "many_calls",
        Side("rows_one_by_one"),
        Side("tiny", _BATCH),
        missing=("inner_calls",),
        generations=(HERE, *OLD),
    ),
    Case(
        "many_calls",
        Side("steps_one_by_one"),
        Side("function_kept"),
        _TRACE,
        missing=("inner_calls",),
        generations=(HERE, *OLD),
    ),
    Case(
        "concurrent_calls",
        Side("busy_threads", alone=True),
        Side("function_kept"),
        missing=("threads_in_keras",),
        generations=(HERE, *OLD),
    ),
    Case(
        "oversubscribed",
        Side("many_threads", alone=True),
        Side("function_kept"),
        missing=("process",),
        generations=(HERE, *OLD),
    ),
    # Later releases of Keras 2 trace for open lengths from the second one on.
    Case(
        "warm_up",
        Side(
            "convolution",
            (*_given("sequences_of_a_few_lengths"), "--vary-input", "--entry", "function"),
            seconds=4,
        ),
        Side("convolution", (*_given("sequences_of_one_length"), "--vary-input", "--entry", "function")),
        missing=("settling_ns",),
        generations=(HERE, "tf-2.0"),
    ),
    # Newer releases of tf.data add a prefetch by themselves.
    Case(
        "dataset_unprefetched",
        Side("dataset_not_prefetched"),
        Side("dataset_prefetched"),
        _TRACE,
        missing=("dataset",),
        generations=("tf-2.0", "tf-2.6"),
    ),
    # The kernels of TF 2.0's functions bear no layer's name in the trace.
    Case(
        "heavy_layer",
        Side("one_heavy_layer", _FUNCTION),
        Side("even_layers", _FUNCTION),
        _TRACE,
        missing=_TRACE,
        generations=(HERE, "tf-2.6", "tf-2.15"),
    ),
    Case("strategy_in_use", Side("under_a_strategy"), Side("tiny"), generations=(HERE, "tf-2.6", "tf-2.15")),
    Case(
        "loop_in_graph",
        Side("mapped_row_by_row", _BATCH),
        Side("all_rows_at_once", _BATCH),
        _TRACE,
        missing=("tensorflow",),
        # Kernels of earlier releases bear other names.
        generations=(HERE, "tf-2.15"),
    ),
    Case(
        "grouped_convolution",
        Side("convolution_in_groups", _BATCH),
        Side("convolution_of_each_group", _BATCH),
        _TRACE,
        missing=("tensorflow",),
    ),
    Case(
        "data_moved",
        Side("axes_apart", _BATCH),
        Side("axes_together", _BATCH),
        _TRACE,
        missing=_TRACE,
        generations=(HERE, "tf-2.6", "tf-2.15"),
    ),
    Case(
        "data_moved",
        Side("one_hot_times_weights", _BATCH),
        Side("rows_of_weights", _BATCH),
        _TRACE,
        missing=_TRACE,
    ),
    Case(
        "data_moved",
        Side("weights_transposed", _BATCH),
        Side("rows_of_weights", _BATCH),
        _TRACE,
        missing=_TRACE,
    ),
    Case(
        "padded_inputs",
        Side("texts", (*_BATCH, *_given("texts_padded_to_the_longest"))),
        Side("texts", (*_BATCH, *_given("texts_of_one_length"))),
        generations=(HERE, *OLD),
    ),
    # Later releases do not reset metrics where nothing is trained.
    Case("metrics_reset", Side("many_metrics"), Side("tiny"), generations=("tf-2.0",)),
    Case(
        "dataset_shuffled",
        Side("shuffled", ("--steps", "2")),
        Side("not_shuffled"),
        _TRACE,
        missing=("dataset",),
        generations=(HERE, *OLD),
    ),
    Case(
        "dataset_repeated",
        Side("repeated", ("--steps", "400")),
        Side("repeated", ("--steps", "10")),
        missing=("dataset",),
        generations=(HERE, *OLD),
    ),
    Case(
        "cache_in_vain",
        Side("cache_before_map"),
        Side("cache_after_map"),
        _TRACE,
        missing=("dataset",),
        generations=(HERE, *OLD),
    ),
    # TensorFlow 2.0 is given a generator with steps alone.
    Case(
        "slow_generator",
        Side("over_256", _given("slow_batches")),
        Side("wide_alone", _given("quick_batches")),
        _TRACE,
        missing=("spans",),
        generations=(HERE, "tf-2.6", "tf-2.15"),
    ),
    Case(
        "debugger_left_on",
        Side("numerics_checked", _BATCH, alone=True),
        Side("small_ops", _BATCH),
        missing=("switches",),
        # In TensorFlow 2.6 predict_on_batch itself has nine tenths of such a call.
        generations=(HERE, "tf-2.15"),
    ),
    Case(
        # Keras 2 itself fails there: its predict_on_batch reads an iterator, which has no gradient.
        "recorded_by_tape",
        Side("under_a_tape", _BATCH, alone=True),
        Side("small_ops", _BATCH),
        ("cprofile",),
        missing=("switches",),
    ),
    Case(
        "data_debug_mode",
        Side("data_debug_mode", alone=True),
        Side("mapped_dataset"),
        _TRACE,
        missing=("switches",),
        generations=(HERE, "tf-2.15"),
    ),
    Case(
        "switches_left_on",
        Side("placement_logged", _BATCH, alone=True),
        Side("tiny", _BATCH),
        missing=("switches",),
        generations=(HERE, *OLD),
    ),
    Case(
        "one_thread",
        Side("large_ops_on_one_thread", _BATCH, alone=True),
        Side("large_ops", _BATCH),
        _TRACE,
        missing=_TRACE,
        # TensorFlow 2.0 traces no kernels.
        generations=(HERE, "tf-2.6", "tf-2.15"),
    ),
    Case(
        "xla_slower",
        Side("depthwise_by_xla", (*_BATCH, "--recipes", "xla_off")),
        Side("depthwise", _BATCH),
        missing=("jit_compile",),
    ),
    Case("waits", Side("waits"), Side("function_kept"), ("cprofile",), generations=(HERE, *OLD)),
    Case(
        "data_moved",
        Side("softmax_of_an_inner_axis", _BATCH),
        Side("softmax_of_the_last_axis", _BATCH),
        _TRACE,
        missing=_TRACE,
        generations=(HERE, "tf-2.15"),
    ),
)

_VERY_SLOW = ("--callbacks", f"{PROGRAMS}:very_slow_callbacks")

#: Programs with two causes that have nothing to do with each other, and the rules that find them.
TWO_CAUSES = (
    (("slow_callbacks", "pipeline_rebuilt"), Side("tiny", _VERY_SLOW)),
    (("slow_callbacks", "python_in_pipeline"), Side("python_in_map", _VERY_SLOW)),
    (("slow_callbacks", "outputs_concatenated"), Side("large_outputs", ("--batch-size", "640", *_VERY_SLOW))),
)

#: Each case in each generation where its cause lives: what the benchmark runs.
RUNS = [(case, generation) for case in CASES for generation in case.generations]


def _tested() -> list[tuple[Case, str]]:
    """What the tests run, within minutes: each case here and in one generation before, in turn."""
    tested = []
    for number, case in enumerate(CASES):
        before = [generation for generation in case.generations if generation != HERE]
        tested += [(case, HERE)] if HERE in case.generations else []
        tested += [(case, before[number % len(before)])] if before else []
    return tested


TESTED = _tested()


def run_id(case: Case, generation: str) -> str:
    return f"{case.rule}-{case.fault.program}-{generation or 'here'}"


def arguments(side: Side, captures: str, longer: int = 1) -> list[str]:
    """What ``keras-profile profile`` is given to profile one side, ``longer`` times as long as usual."""
    return [
        f"{PROGRAMS}:{side.program}",
        "--seconds",
        str(side.seconds * longer),
        "--captures",
        captures,
        *side.options,
    ]


def command(side: Side, captures: str, python: str) -> list[str]:
    """The command line that profiles one side, with its report as JSON on standard output."""
    return [
        sys.executable,
        "-m",
        "keras_profile",
        "profile",
        *arguments(side, captures),
        "--json",
        "--quiet",
        "--no-try",
        "--no-html",
        "--python",
        python,
    ]
