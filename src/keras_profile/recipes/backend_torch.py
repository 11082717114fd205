"""Keras on PyTorch."""

from __future__ import annotations

from .other_backend import on

RECIPE = on(
    "torch", "Keras on PyTorch", "PyTorch runs layer by layer. The model's own code must not use TensorFlow."
)
