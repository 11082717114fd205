"""How well the internals table knows the release that was recorded."""

from __future__ import annotations

from collections.abc import Sequence

from ...model.recording import RecordedInternal, Recording
from ...model.report import MissingInternal, TableCoverage
from .internals import Internal, internals_table


def table_coverage(
    recording: Recording,
    table: Sequence[Internal] | None = None,
) -> TableCoverage | None:
    """The rows that the release has, the closest generation, and that generation's missing internals.

    The closest generation has most rows in common with the release: those of both over those of either;
    if two are equal, the package decides. Only rows that the recording looked for count, and none below
    the Keras root if there was no Keras model. Modules that are installed but not loaded are not missing.
    None if nothing was found.
    """
    rows = {(row.module, row.qualname): row for row in table or internals_table()}
    looked_for = [
        (rows[name], one)
        for one in recording.content.internals
        if (name := (one.table_module, one.qualname)) in rows and not _is_elsewhere(recording, one)
    ]
    found = {id(row) for row, one in looked_for if one.file is not None}
    generations = sorted({name for row, _ in looked_for for name in row.defined_in} - {"python"})
    if not found or not generations:
        return None
    package = str(recording.content.environment.facts.keras_root).partition(".")[0]

    def in_common(generation: str) -> tuple[float, bool]:
        there = {id(row) for row, _ in looked_for if generation in row.defined_in}
        # tf_keras has the same functions as the Keras release of that time.
        return len(found & there) / len(found | there), generation.startswith(f"{package}-")

    nearest = max(generations, key=in_common)
    return TableCoverage(
        generation=nearest,
        rows=len(looked_for),
        resolved=len(found),
        missing=[
            MissingInternal(one.module, row.qualname, row.phase)
            for row, one in looked_for
            if nearest in row.defined_in and one.file is None and one.loaded
        ],
    )


def _is_elsewhere(recording: Recording, one: RecordedInternal) -> bool:
    """Whether it is an internal of Keras in a recording without a Keras model."""
    below_root = one.table_module == "K" or one.table_module.startswith("K.")
    return below_root and recording.content.environment.facts.keras_root is None
