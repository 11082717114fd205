"""What the profiled interpreter is: versions, machine, and settings that change speed."""

from __future__ import annotations

import os
import platform
import sys

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


def describe(keras_root):
    """The environment as plain data. Nothing is imported that is not loaded already."""
    keras = sys.modules.get((keras_root or "keras").partition(".")[0])
    tensorflow = sys.modules.get("tensorflow")
    if keras_root is not None and keras_root.startswith("tensorflow."):
        keras = sys.modules.get(keras_root, keras)
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "executable": sys.executable,
        "tensorflow": _version(tensorflow),
        "keras": _version(keras),
        "keras_root": keras_root,
        "backend": _backend(keras),
        "numpy": _version(sys.modules.get("numpy")),
        "pyinstrument": _version(sys.modules.get("pyinstrument")),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "cpu_count": _cpu_count(),
        "devices": _devices(tensorflow),
        "settings": settings(),
    }


def settings():
    """The variables of this process that change how TensorFlow or Keras run."""
    return {name: os.environ[name] for name in _SETTINGS if name in os.environ}


def _version(module):
    return getattr(module, "__version__", None)


def _backend(keras):
    config = getattr(keras, "config", None)
    if config is not None and hasattr(config, "backend"):
        return config.backend()
    return "tensorflow"


def _cpu_count():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


def _devices(tensorflow):
    if tensorflow is None:
        return []
    config = tensorflow.config
    listing = getattr(config, "list_physical_devices", None)
    if listing is None:
        listing = config.experimental.list_physical_devices  # before TF 2.1
    return ["{}:{}".format(device.device_type, device.name.rpartition(":")[2]) for device in listing()]
