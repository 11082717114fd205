"""Keras on OpenVINO."""

from __future__ import annotations

from .other_backend import on

RECIPE = on(
    "openvino",
    "Keras on OpenVINO",
    "OpenVINO is made for inference on Intel processors; with it, Keras can only predict. The model's own "
    "code must not use TensorFlow.",
    entries=("predict",),
)
