"""A model runs under a distribution strategy that gains nothing."""

from __future__ import annotations

from ....model.workload import Strategy
from ....number_words import plural
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule, Threshold
from ..shared.claiming import claim, phase_lines
from ..shared.fixed_costs import PIPELINE
from ..shared.pipeline_traces import traces_for_pipelines_alone
from ..shared.thresholds import LEAST_SHARE

STRATEGY_SHARE = Threshold(
    "STRATEGY_SHARE",
    0.6,
    "a strategy's share of the time around the model: predict of one row took 2.5 to 4 times as long under "
    "single-device strategies, from TensorFlow 2.6 to 2.21",
)

#: Where a strategy's work shows: each part of the pipeline is made again for its devices.
_PHASES = (*PIPELINE, "distribution", "batch_fetching", "loop")


def judge(evidence: View) -> Answer:
    strategy: Strategy | None = evidence.workload("strategy")
    if strategy is None:
        return NotFound("the model has no distribution strategy")
    claims = {phase: float(STRATEGY_SHARE) * evidence.ns(phase) for phase in dict.fromkeys(_PHASES)}
    tracing = evidence.spans.pipeline_tracing_share * evidence.total_ns
    if traces_for_pipelines_alone(evidence):
        tracing = float(evidence.ns("function_tracing"))
    claims["function_tracing"] = float(STRATEGY_SHARE) * tracing
    replicas = plural(strategy.replicas, "replica")
    return claim(
        evidence,
        claims,
        f"the time that {strategy.name} adds is",
        title=f"The model runs under a {strategy.name} of {replicas} ({{cost}} ms a call)",
        lines=[
            (
                f"every call distributes its rows with a {strategy.name} of {replicas}, and makes datasets "
                "and iterators for each device again"
            ),
            "make or load the model for inference outside strategy.scope(), or call predict_on_batch",
            *phase_lines(evidence, claims, most=4),
        ],
    )


RULE = Rule(
    id="strategy_in_use",
    title="A distribution strategy is used for a few rows",
    meaning=(
        "A model made in strategy.scope() distributes the rows of each predict over the strategy's devices: "
        "more datasets, iterators and traces per call. That helps with large inputs on several devices. On "
        "one device, or for a few rows, it is wasted work."
    ),
    advice="build or load the model outside `strategy.scope()`",
    recognised=(
        "The model has a strategy other than TensorFlow's default, and its part of the time around the model "
        "is at least LEAST_SHARE of the call."
    ),
    example=(
        "with tf.distribute.MirroredStrategy().scope():\n    model = keras.models.load_model('net.keras')\n"
        "model.predict(row)\n\nmodel = keras.models.load_model('net.keras')      # for inference, outside\n"
        "model.predict_on_batch(row)"
    ),
    sources=(
        "https://www.tensorflow.org/guide/distributed_training",
        "https://www.tensorflow.org/tutorials/distribute/input",
    ),
    needs=("workload.strategy", "spans", "phases"),
    uses=("workload.traced",),
    judge=judge,
    thresholds=(STRATEGY_SHARE, LEAST_SHARE),
    recipes=("predict_on_batch", "function_open_batch"),
)
