"""Facts about library functions that a program's own lines call, by package and name."""

from __future__ import annotations

from collections.abc import Sequence

from ..model.program import SampledFrame
from .sampled_paths import package_of, short_function

#: The packages of the framework itself.
FRAMEWORKS = ("tensorflow", "keras", "tf_keras", "keras_core", "tensorflow_core", "tensorflow_estimator")

#: Functions of the standard library in which a thread waits for something else, by module.
_WAITING = {
    "threading": ("wait", "_wait_for_tstate_lock", "acquire", "join"),
    "selectors": ("select",),
    "queue": ("get", "put"),
    "socket": ("accept", "readinto", "recv_into"),
    "subprocess": ("wait", "_wait", "_try_wait", "communicate", "_communicate"),
    "ssl": ("read", "recv_into"),
    "multiprocessing.connection": ("_recv", "recv", "poll", "wait"),
    "multiprocessing.popen_fork": ("poll", "wait"),
    "multiprocessing.synchronize": ("acquire", "__enter__"),
    "concurrent.futures._base": ("result",),
    "asyncio.base_events": ("run_forever", "run_until_complete"),
}

#: Keras functions that make layers and models, whatever the name of the layer.
_BUILDING = (
    "build",
    "build_wrapper",
    "_maybe_build",
    "_maybe_rebuild",
    "add_weight",
    "symbolic_call",
    "compute_output_spec",
    "from_config",
    "build_from_config",
    "_build_graph_network_for_inferred_shape",
    "_init_graph_network",
    "_functional_construction_call",
)


#: The same of classes of layers and models alone.
_MAKING = ("__init__", "__new__", "add")


def is_framework(frame: SampledFrame) -> bool:
    """Whether a function is TensorFlow's or Keras'."""
    return package_of(frame) in FRAMEWORKS


def is_waiting(below: Sequence[SampledFrame]) -> bool:
    """Whether the innermost function is one in which a thread waits."""
    return bool(below) and short_function(below[-1]) in _WAITING.get(below[-1].module, ())


def is_building(below: Sequence[SampledFrame]) -> bool:
    """Whether a model or a layer is made."""
    return any(_builds(frame) for frame in below)


def _builds(frame: SampledFrame) -> bool:
    if package_of(frame) not in FRAMEWORKS:
        return False
    keras = "keras" in frame.module
    name = short_function(frame)
    if keras and ".applications." in frame.module:
        return name[:1].isupper()
    makes = name in _MAKING and any(part in frame.module for part in (".layers", ".models", ".engine."))
    return keras and (makes or name in _BUILDING)


def called(below: Sequence[SampledFrame]) -> SampledFrame | None:
    """The function that a line called, as a user would name it: the first of several layers."""
    return below[0] if below else None


#: Names for tensor functions that users know by the code that calls them.
_SPOKEN = {
    "_slice_helper": "indexing a tensor",
    "__iter__": "iterating over a tensor",
    "__next__": "iterating over a tensor",
    "__float__": "float() of a tensor",
    "__int__": "int() of a tensor",
    "__index__": "int() of a tensor",
    "__bool__": "bool() of a tensor",
    "__array__": "converting a tensor to an array",
}


def name_of(frame: SampledFrame | None) -> str:
    """A function with its top-level package, such as ``keras: ctc_decode``; empty for none.

    >>> name_of(SampledFrame("library", "", "keras.src.ops.nn", "ctc_decode", 0))
    'keras: ctc_decode'
    """
    if frame is None:
        return ""
    name = frame.function.rpartition("<locals>.")[2]
    if is_framework(frame) and (".framework." in frame.module or name == "_slice_helper"):
        name = _SPOKEN.get(short_function(frame), name)
    return f"{package_of(frame)}: {name}" if frame.module else name
