"""What is seen of inputs that are tensors: prints it as JSON. ``python tensor_facts.py``."""

import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

from keras_profile.recorder.facts.padding import padding_of
from keras_profile.recorder.program.data_flow import DataFlow

texts = np.zeros((2, 100), "int64")
texts[0, :10], texts[1, :20] = range(1, 11), range(1, 21)


def same_part(first, second):
    """What share of the inputs stays if ``first()`` and ``second()`` make them for each call."""
    flow = DataFlow()
    for _ in range(5):
        flow.before(([first(), second()],))
        flow.after(None)
    return flow.describe()["same_part"]


def new():
    return tf.random.uniform((64, 32))


def large():
    return tf.random.uniform((64, 64, 64, 4))


kept, large_kept = new(), large()
print(
    json.dumps(
        {
            "padding": padding_of(tf.constant(texts)),
            "mask": padding_of(tf.constant(np.sign(texts))),
            "stays": same_part(new, lambda: kept),
            "of two kinds": same_part(new, kept.numpy),
            "large": same_part(large, lambda: large_kept),
            "none stays": same_part(new, new),
        }
    )
)
