"""What a recipe is, and when one can be tried at all."""

from __future__ import annotations

import textwrap
from typing import Callable, Sequence

from .simplicity import EXPORTED, PROCESS, RUNTIME, Simplicity
from .usage import Usage

#: Where a recipe's code runs: on the user's model, on a copy of it (the user's object is
#: never changed), or in a process of its own, since it must come before TensorFlow is imported.
IN_PROCESS, ON_COPY, OWN_PROCESS = "in_process", "on_copy", "own_process"

#: Kinds of input that lie in memory as a whole.
ARRAYS = ("array", "tensor")


class Change:
    """Python code that makes the user's call in another way.

    ``call`` is an expression that gives the outputs; it finds ``x``, the call's input, and
    ``model``, the user's own. ``setup`` are statements that run once, ``prepare`` those that
    run for each new input outside the measured time, ``before`` those that must run in a new
    process before TensorFlow is imported. ``title`` names the change in a table. ``calls``
    is how many of the user's calls it does the work of: then ``xs`` holds their inputs.
    ``any_rows`` says that inputs of another number of rows do not need a new setup;
    ``batch_rows`` is how many rows a batch has where they are other than in the user's call.
    ``condition`` is what must hold of all calls where one call cannot show it, as a sentence that
    begins with "only if"; it stands above the code. ``fails_with`` is the title of another change of
    the same usage without which this one cannot work: where that has failed, so would this.
    ``other_rows`` says that the call takes other rows than the user's where that takes random ones:
    then its outputs cannot be compared, and it is judged by its time all the same.
    ``without_debugger`` has its code run as it would in a program in which TensorFlow's debugger is off.
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

    ``obstacle(usage)`` says in plain words why it has no place in this usage, or None;
    ``changes(usage)`` gives one :class:`Change` or several to choose among. The rest is the
    table of what it needs: ``entries`` (names of entry points, None for every one of a model) and
    ``kinds`` of input it is made for, the first
    ``tensorflow`` and ``keras`` it works in, ``modules`` that must be installed (module ->
    what pip calls it), and whether it is for TensorFlow as backend. ``exchanges_layers``
    says that its copy of the model has other layers, which only a model can have whose
    layers Keras knows. ``approximate`` ones alter results and are tried on request alone.
    ``harmless`` ones run nothing but Python and ops of TensorFlow's that programs run anyway: nothing in
    them can end the process, or hang it beyond an interrupt. Others, such as those that compile or
    convert the model, are never run in a process that the user works in, but in one of their own.
    ``fixed_shape`` ones take inputs of one shape alone. ``simplicity`` is the recipe's place in the
    order by which one of several changes that gain the same is recommended.
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
