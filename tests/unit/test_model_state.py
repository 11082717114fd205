"""What a model keeps from call to call: found, set for each compared call, given back."""

from __future__ import annotations

import random

import numpy as np

from keras_profile.recorder.frameworks import keras
from keras_profile.recorder.trials.limits import LIMITS
from keras_profile.recorder.trials.state import Generators, ModelState, seed_all


class Variable:
    """As much of a variable as calls assign."""

    def __init__(self, value, trainable=False):
        self.value, self.trainable, self.reads = np.array(value, "float64"), trainable, 0

    @property
    def shape(self):
        return self.value.shape

    def numpy(self):
        self.reads += 1
        return self.value

    def assign(self, value):
        self.value = np.array(value)


class Thing:
    def __init__(self, **attributes):
        vars(self).update(attributes)


def model(count=0.0):
    """A trained weight, a moving average, a counter in an attribute, a recurrent layer's states."""
    weight, average = Variable([1.0], trainable=True), Variable([2.0])
    recurrent = Thing(name="lstm", states=[Variable([count, count])])
    other = Thing(name="other", counter=Variable(count), data=[1, 2], nested={"a": [average]})
    return Thing(layers=[recurrent, other], variables=[weight, average])


def values(made):
    return [one.value.tolist() for one in keras.state_variables(made, made.layers)]


def test_variables_that_are_not_trained_are_found_once_wherever_they_are_kept():
    assert values(model(3.0)) == [[2.0], [3.0, 3.0], 3.0]


def call(made):
    made.layers[1].counter.assign(made.layers[1].counter.value + 1)


def test_what_calls_assign_is_set_and_what_they_do_not_is_forgotten():
    made = model()
    state = ModelState(made)
    call(made)
    state.forget_unchanged()
    assert state.is_kept
    call(made)
    made.variables[1].assign([7.0])  # it is no longer the state's
    state.set()
    assert values(made) == [[7.0], [0.0, 0.0], 0.0]


def test_a_model_without_state_has_none():
    made = model()
    state = ModelState(made)
    state.forget_unchanged()
    assert not state.is_kept
    assert not ModelState(None).is_kept


def test_copies_with_the_same_variables_get_the_same_state():
    made, copy, other = model(1.0), model(5.0), Thing(layers=[], variables=[Variable([5.0])])
    state = ModelState(made)
    call(made)
    state.forget_unchanged()
    state.set(copy, other)
    assert values(copy) == [[2.0], [5.0, 5.0], 1.0]
    assert values(other) == [[5.0]]


def test_large_weights_that_are_not_trained_are_not_kept(monkeypatch):
    made = Thing(layers=[], variables=[Variable(np.zeros(1000)), Variable([1.0])])
    monkeypatch.setattr("keras_profile.recorder.trials.state.LIMITS", Thing(state_bytes=800))
    ModelState(made)
    assert [one.reads for one in made.variables] == [0, 1]
    assert LIMITS.state_bytes > 10**8


def test_seeds_are_the_same_and_the_users_sequences_go_on():
    random.seed(1)
    np.random.seed(1)
    expected = [random.random(), np.random.random(), random.random(), np.random.random()]
    random.seed(1)
    np.random.seed(1)
    found = [random.random(), np.random.random()]
    before, drawn = Generators(), []
    for _ in range(2):
        seed_all()
        drawn.append((random.random(), np.random.random()))
    before.restore()
    assert drawn[0] == drawn[1] != tuple(expected[2:])
    assert [*found, random.random(), np.random.random()] == expected
