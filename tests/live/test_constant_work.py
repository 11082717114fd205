"""What depends on no argument in a graph of TensorFlow's."""

from __future__ import annotations

import pytest
import tensorflow as tf

from keras_profile.recorder.frameworks.tensorflow.constant_work import constant_scopes


@pytest.fixture(scope="module")
def values():
    return {
        "items": tf.ones((8, 4)),
        "weights": tf.Variable(tf.ones((4, 4))),
        "state": tf.Variable(tf.zeros((8, 4))),
    }


def by_weights(values, x):
    return tf.matmul(values["items"], values["weights"])


def by_constants(values, x):
    return tf.matmul(values["items"], tf.ones((4, 4)))


def by_an_argument(values, x):
    return tf.matmul(x, values["weights"])


def through_an_argument(values, x):
    return tf.matmul(tf.nn.relu(values["items"]) + x, values["weights"])


def by_chance(values, x):
    return tf.matmul(values["items"] + tf.random.normal((8, 4)), values["weights"])


def by_state(values, x):
    values["state"].assign_add(x)
    return tf.matmul(values["state"], values["weights"])


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (by_weights, ["work"]),
        (by_constants, ["work"]),
        (by_an_argument, []),
        (through_an_argument, []),
        (by_chance, []),
        (by_state, []),
    ],
)
def test_work_that_depends_on_no_argument_is_told(values, work, expected):
    @tf.function
    def function(x):
        with tf.name_scope("work"):
            found = work(values, x)
        return found + x

    assert constant_scopes(function.get_concrete_function(tf.ones((8, 4))).graph) == expected


def test_a_scope_in_which_something_depends_on_an_argument_is_none(values):
    @tf.function
    def function(x):
        with tf.name_scope("work"):
            return by_weights(values, x) + by_an_argument(values, x)

    assert constant_scopes(function.get_concrete_function(tf.ones((8, 4))).graph) == []
