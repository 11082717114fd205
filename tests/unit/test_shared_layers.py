"""Which layers several models run on the same input."""

from __future__ import annotations

import gc
import threading

import numpy as np
import pytest

from keras_profile.recorder.program.groups import Groups
from keras_profile.recorder.program.shared_layers import SharedLayers


class Layer:
    def __init__(self, name):
        self.name = name


class InputLayer(Layer):
    pass


class Model:
    def __init__(self, *layers, name="model"):
        self.layers, self.name = list(layers), name


ROWS = np.zeros((4, 2), "float32")


@pytest.fixture
def trunk():
    return [InputLayer("input"), Layer("conv_1"), Layer("conv_2"), Layer("conv_3")]


@pytest.fixture
def taps(trunk):
    """A model for each layer of the trunk, up to it."""
    return [Model(*trunk[: 2 + number], Layer(f"head_{number}")) for number in range(3)]


def called(models, inputs):
    """What is found of calls of these models with these inputs."""
    shared = SharedLayers()
    for number, (model, given) in enumerate(zip(models, inputs)):
        shared.note(number, model, given)
    return [
        {one["layer"]: one["models"] for one in shared.describe({number})} for number in range(len(models))
    ]


def test_each_tap_of_a_network_runs_it_again(taps):
    found = called(taps, [ROWS] * 3)
    assert found == [
        {"conv_1": 3},
        {"conv_1": 3, "conv_2": 2},
        {"conv_1": 3, "conv_2": 2},
    ]


def test_the_second_image_adds_nothing_and_hides_nothing(taps):
    shared = SharedLayers()
    for image in (ROWS, np.ones((2, 2))):
        for number, model in enumerate(taps):
            shared.note(number, model, [image])
    assert shared.describe({0}) == [{"layer": "conv_1", "models": 3}]
    # A group of calls of all three has each layer once.
    assert {one["layer"]: one["models"] for one in shared.describe({0, 1, 2})} == {"conv_1": 3, "conv_2": 2}


def test_layers_of_models_within_models_are_found(trunk):
    backbone = Model(*trunk, name="backbone")
    found = called([Model(backbone, Layer("cats")), Model(backbone, Layer("dogs"))], [ROWS] * 2)
    assert found[0] == {"backbone": 2, "conv_1": 2, "conv_2": 2, "conv_3": 2}


def other_inputs(taps):
    return called(taps, [ROWS, ROWS.copy(), np.ones(3)])


def other_layers(taps):
    own = [Model(InputLayer("input"), Layer("conv_1"), Layer("head")) for _ in range(3)]
    return called(own, [ROWS] * 3)


def one_model(taps):
    shared = SharedLayers()
    for _ in range(3):
        shared.note(0, taps[0], ROWS)
    return [{one["layer"]: one["models"] for one in shared.describe({0})}]


def other_threads(taps):
    shared, over = SharedLayers(), threading.Event()

    def call(number, model, done):
        shared.note(number, model, ROWS)
        done.set()
        over.wait()  # another thread would get the number of one that has ended

    threads = []
    for number, model in enumerate(taps):
        done = threading.Event()
        threads.append(threading.Thread(target=call, args=(number, model, done)))
        threads[-1].start()
        done.wait()
    over.set()
    for thread in threads:
        thread.join()
    return [dict.fromkeys(one["layer"] for one in shared.describe({0, 1, 2}))]


def no_arrays(taps):
    return called(taps, ["text", [[ROWS]], [ROWS] * 9])


def a_sample_at_the_start(taps):
    """Two models get one sample; after that, one of them gets rows of its own."""
    shared = SharedLayers()
    for number in (0, 2):
        shared.note(number, taps[number], ROWS)
    for _ in range(9):
        shared.note(2, taps[2], np.ones((2, 2)))
    return [{one["layer"]: one["models"] for one in shared.describe({2})}]


def one_head_on_several_networks(taps):
    head = Layer("head")
    return called([Model(Layer("conv"), head) for _ in range(3)], [ROWS] * 3)


def functions(taps):
    return called([len, max, print], [ROWS] * 3)


@pytest.mark.parametrize(
    "healthy",
    [
        other_inputs,
        other_layers,
        one_model,
        other_threads,
        no_arrays,
        a_sample_at_the_start,
        one_head_on_several_networks,
        functions,
    ],
)
def test_what_is_not_computed_again_is_not_shared(taps, healthy):
    assert not any(healthy(taps))


def test_nothing_is_kept_alive_and_a_new_layer_in_its_place_is_another(trunk):
    shared = SharedLayers()
    for number in range(8):
        # Made and let go in each turn, so that a new one may lie where the last one lay.
        shared.note(number, Model(Layer("conv"), Layer("head")), ROWS)
        gc.collect()
    assert shared.describe(set(range(8))) == []


def test_many_models_and_calls_are_not_looked_at(trunk):
    models = [Model(*trunk) for _ in range(40)]
    found = called(models, [ROWS] * 40)
    assert found[0]["conv_1"] == 16
    assert found[39] == {}


class Odd:
    """Allows no weak reference."""

    __slots__ = ("layers", "name")

    def __init__(self):
        self.layers, self.name = [], "odd"


def test_what_allows_no_weak_reference_is_no_layer():
    odd = Odd()
    assert called([Model(odd, Layer("a")), Model(odd, Layer("b"))], [ROWS] * 2) == [{}, {}]


def test_groups_of_one_line_look_together():
    groups = Groups()
    assert groups.find(0, "call", "kind", 1)[0].shared_layers.describe({0}) == []
