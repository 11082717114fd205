"""Turns TARGET into something that can be called: a model, or a saved signature."""

from __future__ import annotations

import inspect
import os
import re
import zipfile
from typing import Any, Iterable

from .. import user_code
from ..frameworks.keras import is_keras_3, keras_of, keras_root
from ..frameworks.tensorflow.installation import check_keras, import_tensorflow, unsuited
from ..protocol import RecorderError

_WHAT = "target"


class Loaded:
    """A model or a signature, with the inputs that a factory gave along, if any.

    Exactly one of ``model`` and ``signature`` is not None; ``keep`` holds what must
    live as long as they do; ``callbacks`` are those that predict is given. Where the model's class
    overrides a method of Keras', ``keras_own`` says that Keras' is meant and not the overriding one.
    """

    def __init__(
        self,
        model: Any = None,
        signature: Any = None,
        inputs: Any = None,
        keep: Any = None,
        callbacks: Iterable[Any] = (),
        keras_own: bool = False,
    ) -> None:
        self.model = model
        self.signature = signature
        self.inputs = inputs
        self.keep = keep
        self.callbacks = list(callbacks)
        self.keras_own = keras_own


def load(target: str, entry: str | None, compiled: bool | None, trust_model: bool) -> Loaded:
    """Loads or builds what ``target`` names (see :class:`.protocol.requests.WorkloadRequest`)."""
    if os.path.isdir(target):
        return _load_folder(target, entry, compiled)
    if os.path.exists(target):
        return Loaded(model=_load_model_file(target, compiled, trust_model))
    return _build(target)


def check(target: str) -> None:
    """Raises a :class:`RecorderError` where ``target`` cannot be anything that loads.

    Cheap: TensorFlow is not needed, and takes seconds to import.
    """
    if os.path.isdir(target):
        if not os.path.isfile(os.path.join(target, "saved_model.pb")):
            raise RecorderError(
                "not_a_model",
                "target: the folder {} has no saved_model.pb".format(target),
                "give the folder that model.export() or tf.saved_model.save() wrote, or a .keras file",
            )
        return
    if os.path.exists(target):
        _check_model_file(target)
        return
    if user_code.is_reference(target):
        return
    if target.endswith(".py") or "/" in target or os.sep in target or "." in target:
        raise RecorderError(
            "no_such_file",
            "target: there is no file or folder {}".format(target),
            "the folder is {}".format(os.getcwd()),
        )
    raise RecorderError(
        "bad_target",
        "target: {!r} is neither a file nor a reference to a function".format(target),
        "give a model file (.keras, .h5), an exported folder, package.module:callable or "
        "path/to/file.py:callable",
    )


def check_model(thing: Any, origin: str) -> Any:
    """``thing`` if it is a Keras model, else a :class:`RecorderError`."""
    if keras_root(thing) is None or not hasattr(thing, "predict"):
        found = type(thing)
        raise RecorderError(
            "not_a_model",
            "{} is {}.{}, a Keras model was expected".format(origin, found.__module__, found.__qualname__),
            "return the model, or a pair (model, inputs)",
        )
    return thing


def _build(reference: str) -> Loaded:
    try:
        factory = user_code.load_callable(reference, _WHAT)
        built = user_code.call(factory, reference, "the factory")
    except RecorderError as error:
        if error.kind == "user_code_raised":
            check_keras(error.__cause__)  # raises where the user's code could not but fail
        raise
    inputs = None
    if isinstance(built, tuple) and len(built) == 2:
        built, inputs = built
    return Loaded(model=check_model(built, "what {} returned".format(reference)), inputs=inputs)


def _load_folder(path: str, entry: str | None, compiled: bool | None) -> Loaded:
    tensorflow = import_tensorflow()
    if entry not in (None, "signature"):
        if is_keras_3(keras_of(tensorflow)):
            raise RecorderError(
                "no_such_entry",
                "{} is a SavedModel: Keras 3 loads its signature alone, not a model with {}".format(
                    path, entry
                ),
                "leave --entry away, or give the .keras file or a factory of the model",
            )
        keras_model = keras_of(tensorflow).models.load_model(path, compile=compiled is not False)
        return Loaded(model=keras_model)
    try:
        loaded = tensorflow.saved_model.load(path)
    except Exception as error:
        raise RecorderError(
            "not_a_model",
            "target: {} cannot be loaded as a SavedModel: {}".format(path, error),
            "was it written by a newer TensorFlow? this one is " + tensorflow.__version__,
        ) from error
    signatures = dict(loaded.signatures)
    for name in ("serving_default", "serve"):
        if name in signatures:
            return Loaded(signature=signatures[name], keep=loaded)
    if len(signatures) == 1:
        return Loaded(signature=next(iter(signatures.values())), keep=loaded)
    raise RecorderError(
        "not_a_model",
        "target: {} has no signature named serving_default or serve; it has: {}".format(
            path, ", ".join(sorted(signatures)) or "none"
        ),
        "export it with model.export(), which writes a serving signature",
    )


#: How the files of each kind of model begin: a zip archive, and HDF5.
_BEGINNINGS = {".keras": b"PK", ".h5": b"\x89HDF", ".hdf5": b"\x89HDF"}


def _check_model_file(path: str) -> None:
    ending = os.path.splitext(path)[1]
    if ending not in _BEGINNINGS:
        advice = "a model file ends with .keras or .h5"
        if ending == ".py":
            advice = "say which function builds the model: {}:FUNCTION".format(path)
        raise RecorderError("not_a_model", "target: {} is not a model file".format(path), advice)
    with open(path, "rb") as file:
        beginning = file.read(4)
    if not beginning.startswith(_BEGINNINGS[ending]):
        raise RecorderError(
            "not_a_model",
            "target: {} is not what its name says: a {} file begins with {!r}, this one with {!r}".format(
                path, ending, _BEGINNINGS[ending], beginning
            ),
            "was it cut short, or is it a pointer to a file kept elsewhere?",
        )


def _load_model_file(path: str, compiled: bool | None, trust_model: bool) -> Any:
    tensorflow = import_tensorflow()
    check_keras()
    keras = keras_of(tensorflow)
    # Looked for here too, since releases before Keras 3.15 load a Lambda from .h5 files,
    # and before 2.13 from any, without asking.
    if not trust_model and _has_lambda(path):
        raise _unsafe(path)
    options = {"compile": compiled is not False}
    if "safe_mode" in inspect.signature(keras.models.load_model).parameters:
        options["safe_mode"] = not trust_model
    try:
        return keras.models.load_model(path, **options)
    except Exception as error:
        text = str(error)
        if not trust_model and ("safe_mode" in text or "unsafe" in text.lower()):
            raise _unsafe(path) from error
        raise RecorderError(
            "not_a_model",
            "target: {} cannot be loaded by Keras {}: {}".format(path, keras.__version__, text),
            unsuited(error) or "a model with classes of your own needs a factory: path/to/file.py:callable",
        ) from error


def _has_lambda(path: str) -> bool:
    """Whether the configuration in a model file names a Lambda layer."""
    if path.endswith(".keras"):
        with zipfile.ZipFile(path) as archive:
            found: Any = archive.read("config.json") if "config.json" in archive.namelist() else b""
    else:
        import h5py  # comes with TensorFlow

        with h5py.File(path, "r") as file:
            found = file.attrs.get("model_config", b"")
    configuration = found.decode("utf-8", "replace") if isinstance(found, bytes) else found
    return re.search(r'"class_name":\s*"Lambda"', configuration) is not None


def _unsafe(path: str) -> RecorderError:
    return RecorderError(
        "unsafe_model",
        "{} holds a Lambda layer: Python code that runs when the model is loaded, with your rights, "
        "whoever wrote it".format(path),
        "if you know where the file comes from, add --trust-model",
    )
