"""TensorFlow, from 2.0 on, as a backend: see :mod:`keras_profile.recorder.frameworks`."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from typing import Any

from .functions import describe_trace, graph_builder, size_of_trace
from .installation import import_tensorflow

#: The second has the files of 2.0 and 2.1, whose modules are named after the first.
PACKAGES = ("tensorflow", "tensorflow_core")

__all__ = [
    "PACKAGES",
    "array_at_hand",
    "describe_trace",
    "devices",
    "graph_builder",
    "holds_values",
    "is_generated",
    "is_symbolic",
    "is_tensor",
    "load",
    "loaded",
    "reads_input",
    "settings",
    "shape_of",
    "size_of_trace",
    "tensor",
    "version",
]

load = import_tensorflow

#: The modules that call Python for ops, by 2.1 and after.
_PYTHON_OPS = ("tensorflow.python.ops.script_ops", "tensorflow_core.python.ops.script_ops")

#: The names of files that autograph writes, by 2.9; and those that :mod:`tempfile` gives them
#: before that, directly in the temporary folder.
_AUTOGRAPH = "__autograph_generated_file"
_TEMPORARY = re.compile(r"tmp[a-z0-9_]{8}\.py")


def loaded() -> Any:
    """Returns TensorFlow if the process has loaded it, else None."""
    return sys.modules.get("tensorflow")


def version() -> str | None:
    """Returns TensorFlow's version, None if it is not loaded."""
    return getattr(loaded(), "__version__", None)


def devices() -> list[str]:
    """Returns the devices that TensorFlow sees, such as ``CPU:0``."""
    if loaded() is None:
        return []
    config = loaded().config
    listing = getattr(config, "list_physical_devices", None)
    if listing is None:
        listing = config.experimental.list_physical_devices  # before 2.1
    return ["{}:{}".format(device.device_type, device.name.rpartition(":")[2]) for device in listing()]


def settings() -> dict[str, Any]:
    """Returns how many threads the pools are to have, 0 for one per CPU; and whether functions run eagerly.

    None if TensorFlow does not say.
    """
    config = getattr(loaded(), "config", None)
    threading = getattr(config, "threading", None)
    return {
        "intra_op_threads": _asked(threading, "get_intra_op_parallelism_threads"),
        "inter_op_threads": _asked(threading, "get_inter_op_parallelism_threads"),
        "functions_run_eagerly": _functions_run_eagerly(config),
    }


def _asked(config: Any, name: str) -> int | None:
    function = getattr(config, name, None)
    return None if function is None else int(function())


def _functions_run_eagerly(config: Any) -> Any:
    for place in (config, getattr(config, "experimental", None)):  # the latter before 2.3
        for name in ("functions_run_eagerly", "experimental_functions_run_eagerly"):
            function = getattr(place, name, None)
            if function is not None:
                return bool(function())
    # 2.0 to 2.2 have the setting and no function that reads it.
    return getattr(sys.modules.get("tensorflow.python.eager.def_function"), "RUN_FUNCTIONS_EAGERLY", None)


def is_tensor(leaf: object) -> bool:
    """Whether something is a TensorFlow tensor, with or without values."""
    return hasattr(leaf, "op") or type(leaf).__name__ == "EagerTensor"


def holds_values(leaf: object) -> bool:
    """Whether something is a tensor with values. Only its type is checked: it may be a user's object."""
    return type(leaf).__name__ == "EagerTensor" and type(leaf).__module__.startswith("tensorflow")


def is_symbolic(leaf: object) -> bool:
    """Whether a tensor only stands for values while a graph is built: ``SymbolicTensor`` by 2.15."""
    name = type(leaf).__name__
    return name == "SymbolicTensor" or (name == "Tensor" and not hasattr(leaf, "numpy"))


def shape_of(leaf: Any) -> tuple[int, ...]:
    """Returns the shape of a tensor with values, in a tenth of the time that its ``shape`` takes."""
    found: tuple[int, ...] = leaf._shape_tuple()
    return found


def array_at_hand(leaf: Any, most_bytes: int) -> Any:
    """Returns a tensor's values if they are numbers, at most ``most_bytes`` and on the CPU, else None."""
    if "CPU" not in leaf.device:
        return None
    dtype = leaf.dtype
    if not (dtype.is_floating or dtype.is_integer) or leaf.shape.num_elements() * dtype.size > most_bytes:
        return None
    return leaf.numpy()


def tensor(array: Any, dtype: Any = None) -> Any:
    """Returns an array as a tensor."""
    return load().constant(array, dtype=dtype)


def reads_input(module: str) -> bool:
    """Whether a module calls the Python functions of a pipeline."""
    return module in _PYTHON_OPS


def is_generated(file: str) -> bool:
    """Whether a source file is one that autograph wrote."""
    folder, name = os.path.split(file)
    if name.startswith(_AUTOGRAPH):
        return True
    # Autograph has asked for the folder. If nobody has, asking would decide it for the program.
    return _TEMPORARY.fullmatch(name) is not None and folder == tempfile.tempdir
