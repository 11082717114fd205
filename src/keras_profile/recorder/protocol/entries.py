"""The table of entry points: a row each, with everything that is known about one.

These rows say what calls a model, how the call is named in outputs and in recipes' code, which
options it takes and which functions are watched in a program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What an entry point is called on: a Keras model, a function that TensorFlow traces, or the
#: signature of an exported folder.
MODEL, FUNCTION, SIGNATURE = "model", "function", "signature"


class EntryPoint(NamedTuple):
    """What is known about an entry point."""

    name: str
    called: str
    #: The call as users write it, and as code with places for ``{model}`` and ``{x}``.
    written: str
    code: str
    #: What it is and what it takes, for the documents.
    about: str
    #: The method of the model that is called; empty if the object itself is called.
    method: str = ""
    #: Arguments that every call of it has.
    fixed: tuple[tuple[str, object], ...] = ()
    #: The options of a request that have an effect on it.
    options: tuple[str, ...] = ()
    #: Whether it takes inputs that already consist of batches, and cuts the rows of others into batches.
    takes_batches: bool = False

    @property
    def in_training(self) -> bool:
        """Whether calls of it in training are the user's own.

        A callback calls ``predict``; ``model(x)`` is what training itself does.
        """
        return bool(self.method)

    @property
    def short(self) -> str:
        """Its name in a list of a program's calls."""
        return self.written if self.called == MODEL and not self.method else self.name


ENTRY_POINT_TABLE = (
    EntryPoint(
        name="predict",
        called=MODEL,
        written="predict()",
        code="{model}.predict({x})",
        about="`model.predict(x)`, with `batch_size` and `steps` where given. It takes every kind of input. "
        "A new generator is made for each call, and making it is not measured.",
        method="predict",
        options=("batch_size", "steps", "verbose", "callbacks", "eager", "compiled"),
        takes_batches=True,
    ),
    EntryPoint(
        name="predict_on_batch",
        called=MODEL,
        written="predict_on_batch()",
        code="{model}.predict_on_batch({x})",
        about="`model.predict_on_batch(x)`. From a dataset, generator or `PyDataset` the first batch is "
        "taken once and used in every call.",
        method="predict_on_batch",
        options=("eager", "compiled"),
    ),
    EntryPoint(
        name="call",
        called=MODEL,
        written="model(x)",
        code="{model}({x})",
        about="`model(x)`: layers run op by op. From a dataset, generator or `PyDataset` the first batch is "
        "used.",
        options=("compiled",),
    ),
    EntryPoint(
        name="call_inference",
        called=MODEL,
        written="model(x, training=False)",
        code="{model}({x}, training=False)",
        about="`model(x, training=False)`: as `call`, for models whose layers behave differently in "
        "training, such as `Dropout`.",
        fixed=(("training", False),),
        options=("compiled",),
    ),
    EntryPoint(
        name="function",
        called=FUNCTION,
        written="tf.function(model)(x)",
        code="{model}({x})",
        about="`tf.function(model)(x)`. The function is made once, before the first call, which traces it.",
        options=("compiled",),
    ),
    EntryPoint(
        name="signature",
        called=SIGNATURE,
        written="signature(x)",
        code="signature(**{x})",
        about="A signature of an exported folder: `serving_default` or `serve`, or the only one there is. "
        "The inputs are a dict by the signature's argument names. Given as `--input file.npz`, the arrays' "
        "names must be these. It is the default for folders. With Keras 3 a folder has no other entry point.",
    ),
)

#: Their names, in the order in which the documents list them.
ENTRY_POINTS = tuple(entry.name for entry in ENTRY_POINT_TABLE)

#: The rows by their name.
ENTRY_POINT_OF = {entry.name: entry for entry in ENTRY_POINT_TABLE}

#: The names in Keras' code of methods that run a model.
MODEL_METHODS = tuple(
    dict.fromkeys(entry.method or "__call__" for entry in ENTRY_POINT_TABLE if entry.called == MODEL)
)

#: For each entry point, the others that are the same call with some arguments fixed.
_NARROWER = {
    entry.name: tuple(
        other
        for other in ENTRY_POINT_TABLE
        if other.fixed and not entry.fixed and (other.called, other.method) == (entry.called, entry.method)
    )
    for entry in ENTRY_POINT_TABLE
}


def entry_point_of_call(name: str, options: Mapping[str, Any]) -> str:
    """Returns the entry point that a call of ``name`` with these options belongs to.

    >>> entry_point_of_call("call", {"training": False}), entry_point_of_call("call", {})
    ('call_inference', 'call')
    """
    for other in _NARROWER[name]:
        if all(key in options and options[key] is value for key, value in other.fixed):
            return other.name
    return name


def with_option(option: str) -> list[str]:
    """Returns the entry points on which an option has an effect.

    >>> with_option("eager")
    ['predict', 'predict_on_batch']
    """
    return [entry.name for entry in ENTRY_POINT_TABLE if option in entry.options]
