"""What depends on no argument in a graph of TensorFlow's."""

from __future__ import annotations

import pytest
import tensorflow as tf

from keras_profile.recorder.frameworks.tensorflow.constant_work import scopes_of_work


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


def by_a_part_of_the_state(values, x):
    values["state"][:, :1].assign(x[:, :1])
    return tf.matmul(values["state"], values["weights"])


def by_state_that_a_function_changes(values, x):
    @tf.function
    def change(x):
        values["state"].assign(x)

    change(x)
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
        (by_a_part_of_the_state, []),
        (by_state_that_a_function_changes, []),
    ],
)
def test_work_that_depends_on_no_argument_is_told(values, work, expected):
    @tf.function
    def function(x):
        with tf.name_scope("work"):
            found = work(values, x)
        return found + x

    constant, varying = scopes_of_work(function.get_concrete_function(tf.ones((8, 4))).graph)
    assert constant == expected
    assert varying == ([] if expected else ["work"])


def test_a_scope_in_which_something_depends_on_an_argument_is_none(values):
    @tf.function
    def function(x):
        with tf.name_scope("work"):
            return by_weights(values, x) + by_an_argument(values, x)

    assert scopes_of_work(function.get_concrete_function(tf.ones((8, 4))).graph) == ([], ["work"])


def test_what_an_outer_graph_gives_may_differ_from_call_to_call(values):
    graphs = []

    @tf.function
    def outer(x):
        @tf.function
        def inner():
            with tf.name_scope("work"):
                return tf.matmul(x, values["weights"])

        graphs.append(inner.get_concrete_function().graph)
        return inner()

    outer.get_concrete_function(tf.ones((8, 4)))
    assert scopes_of_work(graphs[0]) == ([], ["work"])


def test_a_small_constant_beside_work_on_an_argument_is_none(values):
    @tf.function
    def function(x):
        with tf.name_scope("work"):
            return by_weights(values, x) + tf.math.top_k(x, 4).values

    assert scopes_of_work(function.get_concrete_function(tf.ones((8, 4))).graph) == ([], ["work"])
