"""Describes the workload of a group for its recording, from one of its calls."""

from __future__ import annotations

import copy
import inspect
from typing import TYPE_CHECKING, Any, Callable, Sequence

from ..facts.function_models import models_of
from ..facts.model_facts import model_facts, process_facts, switch_facts
from ..frameworks.keras import overriding_class
from ..frameworks.tensorflow.functions import compiled_by_xla, python_function
from ..protocol import ENTRY_POINT_OF, MODEL, entry_point_of_call
from ..protocol.requests import WorkloadRequest
from ..structures import leaves
from ..workload.inputs import Inputs, kind_of, shapes_of
from ..workload.target import Loaded
from ..workload.workload import Workload, describe_layers
from .identity import shapes_in_key

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable

    from .data_flow import DataFlow
    from .held import Held

#: Kinds of input whose batches Keras makes.
ARRAYS = ("array", "tensor")
#: The parameters of predict that every release has, in their order.
_PREDICT = ("x", "batch_size", "verbose", "steps", "callbacks")


class Call:
    """One call as the user wrote it: what is called, with which input and options.

    ``entry`` is one of :data:`..protocol.ENTRY_POINTS`, and ``called`` what it belongs to.
    """

    def __init__(self, entry: str, arguments: Sequence[Any], options: dict[str, Any]) -> None:
        self._thing: Held | None = None
        self._itself = arguments[0]
        self.arguments = arguments[1:]
        self.options = options
        self.entry = entry_point_of_call(entry, options)
        self.called = ENTRY_POINT_OF[entry].called
        self.input = self._input()
        #: The kind of its input, see :func:`..workload.inputs.kind_of`, and the shapes of its arrays.
        self.kind = kind_of(self.input)
        self.shapes = shapes(self.input)
        #: Keys of the shapes of all calls of the same line: more may come.
        self.keys_seen: Collection[Hashable] = ()
        #: Numbers of the models of all calls of its group: more may come.
        self.models_seen: Collection[int] = ()
        #: What was seen of the data of its group's calls: more may come.
        self.flow: DataFlow | None = None

    def kept(self, thing: Held, inputs: Any) -> Call:
        """Returns the call with what is kept of it: what it calls, and a copy of its inputs or None.

        Of its options, only plain values are kept.
        """
        kept = copy.copy(self)
        kept._thing, kept._itself, kept.input = thing, None, inputs
        kept.arguments = [_plain(one) for one in self.arguments]
        kept.options = {name: _plain(one) for name, one in self.options.items()}
        return kept

    @property
    def thing(self) -> Any:
        """What is called; None if it is gone."""
        return self._itself if self._thing is None else self._thing.thing

    @property
    def model(self) -> Any:
        """The model that is called, None for a function or a signature."""
        return self.thing if self.called == MODEL else None

    @property
    def function(self) -> Any:
        """The function or signature that is called, None for a model."""
        return None if self.called == MODEL else self.thing

    def option(self, name: str) -> Any:
        """Returns what predict was given for ``name``, None if nothing."""
        position = _PREDICT.index(name)
        return self.arguments[position] if len(self.arguments) > position else self.options.get(name)

    @property
    def single_argument(self) -> bool:
        """Whether the input is a single argument, without a name."""
        return len(self.arguments) == 1 and not self.options

    def _input(self) -> Any:
        if self.called != MODEL and not self.single_argument:
            return dict({str(number): one for number, one in enumerate(self.arguments)}, **self.options)
        if self.arguments:
            return self.arguments[0]
        return self.options.get("x", next(iter(self.options.values()), None))


def brings_batches(entry: str, arguments: Sequence[Any], options: dict[str, Any]) -> bool:
    """Whether a call's input makes its batches itself, such as a generator or a dataset."""
    if not ENTRY_POINT_OF[entry_point_of_call(entry, options)].takes_batches or not (
        len(arguments) > 1 or "x" in options
    ):
        return False
    return Call(entry, arguments, options).kind not in ARRAYS


def _plain(value: Any) -> Any:
    """Returns an option's value, None if it is more than a number, a bool or a text."""
    return value if isinstance(value, (bool, int, float, str)) else None


def make_workload(call: Call, target: str, folder: str, inputs: Any, with_callbacks: bool = True) -> Workload:
    """Returns the :class:`..workload.Workload` of a call with these ``inputs``, and its callbacks if wanted.

    If ``inputs`` is None, inputs with as many rows are made from the model's specification. Raises
    :class:`..protocol.RecorderError` if the call cannot be made again.
    """
    made = [] if inputs is not None else call.shapes
    takes = ENTRY_POINT_OF[call.entry].options
    request = WorkloadRequest(
        folder=folder,
        target=target,
        entry=call.entry,
        rows=made[0][0] if made and made[0] else None,
        batch_size=call.option("batch_size") if "batch_size" in takes else None,
        steps=call.option("steps") if "steps" in takes else None,
        verbose="verbose" in takes and _shows_progress(call),
        shapes_seen=[shapes for shapes in map(shapes_in_key, list(call.keys_seen)) if shapes],
        models_seen=max(len(call.models_seen), 1),
        chained=call.flow is not None and call.flow.is_chained,
    )
    callbacks = call.option("callbacks") if "callbacks" in takes and with_callbacks else None
    loaded = Loaded(
        model=call.model,
        signature=call.function if call.model is None else None,
        inputs=inputs,
        callbacks=_listed(callbacks),
        keras_own=True,
    )
    return Workload(request, loaded)


def _shows_progress(call: Call) -> bool:
    """Whether predict shows its progress bar. By default it does from Keras 2.9 on."""
    given = call.option("verbose")
    if given is None:
        owner = overriding_class(call.model, "predict")
        predict = call.model.predict if owner is None else super(owner, call.model).predict
        given = inspect.signature(predict).parameters["verbose"].default
    return given not in (0, False)


def _listed(callbacks: Any) -> list[Any]:
    return (
        list(callbacks)
        if isinstance(callbacks, (list, tuple))
        else ([] if callbacks is None else [callbacks])
    )


def describe(call: Call, target: str, make: Callable[[], Workload]) -> tuple[dict[str, Any], str | None]:
    """Returns the workload as plain data, and why it is not fully known, or None.

    ``make`` returns the :class:`..workload.Workload`. A call that cannot be made again is described
    by what it shows itself.
    """
    reason: str | None = None
    if call.entry == "function":
        reason = "the call is in your own function, whose other work is unknown"
    else:
        try:
            return dict(make().describe(), input_source="given by the program"), None
        except Exception as error:  # the call itself worked: the group is described without it
            reason = "{}: {}".format(type(error).__name__, str(error).strip().splitlines()[:1] or [""])
    return by_the_call(call, target), reason


def describe_unfinished(call: Call, target: str) -> tuple[dict[str, Any], str]:
    """Describes a call that was stopped, by what the call itself shows."""
    return by_the_call(call, target), "its only call was stopped"


def by_the_call(call: Call, target: str) -> dict[str, Any]:
    """Describes a workload by what the call itself shows."""
    try:
        inputs = _shown(call.input)
    except (TypeError, ValueError, AttributeError):  # an input of an unknown kind
        inputs = [{"shape": None, "dtype": None, "kind": type(call.input).__name__}]
    name = getattr(call.function, "__name__", None) or getattr(
        python_function(call.function), "__name__", None
    )
    facts = model_facts(call.model)
    layers: list[dict[str, Any]] = []
    if call.model is None:
        facts["jit_compile"] = compiled_by_xla(call.function)
        layers = _layers_within(call.function)
    return {
        "target": target,
        "entry_point": call.entry,
        "inputs": inputs,
        "input_source": "given by the program",
        "announcements": [],
        "batch_size": None,
        "steps": None,
        "compiled": None,
        "experimental_run_tf_function": None,
        "run_eagerly": False,
        "verbose": False,
        "callbacks": [],
        "model_class": type(call.model).__name__ if call.model is not None else name,
        "parameters": None,
        "layers": layers,
        "call_sites": [],
        "event_loop": None,
        "varying": False,
        "dataset": None,
        "pydataset": None,
        "process": process_facts(),
        "switches": switch_facts(),
        **facts,
    }


def _layers_within(function: Any) -> list[dict[str, Any]]:
    """Returns the layers of the models that a function of the user's refers to; none if they are unusual."""
    try:
        return [layer for model in models_of(python_function(function)) for layer in describe_layers(model)]
    except Exception:  # attributes of the user's, such as a layer whose ``layers`` are a number
        return []


def _shown(value: Any) -> list[dict[str, Any]]:
    kind = kind_of(value)
    if kind == "generator":
        return [{"shape": None, "dtype": None, "kind": kind}]
    if kind in ("array", "tensor"):
        return (
            Inputs(value).describe()
            if all(hasattr(leaf, "shape") for leaf in leaves(value))
            else [{"shape": None, "dtype": None, "kind": type(value).__name__}]
        )
    return Inputs(value).describe()


def shapes(value: Any) -> list[list[int]]:
    """Returns the shapes of an input's arrays, empty for inputs that bring batches."""
    try:
        return shapes_of(value)
    except (TypeError, ValueError, AttributeError):  # an input of an unknown kind
        return []
