"""What a recipe is, and when one can be tried at all."""

from __future__ import annotations

import textwrap
from typing import Callable, Sequence

from .simplicity import EXPORTED, PROCESS, RUNTIME, Simplicity
from .usage import Usage

#: Where a recipe's code runs: on the user's model, on a copy of it (the user's object is
#: never changed), or in a process of its own, since it must come before TensorFlow is imported.
IN_PROCESS, ON_COPY, OWN_PROCESS = "in_process", "on_copy", "own_process"

#: Kinds of input that are in memory as a whole.
ARRAYS = ("array", "tensor")


class Change:
    """Python code that makes the user's call in another way.

    ``call`` is an expression that returns the outputs; it can use ``x``, the call's input, and
    ``model``, the user's own. ``setup`` are statements that run once, ``prepare`` those that
    run for each new input outside the measured time, ``before`` those that must run in a new
    process before TensorFlow is imported. ``title`` names the change in a table. ``calls``
    is how many of the user's calls it replaces: then ``xs`` holds their inputs.
    ``any_rows`` says that inputs with another number of rows need no new setup;
    ``batch_rows`` is the number of rows in a batch, if it differs from the user's call.
    ``condition`` must hold for all calls and cannot be seen in one; it is a sentence that
    begins with "only if" and is printed above the code. ``fails_with`` is the title of another change
    of the same usage that this one needs: if that has failed, so would this.
    ``other_rows`` says that the call may take other rows than the user's, if that takes random ones:
    then its outputs cannot be compared, and only its time is judged.
    ``without_debugger`` runs its code as in a program in which TensorFlow's debugger is off.
    """

    def __init__(
        self,
        title: str,
        call: str,
        setup: str = "",
        prepare: str = "",
        before: str = "",
        calls: int = 1,
        any_rows: bool = True,
        batch_rows: int | None = None,
        condition: str = "",
        fails_with: str | None = None,
        other_rows: bool = False,
        without_debugger: bool = False,
    ) -> None:
        self.title = title
        self.call = call
        self.setup = setup
        self.prepare = prepare
        self.before = before
        self.calls = calls
        self.any_rows = any_rows
        self.batch_rows = batch_rows
        self.condition = condition
        self.fails_with = fails_with
        self.other_rows = other_rows
        self.without_debugger = without_debugger

    @property
    def code(self) -> str:
        """The code to paste; it leaves the outputs in ``y``.

        >>> print(Change("as it is", "model.predict(x)", setup="import keras").code)
        import keras
        <BLANKLINE>
        y = model.predict(x)
        >>> print(Change("as it is", "fast(x)", condition="only if it is fast").code)
        # only if it is fast
        <BLANKLINE>
        y = fast(x)
        """
        condition = "\n".join(textwrap.wrap("# " + self.condition, 100, subsequent_indent="# "))
        parts = [
            condition if self.condition else "",
            self.before,
            self.setup,
            self.prepare,
            "y = " + self.call,
        ]
        return "\n\n".join(part for part in parts if part)


class Recipe:
    """A change that may help: what it is, when it can be tried, and its code.

    ``obstacle(usage)`` says in plain words why it does not apply to this usage, or returns None;
    ``changes(usage)`` returns one :class:`Change` or several to choose from. The rest says what the
    recipe needs: ``entries`` (names of entry points, None for all of a model's) and ``kinds`` of
    input it is made for, the first ``tensorflow`` and ``keras`` it works in, ``modules`` that must
    be installed (module -> its name for pip), and whether it works on ``any_backend``.
    ``exchanges_layers`` says that its copy of the model has other layers, which needs a model whose
    layers Keras knows. ``approximate`` recipes alter results and are tried only on request.
    ``harmless`` recipes run only Python and TensorFlow ops that programs run anyway: nothing in
    them can end the process, or hang it beyond an interrupt. Others, such as those that compile or
    convert the model, never run in a process that the user works in, but in a process of their own.
    ``fixed_shape`` recipes take inputs of one shape only. ``simplicity`` is the recipe's place in the
    order that decides which of several equally fast changes is recommended.
    """

    def __init__(
        self,
        id: str,
        title: str,
        why: str,
        changes: Callable[[Usage], list[Change]],
        obstacle: Callable[[Usage], str | None] | None = None,
        *,
        simplicity: Simplicity,
        where: str = IN_PROCESS,
        entries: Sequence[str] | None = None,
        kinds: Sequence[str] = ARRAYS,
        tensorflow: tuple[int, ...] = (2, 0),
        keras: tuple[int, ...] = (2,),
        modules: dict[str, str] | None = None,
        any_backend: bool = False,
        exchanges_layers: bool = False,
        approximate: bool = False,
        harmless: bool = False,
        fixed_shape: bool = False,
    ) -> None:
        self.id = id
        self.title = title
        self.why = why
        self.changes = changes
        self.obstacle = obstacle
        self.where = where
        self.entries = entries
        self.kinds = kinds
        self.tensorflow = tensorflow
        self.keras = keras
        self.modules = modules or {}
        self.any_backend = any_backend
        self.exchanges_layers = exchanges_layers
        self.approximate = approximate
        self.harmless = harmless
        self.fixed_shape = fixed_shape
        self.simplicity = simplicity


def obstacle(recipe: Recipe, usage: Usage) -> str | None:
    """Why ``recipe`` cannot be tried in ``usage``, in plain words, or None."""
    if usage.entry_point.called == "signature":
        return "the target is an exported signature, not a model"
    if recipe.entries is not None and usage.entry not in recipe.entries:
        return "it is for calls of {}, this is {}".format(" or ".join(recipe.entries), usage.entry)
    if usage.kind not in recipe.kinds:
        return "it is for {} as input, this is {} {}".format(
            " or ".join(kind + "s" for kind in recipe.kinds),
            "an" if usage.kind == "array" else "a",
            usage.kind,
        )
    if not recipe.any_backend and usage.backend != "tensorflow":
        return "it is for the TensorFlow backend, this is " + usage.backend
    for name, least, found in (
        ("TensorFlow", recipe.tensorflow, usage.tensorflow_version),
        ("Keras", recipe.keras, usage.keras_version),
    ):
        if found < least:
            return "it needs {} {} or later".format(name, ".".join(str(part) for part in least))
    if recipe.fixed_shape and usage.shapes_vary:
        return "it is for one shape, but the calls of this line have several: " + usage.shapes_in_words
    if usage.keeps_state and recipe.simplicity in (PROCESS, EXPORTED, RUNTIME):
        return "a call's outputs depend on the calls before it, and a copy of the model has its own state"
    if recipe.exchanges_layers and usage.subclassed:
        return "the model is a subclass, whose code defines its layers"
    missing = [package for module, package in sorted(recipe.modules.items()) if not usage.has_module(module)]
    if missing:
        return "not installed here: pip install " + " ".join(missing)
    return recipe.obstacle(usage) if recipe.obstacle else None
