"""Profiles a live model object in this process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .options import ProfileOptions
from .profiling import InThisProcess, profile_at
from .results import Report


def profile(
    model: Any,
    x: Any = None,
    *,
    entry: str = "predict",
    batch_size: int | None = ProfileOptions.batch_size,
    rows: int | None = ProfileOptions.rows,
    steps: int | None = ProfileOptions.steps,
    verbose: bool = ProfileOptions.verbose,
    seconds: float = ProfileOptions.seconds,
    captures: Sequence[str] = ProfileOptions.captures,
    recipes: Sequence[str] | None = ProfileOptions.recipes,
    name: str | None = None,
    output: str | Path = ".",
    quiet: bool = False,
) -> Report:
    """Profiles calls of ``model`` in this process and returns the report.

    ``x`` is the input of the entry point: arrays, tensors, nested structures of them, a
    ``tf.data.Dataset``, a ``PyDataset``, or a function that returns a new generator for each
    call. Without it, inputs are generated from the model's own input specification.
    ``entry`` is ``predict``, ``predict_on_batch``, ``call`` or ``function``. ``seconds`` is
    how long to measure: 60% of it goes to the profile, the rest to recipes. ``recipes`` has
    the ids of those to try; None tries all that fit, an empty list none. The recording goes
    to ``output/traces/``; :meth:`Report.save` writes the report.

    The model is called many times, but not changed; recipes that need another model work on
    copies. A recipe that hangs cannot be stopped in this process. Raises
    :class:`keras_profile.errors.KerasProfileError` if the input does not fit.
    """
    name = name or str(getattr(model, "name", None) or type(model).__name__)
    options = ProfileOptions(
        entry=entry,
        batch_size=batch_size,
        rows=rows,
        steps=steps,
        verbose=verbose,
        seconds=seconds,
        captures=captures,
        recipes=recipes,
    )
    return profile_at(InThisProcess(model, x), name, options, name=name, output=Path(output), quiet=quiet)
