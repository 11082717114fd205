"""Turns TARGET into something that can be called: a model, or a saved signature."""

from __future__ import annotations

import inspect
import os
from typing import Any, Iterable

from .. import user_code
from ..frameworks.keras import is_keras_3, keras_of, keras_root
from ..frameworks.tensorflow.installation import check_keras, import_tensorflow, unsuited
from ..protocol import RecorderError
from ..untrusted import keras_files
from ..untrusted.bounds import Whose, check_path, reading, regular_size
from ..untrusted.configurations import risks
from ..untrusted.saved_models import SavedModelFile

_WHAT = "target"


class Loaded:
    """A model or a signature, with the inputs that a factory returned with it, if any.

    Exactly one of ``model`` and ``signature`` is not None; ``keep`` holds what must exist as
    long as they do; ``callbacks`` are those that predict gets. If the model's class overrides a
    method of Keras, ``keras_own`` says that Keras' method is meant, not the overriding one.
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
        return _load_folder(target, entry, compiled, trust_model)
    if os.path.exists(target):
        return Loaded(model=_load_model_file(target, compiled, trust_model))
    return _build(target)


def check(target: str) -> None:
    """Raises a :class:`RecorderError` if ``target`` cannot be loaded as anything.

    This is cheap: it does not need TensorFlow, which takes seconds to import.
    """
    check_path(Whose(target, _WHAT, "no_such_file"))
    if os.path.isdir(target):
        if not os.path.exists(os.path.join(target, "saved_model.pb")):
            raise RecorderError(
                "not_a_model",
                "target: expected an exported model, found a folder without saved_model.pb: {}".format(
                    target
                ),
                "give a folder written by model.export() or tf.saved_model.save(), or a .keras file",
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
            "target: no such file or folder: {}".format(target),
            "the working folder is {}".format(os.getcwd()),
        )
    raise RecorderError(
        "bad_target",
        "target: {!r} is neither a file nor a reference to a function".format(target),
        "give a model file (.keras, .h5), an exported folder, package.module:callable or "
        "path/to/file.py:callable",
    )


def check_model(thing: Any, origin: str) -> Any:
    """Returns ``thing`` if it is a Keras model, else raises a :class:`RecorderError`."""
    if keras_root(thing) is None or not hasattr(thing, "predict"):
        found = type(thing)
        raise RecorderError(
            "not_a_model",
            "{}: expected a Keras model, found {}.{}".format(origin, found.__module__, found.__qualname__),
            "return the model, or a pair (model, inputs)",
        )
    return thing


def _build(reference: str) -> Loaded:
    try:
        factory = user_code.load_callable(reference, _WHAT)
        built = user_code.call(factory, reference, "the factory")
    except RecorderError as error:
        if error.kind == "user_code_raised":
            check_keras(error.__cause__)  # raises if the user's code was bound to fail
        raise
    inputs = None
    if isinstance(built, tuple) and len(built) == 2:
        built, inputs = built
    return Loaded(model=check_model(built, reference), inputs=inputs)


def _load_folder(path: str, entry: str | None, compiled: bool | None, trust_model: bool) -> Loaded:
    tensorflow = import_tensorflow()
    saved = SavedModelFile(path)
    if not trust_model:
        by_keras = entry not in (None, "signature")
        _refuse(path, [*saved.risks(), *(saved.keras_risks() if by_keras else ())])
    if entry not in (None, "signature"):
        if is_keras_3(keras_of(tensorflow)):
            raise RecorderError(
                "no_such_entry",
                "{} is a SavedModel: Keras 3 loads only its signature, not a model with {}".format(
                    path, entry
                ),
                "omit --entry, or give a .keras file or a function that builds the model",
            )
        with reading(Whose(path, _WHAT, "not_a_model", _OWN_CLASSES), "a model that Keras saved"):
            return Loaded(model=keras_of(tensorflow).models.load_model(path, compile=compiled is not False))
    try:
        loaded = tensorflow.saved_model.load(path)
    except Exception as error:
        raise RecorderError(
            "not_a_model",
            "target: {} cannot be loaded as a SavedModel: {}".format(
                path, " ".join(str(error).split())[:1000]
            ),
            "it may be cut short, or written by a newer TensorFlow than " + tensorflow.__version__,
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


#: The first bytes of each kind of model file: a zip archive, and HDF5.
_BEGINNINGS = {".keras": b"PK", ".h5": b"\x89HDF", ".hdf5": b"\x89HDF"}
_OWN_CLASSES = "for a model with your own classes, give a function that builds it: path/to/file.py:callable"
#: How many of the things found in a file are named.
_MOST_NAMED = 3


def _check_model_file(path: str) -> None:
    ending = os.path.splitext(path)[1]
    if ending not in _BEGINNINGS:
        advice = "a model file ends with .keras or .h5"
        if ending == ".py":
            advice = "name the function that builds the model: {}:FUNCTION".format(path)
        raise RecorderError("not_a_model", "target: {} is not a model file".format(path), advice)
    whose = Whose(path, _WHAT, "not_a_model")
    regular_size(whose)
    with reading(whose, "a model file"), open(path, "rb") as file:
        beginning = file.read(4)
    if not beginning.startswith(_BEGINNINGS[ending]):
        raise whose.wrong(
            "does not match its name: a {} file begins with {!r}, this one with {!r}".format(
                ending, _BEGINNINGS[ending], beginning
            )
        )
    if ending == ".keras":
        keras_files.archive_documents(whose)


def _load_model_file(path: str, compiled: bool | None, trust_model: bool) -> Any:
    tensorflow = import_tensorflow()
    check_keras()
    keras = keras_of(tensorflow)
    # Checked here too: Keras has its safe mode only since 2.13, for .h5 files since 3.15, and it does not
    # know everything that runs code.
    found = [risk for document in _documents(path) for risk in risks(document)]
    if not trust_model:
        _refuse(path, found)
    options = {"compile": compiled is not False}
    if "safe_mode" in inspect.signature(keras.models.load_model).parameters:
        options["safe_mode"] = not trust_model
    try:
        return keras.models.load_model(path, **options)
    except Exception as error:
        text = " ".join(str(error).split())
        if not trust_model and ("safe_mode" in text or "unsafe" in text.lower()):
            _refuse(
                path,
                ["code that Keras {} loads only on request: {}".format(keras.__version__, text[:300])],
                error,
            )
        raise RecorderError(
            "not_a_model",
            "target: {} cannot be loaded by Keras {}: {}".format(path, keras.__version__, text[:1000]),
            unsuited(error) or _OWN_CLASSES,
        ) from error


def _documents(path: str) -> list[Any]:
    """Returns the configurations in a model file, in each form in which some release would read it."""
    whose = Whose(path, _WHAT, "not_a_model")
    found = []
    if path.endswith(".keras"):
        found += keras_files.archive_documents(whose)
        keras_files.check_archived_weights(whose)
    if not path.endswith(".keras") or keras_files.is_hdf5(path):
        found += keras_files.hdf5_documents(whose)
    return found


def _refuse(path: str, found: list[str], cause: BaseException | None = None) -> None:
    """Raises if something that needs trust was ``found`` in a file."""
    if not found:
        return
    named = list(dict.fromkeys(found))
    more = len(named) - _MOST_NAMED
    text = "; ".join(named[:_MOST_NAMED]) + ("; and {} more".format(more) if more > 0 else "")
    raise RecorderError(
        "unsafe_model",
        "target: {} holds {}".format(path, text),
        "this would run with your rights: add --trust-model if you trust the file's origin, or give a "
        "function that builds the model, path/to/file.py:callable",
    ) from cause
