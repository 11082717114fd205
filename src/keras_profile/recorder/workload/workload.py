"""The workload: one entry point of one model, called with one kind of input."""

from __future__ import annotations

import functools
from typing import Any

from .. import user_code
from ..facts.model_facts import (
    dataset_facts,
    layer_facts,
    model_facts,
    process_facts,
    pydataset_facts,
    switch_facts,
)
from ..frameworks import keras, tensorflow
from ..protocol import (
    ENTRY_POINT_OF,
    ENTRY_POINT_TABLE,
    FUNCTION,
    MODEL,
    SIGNATURE,
    RecorderError,
    with_option,
)
from ..protocol.requests import WorkloadRequest
from . import inputs as inputs_module
from .target import Loaded


class Workload:
    """What is measured. ``call(x)`` makes one call; ``fresh_input()`` gives its ``x``."""

    _keras_own = False

    def __init__(self, request: WorkloadRequest, loaded: Loaded) -> None:
        self.request = request
        self.model = loaded.model
        self._keep = loaded.keep
        self._keras_own = loaded.keras_own
        self._input_source = request.input
        self.root = None if self.model is None else keras.keras_root(self.model)
        self.entry = request.entry or _default_entry(SIGNATURE if self.model is None else MODEL)
        self.entry_point = ENTRY_POINT_OF[self.entry]
        self._check_entry()
        self.inputs = self._make_inputs(loaded)
        self._check_input_options()
        if self.model is not None:
            self._prepare_model()
            inputs_module.check_fits(self.model, self.inputs)
        else:
            inputs_module.fit_signature(loaded.signature, self.inputs)
        self._batch: Any = None
        self.callbacks = self._load_callbacks() or loaded.callbacks
        self._signature = loaded.signature
        self.call = self._make_call(loaded)

    def fresh_input(self) -> Any:
        """Returns the argument for the next call; making it is not measured."""
        if self.entry_point.takes_batches:
            return self.inputs.fresh()
        if self._batch is None or self.request.vary_input:
            self._batch = self.inputs.first_batch()
        return self._batch

    def names(self) -> dict[str, Any]:
        """Returns the names for code that makes the call: the model or signature, and the callbacks."""
        named = {"callbacks": self.callbacks}
        if self.model is None:
            named["signature"] = self._signature
        else:
            named["model"] = self.model
            named.update((one.__name__, one) for one in self.overriding.values())
        return named

    @property
    def overriding(self) -> dict[str, Any]:
        """Returns the classes that override a method of Keras, by method, if Keras' own is called."""
        if self.model is None or not self._keras_own:
            return {}
        found = {
            entry.method: keras.overriding_class(self.model, entry.method)
            for entry in ENTRY_POINT_TABLE
            if entry.method
        }
        return {method: owner for method, owner in found.items() if owner is not None}

    def method(self, name: str) -> Any:
        """Returns a method of the model: Keras' own if that is what is called."""
        owner = self.overriding.get(name)
        return getattr(self.model if owner is None else super(owner, self.model), name)

    @property
    def announcements(self) -> list[str]:
        return self.inputs.announcements

    def describe(self) -> dict[str, Any]:
        """Returns the workload as plain data, for the recording."""
        request, model = self.request, self.model
        return {
            "target": request.target,
            "entry_point": self.entry,
            "inputs": self.inputs.describe(),
            "input_source": self._input_source,
            "announcements": self.announcements,
            "batch_size": request.batch_size,
            "steps": request.steps,
            "compiled": None if model is None else keras.is_compiled(model),
            "experimental_run_tf_function": keras.run_tf_function(model),
            "run_eagerly": bool(getattr(model, "run_eagerly", False)) if model is not None else False,
            "verbose": request.verbose,
            "callbacks": [type(one).__name__ for one in self.callbacks],
            "model_class": None if model is None else type(model).__name__,
            "parameters": None if model is None else _count_parameters(model),
            "layers": [] if model is None else describe_layers(model),
            "call_sites": [],
            "event_loop": None,
            "varying": request.vary_input,
            "dataset": dataset_facts(self.inputs.value) if self.inputs.kind == "dataset" else None,
            "pydataset": pydataset_facts(self.inputs.value) if self.inputs.kind == "pydataset" else None,
            "process": process_facts(),
            "switches": switch_facts(),
            **model_facts(model),
        }

    def _check_entry(self) -> None:
        if (self.entry_point.called == SIGNATURE) != (self.model is None):
            raise RecorderError(
                "no_such_entry",
                "--entry {} does not fit the target, which is a {}".format(
                    self.entry, "Keras model" if self.model is not None else "SavedModel signature"
                ),
                "--entry signature takes a folder written by model.export(), other entry points a model",
            )
        request, takes = self.request, self.entry_point.options
        if request.batch_size is not None and "batch_size" not in takes:
            raise RecorderError(
                "bad_option",
                "--batch-size is for predict; --entry {} takes all rows as one batch".format(self.entry),
                "use --rows",
            )
        for option, written, given in (
            ("steps", "--steps", request.steps is not None),
            ("verbose", "--verbose-predict", request.verbose),
            ("callbacks", "--callbacks", request.callbacks is not None),
            ("eager", "--eager", request.eager),
            ("compiled", "--compile and --no-compile", request.compiled is not None),
        ):
            if given and option not in takes:
                raise RecorderError(
                    "bad_option",
                    "{}: has no effect on --entry {}".format(written, self.entry),
                    "omit it, or use --entry " + " or ".join(with_option(option)),
                )

    def _load_callbacks(self) -> list[Any]:
        reference = self.request.callbacks
        if reference is None:
            return []
        made = user_code.call(user_code.load_callable(reference, "--callbacks"), reference, "the callbacks")
        return list(made) if isinstance(made, (list, tuple)) else [made]

    def _check_input_options(self) -> None:
        """Rows and batches are cut only from arrays; other inputs have their own."""
        if self.inputs.kind in ("array", "tensor"):
            return
        for option, value in (("--batch-size", self.request.batch_size), ("--rows", self.request.rows)):
            if value is not None:
                raise RecorderError(
                    "bad_option",
                    "{} is for arrays; the input is a {}, which has its own batches".format(
                        option, self.inputs.kind
                    ),
                    "omit it, or change the input",
                )

    def _make_inputs(self, loaded: Loaded) -> inputs_module.Inputs:
        request = self.request
        if request.vary_input and not user_code.is_reference(request.input or ""):
            raise RecorderError(
                "bad_option",
                "--vary-input: expected an input function to call before each call, found none",
                "give one: --input path.py:callable",
            )
        rows = request.rows or request.batch_size
        if request.input is not None:
            return inputs_module.load(request.input, request.rows, request.vary_input)
        if loaded.inputs is not None:
            self._input_source = "given with the model"
            return inputs_module.given(loaded.inputs, request.rows)
        self._input_source = "made from the model's input specification"
        if self.model is None:
            return inputs_module.from_signature(loaded.signature, rows)
        return inputs_module.from_model(self.model, rows)

    def _prepare_model(self) -> None:
        request, model = self.request, self.model
        if request.compiled and not keras.is_compiled(model):
            model.compile(optimizer="adam", loss="mse")
        if request.compiled is False and keras.is_compiled(model):
            raise RecorderError(
                "bad_option",
                "--no-compile: expected an uncompiled model, found a compiled one",
                "return the model uncompiled, or omit --no-compile",
            )
        if request.eager:
            model.run_eagerly = True

    def _make_call(self, loaded: Loaded) -> Any:
        """Returns the function that makes a call with its one argument."""
        entry = self.entry_point
        if entry.called == SIGNATURE:
            signature = loaded.signature

            def call_signature(arguments: dict[str, Any]) -> Any:
                return signature(**arguments)

            return call_signature
        called = self.method(entry.method) if entry.method else self.model
        if entry.called == FUNCTION:
            called = tensorflow.load().function(called)
        options = dict(entry.fixed, **self._call_options())
        return functools.partial(called, **options) if options else called

    def _call_options(self) -> dict[str, Any]:
        """Returns the options that each call has, among those that the entry point takes."""
        request = self.request
        cuts = self.inputs.kind in ("array", "tensor")
        options = {
            "verbose": 1 if request.verbose else 0,
            "batch_size": request.batch_size if cuts else None,
            "steps": request.steps,
            "callbacks": self.callbacks or None,
        }
        return {
            name: value
            for name, value in options.items()
            if value is not None and name in self.entry_point.options
        }


def _default_entry(called: str) -> str:
    """Returns the first entry point of such objects."""
    return next(entry.name for entry in ENTRY_POINT_TABLE if entry.called == called)


def _count_parameters(model: Any) -> int | None:
    try:
        return int(model.count_params())
    except ValueError:  # not built yet
        return None


def describe_layers(model: Any) -> list[dict[str, Any]]:
    """Returns the layers of a model at any depth as plain data, with the facts that matter for speed."""
    return [
        dict(
            {
                "layer": layer.name,
                "class": type(layer).__name__,
                "parent": None if parent is None else parent.name,
            },
            **layer_facts(layer),
        )
        for layer, parent in inputs_module.all_layers(model)
    ]
