"""Describes the profiled interpreter: versions, machine, and settings that change speed."""

from __future__ import annotations

import os
import platform
import sys
from typing import Any

from ..frameworks import BACKENDS, tensorflow
from ..frameworks.keras import backend_name, loaded_keras
from .labels import labels

#: Variables that change how TensorFlow or Keras run.
_SETTINGS = (
    "KERAS_BACKEND",
    "TF_USE_LEGACY_KERAS",
    "TF_ENABLE_ONEDNN_OPTS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "OMP_NUM_THREADS",
    "TF_XLA_FLAGS",
    "XLA_FLAGS",
    "CUDA_VISIBLE_DEVICES",
    "TF_DETERMINISTIC_OPS",
)


def describe(keras_root: str | None) -> dict[str, Any]:
    """Returns the environment as plain data. Nothing is imported that is not loaded already."""
    keras = loaded_keras(keras_root)
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "executable": sys.executable,
        "tensorflow": tensorflow.version(),
        "keras": _version(keras),
        "keras_root": keras_root,
        "backend": backend_name(keras),
        "numpy": _version(sys.modules.get("numpy")),
        "pyinstrument": _version(sys.modules.get("pyinstrument")),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "cpu_count": _cpu_count(),
        "devices": [device for backend in BACKENDS for device in backend.devices()],
        "settings": settings(),
        "labels": labels(),
    }


def settings() -> dict[str, str]:
    """Returns the variables of this process that change how TensorFlow or Keras run."""
    return {name: os.environ[name] for name in _SETTINGS if name in os.environ}


def _version(module: Any) -> str | None:
    return getattr(module, "__version__", None)


def _cpu_count() -> int | None:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()
