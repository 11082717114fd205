"""The best way that was found by hand to make each workload's call, with Keras and TensorFlow.

Each is a change that a person wrote after trying several (docs/recipes-benchmark.md says
which). In the benchmark it runs beside the recipes, in the same rounds.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Expert:
    """``setup`` runs once, ``prepare`` for each new input; ``call`` is what is measured."""

    setup: str
    call: str
    prepare: str = ""


CONCRETE = Expert(
    """import tensorflow as tf
fast = tf.function(lambda x: model(x, training=False)).get_concrete_function(
    tf.TensorSpec(x.shape, x.dtype))""",
    "fast(tf.constant(x)).numpy()",
)

COMPILED = Expert(
    """import tensorflow as tf
fast = tf.function(lambda x: model(x, training=False), jit_compile=True)
fast = fast.get_concrete_function(tf.TensorSpec(x.shape, x.dtype))""",
    "fast(tf.constant(x)).numpy()",
)

WORDS = Expert(
    """import tensorflow as tf
fast = tf.function(lambda x: model(x, training=False)).get_concrete_function(
    {name: tf.TensorSpec(words.shape, tf.string) for name, words in x.items()})""",
    "fast(x).numpy()",
)

AT_ONCE = Expert(
    """import tensorflow as tf
fast = tf.function(lambda x: model(x, training=False), input_signature=[
    tf.TensorSpec((None,) + tuple(model.inputs[0].shape)[1:], tf.float32)])""",
    "fast(x).numpy()",
)

BATCHES_JOINED = Expert(
    "import numpy as np",
    "model.predict_on_batch(rows)",
    "rows = np.concatenate([batch.numpy() for batch in x])  # once, where the data is loaded",
)

#: By workload, on the newest release; releases before XLA's ``jit_compile`` get ``CONCRETE``.
EXPERTS = {
    "tiny": COMPILED,
    "one_row": COMPILED,
    "deep": COMPILED,
    "mobilenet": CONCRETE,
    "lstm": COMPILED,
    "two_tower": WORDS,
    "many_small_rows": AT_ONCE,
    "dataset_of_single_rows": BATCHES_JOINED,
    "large_output": AT_ONCE,
}
