"""Keras on JAX."""

from __future__ import annotations

from .other_backend import on

RECIPE = on(
    "jax",
    "Keras on JAX",
    "JAX compiles the whole model, and its predict builds no dataset on each call. The model's own code must "
    "not use TensorFlow.",
)
