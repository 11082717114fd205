"""The models that a function of the user's refers to, found without running anything of theirs."""

from __future__ import annotations

import pytest

from keras_profile.recorder.facts.function_models import models_of


class Model:
    """As Keras' models look from outside."""

    def predict(self, x):
        raise AssertionError("called")


class Layer:
    """Keras' too, and no model."""


for made in (Model, Layer):
    made.__module__ = "keras.src.models.model"


class Own(Model):
    """A model of the user's."""


of_module = Model()


def named_globally(x):
    return of_module(x)


class Service:
    touched = False

    def __init__(self, model):
        self.model = model
        self.other = Model()

    @property
    def costly(self):
        Service.touched = True
        return self.model

    def answer(self, x):
        return self.model(x), self.costly


class Odd:
    def __getattr__(self, name):
        raise AssertionError(name)


def closed_over(*things):
    def function(x):
        return [thing.model(x) for thing in things] or things[0](x)

    return function


def in_closure(thing):
    return lambda x: thing.model(x)


@pytest.mark.parametrize("kind", [Model, Own])
def test_models_are_found_wherever_a_function_has_them(kind):
    model = kind()
    assert models_of(lambda x: model(x)) == [model]
    service = Service(model)
    assert models_of(service.answer) == [model]
    assert models_of(in_closure(service)) == [model]
    assert not Service.touched


def test_globals_count_if_they_are_named():
    assert models_of(named_globally) == [of_module]
    assert models_of(lambda x: x) == []


def test_a_model_counts_once():
    model = Model()
    other = model
    assert models_of(lambda x: model(other(x))) == [model]


def test_what_has_no_model_has_none():
    for nothing in (None, len, Odd(), closed_over(), in_closure(Odd()), in_closure(Layer())):
        assert models_of(nothing) == []


def test_an_empty_cell_is_no_model():
    def function(x):
        return later(x)

    found = models_of(function)
    later = Model()
    assert found == []
    assert models_of(function) == [later]
