"""The thresholds of all rules, each with the reason for its value."""

from __future__ import annotations


class Threshold(float):
    """A number with the reason why it is that number."""

    reason: str

    def __new__(cls, value: float, reason: str) -> Threshold:
        made = super().__new__(cls, value)
        made.reason = reason
        return made


LEAST_SHARE = Threshold(
    0.10,
    (
        "share of the call that a finding has at least: mending less gains less than a ninth, and medians "
        "of equal runs on a shared machine differ by more"
    ),
)

WAITING_SHARE = Threshold(
    0.30,
    (
        "share of the call that waiting for a PyDataset has at least: pools and threads make a tenth of it "
        "vary from run to run"
    ),
)

BAR_SHARE = Threshold(
    0.05,
    (
        "share of the call that the progress bar has at least: it can be left out without any change to the "
        "result, so half of the usual share is worth to tell"
    ),
)

COLLECTION_SHARE = Threshold(
    0.20,
    (
        "share of the call that garbage collection has at least: TensorFlow's own objects make up to 11 ms a "
        "call in some runs of predict, which is a fifth of it or less"
    ),
)

OUTPUT_NS_PER_BATCH = Threshold(
    1_000_000,
    (
        "ns of collecting outputs for each batch: batches of one number each take a tenth of it or less, so "
        "what is above is their size"
    ),
)

PYTHON_SHARE = Threshold(
    0.5,
    (
        "part of running op by op that is neither ops nor kernels: below it the model itself is most of the "
        "time, and a graph gains less than a factor of two"
    ),
)

EAGER_LAYERS = Threshold(
    10, ("layers called one by one: fewer cost below three milliseconds, which calls of any kind may take")
)

MANY_BATCHES = Threshold(
    8,
    (
        "batches in a call from which on their number can matter: a handful of fetches is below a "
        "millisecond each"
    ),
)

PER_BATCH_NS = Threshold(
    2_000_000,
    (
        "ns that a batch claims at most beside the model: batches of a tiny model take 0.5 ms in all, and "
        "four times that on a busy machine"
    ),
)

TINY_BATCH = Threshold(
    8, ("rows of a batch that a dataset gives: up to here a batch costs about as much as a single row")
)

BUSY_SHARE = Threshold(
    0.30,
    (
        "processor time over wall time below which a call waits: on a machine with other load, calls that "
        "compute were seen down to 0.45"
    ),
)

GROWTH_BYTES = Threshold(
    16_384,
    (
        "bytes a call: healthy calls were seen to grow by up to 2 KiB, predict on arrays by about 10 KiB, "
        "which the collector frees later"
    ),
)

OPS_PER_LAYER = Threshold(
    100,
    (
        "ops of a graph for each layer of the model: healthy models have 3 to 30 (dense 6, convolutions 5 to "
        "9, attention 19, recurrent 20 to 30), a loop of 300 turns in one layer has a thousand"
    ),
)

TRACING_NS = Threshold(
    200_000_000,
    (
        "ns of tracing in the first call: below it tracing is lost in a first call, which takes 0.02 to 0.8 "
        "s for healthy models"
    ),
)

MANY_CALLS = Threshold(
    8,
    (
        "calls of a model from one line in one call from which on it is a loop: ensembles and test-time "
        "augmentation call a model up to a handful of times on purpose"
    ),
)

CALLS_PER_MODEL = Threshold(
    2,
    (
        "calls that a model object is used for at most, where a new one is made for each: a model that is "
        "kept is called again and again"
    ),
)

THREADS_PER_PROCESSOR = Threshold(
    2,
    (
        "threads of a pool for each processor: machines that count two threads a core give pools of that "
        "size by default"
    ),
)

WARM_UP_CALLS = Threshold(
    3,
    (
        "calls after the first that are slow in a row: the second call of a healthy model may be, since some "
        "releases trace in it once more"
    ),
)

WARM_UP_NS = Threshold(
    100_000_000,
    (
        "ns that these calls take beyond later ones: less is lost beside a first call, which takes 20 to "
        "800 million for healthy models"
    ),
)

EXECUTION_SHARE = Threshold(
    0.70,
    (
        "share of the call that running the model has, so that a layer can be its cause: below it the rest "
        "of the call is worth more than any layer"
    ),
)

LAYERS_TO_COMPARE = Threshold(
    4, ("layers with kernels of their own: where there are fewer, it is plain which is the dearest")
)

HEAVY_LAYER_SHARE = Threshold(
    0.60,
    (
        "share of the kernels that one layer has: in healthy networks of equal blocks it is below a third, "
        "and where a first layer has the largest pictures below a half"
    ),
)
