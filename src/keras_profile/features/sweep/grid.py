"""The cells of a plan: their levels, names, order, and the command that measures each."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from ...errors import KerasProfileError
from ...model.sweep import FACTORS, CellSettings, Factor, PlanExclude, PlanFile
from ...recorder.protocol.entries import with_option
from ...recordings.names import plain_name, target_words
from .sweep_plan import THREAD_VARIABLES

#: The most cells of a plan: more take weeks, and are a mistake.
MOST_CELLS = 20_000
#: Of so many cells one is measured twice.
_ONE_TWICE_IN = 8
#: Characters of a digest in a name, and of the words before it.
_DIGEST, _WORDS = 10, 70


@dataclass(frozen=True)
class Cell:
    """A measurement of a plan; ``repeat`` is 1 for the second one of the same settings.

    ``name`` is its folder's: readable, and different for all that changes what is measured.
    """

    settings: CellSettings
    seconds: float
    captures: tuple[str, ...] = ("bare", "spans")
    options: str = ""
    repeat: int = 0

    @cached_property
    def digest(self) -> str:
        """Of all that it is measured with."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]

    @cached_property
    def name(self) -> str:
        """Its folder's name."""
        one = self.settings
        words = [*target_words(one.model), one.entry, f"{one.rows}-rows"]
        words += [f"batch-{one.batch_size}"] if one.batch_size else []
        words += [f"{one.threads}-threads"] if one.threads else []
        words += ["again"] if self.repeat else []
        return f"{plain_name('-'.join(words))[:_WORDS]}-{self.digest}"

    @cached_property
    def first_name(self) -> str:
        """The name of the first measurement of the same settings."""
        return replace(self, repeat=0).name if self.repeat else self.name


def cells_of(plan: PlanFile, path: str) -> list[Cell]:
    """The cells of a plan, with those that are measured twice, in the order in which they are measured.

    That order is random, and always the same: whatever changes in the course of a sweep, such as the
    machine's temperature, meets all levels alike. Raises :class:`KerasProfileError` if none is left, or
    if an exclusion matches nothing.
    """
    all_settings = _grid(plan, path)
    used = [False] * len(plan.exclude)
    kept = []
    for settings in all_settings:
        matching = [place for place, one in enumerate(plan.exclude) if _matches(one, settings)]
        for place in matching:
            used[place] = True
        if not matching:
            kept.append(settings)
    if not all(used):
        raise _matches_nothing(plan.exclude[used.index(False)], used.index(False), all_settings, path)
    if not kept:
        raise KerasProfileError(
            f"{path}: [[exclude]] leaves none of {len(all_settings)} cells", "exclude less"
        )
    once = [Cell(one, plan.budget.cell_seconds, tuple(plan.captures), plan.options) for one in kept]
    once.sort(key=lambda cell: cell.digest)
    # By the digest, so that the same cells stay chosen when others are added.
    twice = sorted(once, key=lambda cell: cell.digest[::-1])[: -(-len(once) // _ONE_TWICE_IN)]
    cells = [*once, *(replace(cell, repeat=1) for cell in twice)]
    return sorted(cells, key=lambda cell: cell.digest)


def arguments_of(one: CellSettings, option_words: Sequence[str]) -> list[str]:
    """The arguments of ``keras-profile profile`` that make the call of a cell, without how it is measured.

    >>> arguments_of(CellSettings("m.keras", "call", 8), ["--eager"])
    ['m.keras', '--entry', 'call', '--rows', '8', '--eager']
    """
    words = [one.model, "--entry", one.entry, "--rows", str(one.rows)]
    words += ["--batch-size", str(one.batch_size)] if one.batch_size else []
    words += ["--python", one.interpreter] if one.interpreter else []
    return [*words, *option_words]


def variables_of(settings: CellSettings) -> dict[str, str]:
    """The environment variables of a cell.

    >>> variables_of(CellSettings("m.keras", "predict", 1, environment={"A": "b"}))
    {'A': 'b'}
    """
    threads = {name: str(settings.threads) for name in THREAD_VARIABLES} if settings.threads else {}
    return {**threads, **settings.environment}


def level_words(factor: Factor, level: Any) -> str:
    """A level in words.

    >>> level_words("rows", 64), level_words("threads", None), level_words("environment", {"A": "1"})
    ('64 rows', 'default threads', 'A=1')
    """
    if factor == "rows":
        return f"{level:,} row" + ("" if level == 1 else "s")
    if factor == "threads":
        return "default threads" if level is None else f"{level} thread" + ("" if level == 1 else "s")
    if factor == "batch_size":
        return "default batch size" if level is None else f"batch size {level}"
    if factor == "environment":
        return ", ".join(f"{name}={value}" for name, value in level.items()) or "environment as it is"
    return "this interpreter" if level is None else str(level)


def settings_words(settings: CellSettings, factors: Sequence[Factor] = FACTORS) -> str:
    """The levels of a cell in words, without those that are as the machine has them.

    >>> settings_words(CellSettings("m.keras", "call", 8, threads=2))
    'm.keras, call, 8 rows, 2 threads'
    """
    shown = [
        level_words(factor, getattr(settings, factor))
        for factor in factors
        if getattr(settings, factor) not in (None, {})
    ]
    return ", ".join(shown)


def _grid(plan: PlanFile, path: str) -> list[CellSettings]:
    grid = plan.grid
    count = 1
    for factor in FACTORS:
        count *= max(1, len(getattr(grid, factor)))
    if count > MOST_CELLS:
        raise KerasProfileError(
            f"{path}: expected at most {MOST_CELLS:,} cells, found {count:,}", "give fewer levels"
        )
    sizes: Sequence[int | None] = grid.batch_size or [None]
    threads: Sequence[int | None] = grid.threads or [None]
    interpreters: Sequence[str | None] = grid.interpreter or [None]
    variables: Sequence[dict[str, str]] = grid.environment or [{}]
    takes_batches = with_option("batch_size")
    found: dict[str, CellSettings] = {}
    for levels in itertools.product(
        grid.model, grid.entry, grid.rows, sizes, threads, interpreters, variables
    ):
        settings = CellSettings(*levels)
        if settings.entry not in takes_batches:
            # The same call for each batch size: it is measured once.
            settings = replace(settings, batch_size=None)
        found.setdefault(json.dumps(asdict(settings), sort_keys=True), settings)
    return list(found.values())


def _matches(exclude: PlanExclude, settings: CellSettings) -> bool:
    given = [factor for factor in FACTORS if getattr(exclude, factor) is not None]
    return bool(given) and all(
        getattr(settings, factor) in _levels(getattr(exclude, factor)) for factor in given
    )


def _levels(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _matches_nothing(
    exclude: PlanExclude, place: int, cells: Sequence[CellSettings], path: str
) -> KerasProfileError:
    for factor in FACTORS:
        known = [getattr(cell, factor) for cell in cells]
        for level in _levels(getattr(exclude, factor)):
            if level is not None and level not in known:
                return KerasProfileError(
                    f"{path}, [[exclude]] {place + 1} matches no cell: the grid has no "
                    f"{factor} = {json.dumps(level, ensure_ascii=False)}",
                    "exclude levels that are in the grid, or remove it",
                )
    return KerasProfileError(
        f"{path}, [[exclude]] {place + 1} matches no cell",
        "give levels that are together in a cell, or remove it",
    )
