"""Shared by the recipes that run Keras 3 on another backend."""

from __future__ import annotations

from .recipe import OWN_PROCESS, Change, Recipe
from .simplicity import RUNTIME
from .snippets import lines, user_call
from .usage import Usage


def on(name: str, title: str, why: str, entries: tuple[str, ...] = ("predict", "predict_on_batch")) -> Recipe:
    """The recipe that runs the model on the backend ``name``, which has these entry points."""

    def changes(usage: Usage) -> list[Change]:
        before = lines(
            "import os", "", "os.environ['KERAS_BACKEND'] = {!r}  # before Keras is imported".format(name)
        )
        made = [Change("KERAS_BACKEND={}".format(name), user_call(usage), before=before)]
        if usage.entry == "predict" and "predict_on_batch" in entries:
            made.append(
                Change(
                    "KERAS_BACKEND={}, predict_on_batch".format(name),
                    "model.predict_on_batch(x)",
                    before=before,
                    batch_rows=usage.rows,
                )
            )
        return made

    def obstacle(usage: Usage) -> str | None:
        return "it is already the backend" if usage.backend == name else None

    return Recipe(
        "backend_" + name,
        title,
        why,
        changes,
        obstacle,
        simplicity=RUNTIME,
        where=OWN_PROCESS,
        entries=entries,
        modules={name: name},
        keras=(3,),
        any_backend=True,
        kinds=("array",),
    )
