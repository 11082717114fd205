"""Destroying the pipeline waits for the thread of tf.data that tunes it."""

from __future__ import annotations

from ....number_words import milliseconds, percent, plural
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared.thresholds import LEAST_SHARE


def judge(evidence: View) -> Answer:
    spans = evidence.spans
    waited_ns = min(spans.tuner_wait_share * evidence.total_ns, float(evidence.ns("teardown")))
    if not spans.tuner_waits:
        return NotFound("no call waits for the thread that tunes its pipeline")
    if evidence.of_call(waited_ns) < LEAST_SHARE:
        return NotFound(
            f"{spans.tuner_waits} of {plural(spans.calls, 'call')} waited for the thread that tunes the "
            f"pipeline, {percent(evidence.of_call(waited_ns))} of the time"
        )
    return Found(
        "At its end, the call waits for tf.data to stop tuning its pipeline ({cost} ms a call)",
        {"teardown": waited_ns},
        [
            (
                f"{spans.tuner_waits} of {plural(spans.calls, 'call')} ended just when the thread that tunes "
                "the pipeline wakes up: 140, 300, 620 ms and so on after the first batch"
            ),
            f"the results were ready {milliseconds(waited_ns)} ms earlier on average",
        ],
    )


RULE = Rule(
    id="tuner_waited_for",
    title="The call waits for tf.data to stop tuning its pipeline",
    meaning=(
        "A thread of tf.data tunes each pipeline. It sleeps for 20 ms, then for 40, 80, and so on. When the "
        "pipeline is destroyed, TensorFlow wakes the thread, but sets its stop flag only afterwards. If the "
        "thread looks too early, it goes back to sleep, and the call waits until it wakes up: a call can "
        "take up to twice as long as its work. This is so in TensorFlow 2.6 and later: in nearly every call "
        "on one CPU, in some calls on two."
    ),
    advice=(
        "switch the tuning off: `options = tf.data.Options()`, `options.autotune.enabled = False`, and "
        "predict on `tf.data.Dataset.from_tensor_slices(x).batch(32).with_options(options)`; for one batch "
        "use `predict_on_batch`, which has no pipeline"
    ),
    recognised=(
        "A call under spans ends 140, 300, 620 ms and so on after its first batch is fetched, up to 1% and 6 "
        "ms later, with a teardown of 10 ms or more that began before. In all calls together, this takes at "
        "least LEAST_SHARE of the time."
    ),
    example="model.predict(images)                # 0.7 s where 0.35 s would do, with one processor",
    sources=(
        "https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/model.cc",
        "https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/cancellation.cc",
    ),
    needs=("spans", "phases"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("dataset_untuned", "predict_on_batch", "function_open_batch"),
)
