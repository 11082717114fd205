"""A GPU or TPU waits while the host prepares the input."""

from __future__ import annotations

from ....number_words import percent
from ..evidence_view import View
from ..rule import Addition, Answer, Rule
from ..shared import device_time
from ..shared.claiming import claim
from ..shared.thresholds import DEVICE_IDLE_SHARE


def judge(evidence: View) -> Answer:
    device = device_time.busiest(evidence)
    if device is None:
        return device_time.NO_DEVICE
    claims = device_time.idle_claims(evidence, device, device_time.input_phases(device))
    name, lines = device_time.short(device), device_time.lines(device)
    return claim(
        evidence,
        claims,
        f"what {name} waits for the input is",
        title=(
            f"{name} is busy {percent(device.busy_share)} of the time: "
            "it waits {cost} ms for the input to be prepared"
        ),
        lines=lines,
        least=DEVICE_IDLE_SHARE,
        addition=Addition(f"{name} is idle meanwhile", lines),
    )


RULE = Rule(
    id="device_waits",
    title="The GPU waits for the input",
    meaning=(
        "The device has nothing to do while the host makes datasets and iterators, traces the functions of a "
        "pipeline, or fetches a batch. A faster device does not help: the input has to be ready earlier."
    ),
    advice=(
        "keep the pipeline instead of making it in each call, and prepare batches ahead: call the model "
        "itself for single batches, or give predict a dataset with `.prefetch(tf.data.AUTOTUNE)`"
    ),
    recognised=(
        "The device is idle for at least DEVICE_IDLE_SHARE of the call while the host prepares the input: "
        "input_standardization, data_adapter, dataset_building, iterator_creation, batch_fetching, and "
        "function_tracing if each call makes a pipeline."
    ),
    example="for x in requests:\n    model.predict(x)        # the GPU computes 2 of 60 ms\n\n"
    "serve = tf.function(model)\nfor x in requests:\n    serve(x)",
    sources=("https://www.tensorflow.org/guide/data_performance_analysis",),
    needs=("devices", "phases"),
    judge=judge,
    thresholds=(DEVICE_IDLE_SHARE,),
    recipes=("predict_on_batch", "concrete_function", "dataset_prefetched", "dataset_parallel_map"),
)
