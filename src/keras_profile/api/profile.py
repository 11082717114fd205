"""Profiles a model object that lives in this process."""

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

    ``x`` is what the entry point is called with: arrays, tensors, nested structures of
    them, a ``tf.data.Dataset``, a ``PyDataset``, or a function that returns a new
    generator for each call; without it, inputs are made from the model's own input
    specification. ``entry`` is ``predict``, ``predict_on_batch``, ``call`` or
    ``function``; ``seconds`` is how long to measure. Six tenths of it go to the profile, the
    rest to recipes: those with the identities in ``recipes``, or all that fit; with an
    empty list none are tried. The recording goes to ``output/traces/``, and the report is
    written when :meth:`Report.save` is called.

    The model is called many times and not otherwise changed; recipes that need another
    model work on copies. A recipe that hangs cannot be stopped in this process. Raises
    :class:`keras_profile.errors.KerasProfileError` for input that does not fit.
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
