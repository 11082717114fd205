"""The answers of a sweep, made of the cells that are done: the same whenever they are made."""

from __future__ import annotations

import math
import shlex
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...model.sweep import (
    FACTORS,
    SWEEP_SCHEMA,
    BestConfiguration,
    CellSettings,
    Factor,
    Goal,
    LevelEffect,
    PlanFile,
    PlanGrid,
    Rival,
    Sensitivity,
    SweepCell,
    SweepContent,
)
from ...number_words import plural
from ...recorder.protocol.entries import ENTRY_POINT_OF, FUNCTION
from .cell_store import StoredCell
from .crossovers import EstimatedCell, crossover_maps, key_of, levels_of
from .estimates import Estimate, Estimates, Ratio, estimates_of, ratio
from .grid import Cell, arguments_of, level_words, settings_words, variables_of


def answers(
    plan: PlanFile,
    path: str,
    cells: Sequence[Cell],
    stored: Mapping[str, StoredCell],
    left_alone: Sequence[str],
    notes: Sequence[str] = (),
) -> SweepContent:
    """All answers. ``cells`` has both measurements of A/A cells; ``stored`` what is done, by name."""
    found = estimates_of(cells, stored)
    rows = [_cell(cell, stored.get(cell.name), found) for cell in in_plan_order(plan.grid, cells)]
    estimated = [EstimatedCell(row.name, row.settings, _estimate(row.name, found)) for row in rows]
    counts = {state: sum(row.state == state for row in rows) for state in ("measured", "failed", "waiting")}
    options = {cell.name: shlex.split(cell.options) for cell in cells}
    return SweepContent(
        schema=SWEEP_SCHEMA,
        plan=path,
        headline=_headline(counts, len(rows)),
        measured=counts["measured"],
        failed=counts["failed"],
        waiting=counts["waiting"],
        basis="by_reference" if found.across_machines else "one_machine",
        machines=found.machines,
        repeats=found.repeats,
        best=_best(estimated, options),
        maps=crossover_maps(estimated),
        sensitivities=_sensitivities(estimated),
        cells=rows,
        left_alone=list(left_alone),
        notes=[*found.notes, *_failed_again(cells, stored), *notes],
    )


def _failed_again(cells: Sequence[Cell], stored: Mapping[str, StoredCell]) -> list[str]:
    """The second measurements that failed: they have no row of their own."""
    failed = [
        (settings_words(cell.settings), stored[cell.name].content.reason)
        for cell in cells
        if cell.repeat and cell.name in stored and stored[cell.name].calls is None
    ]
    return [f"the second measurement of {words} failed: {reason}" for words, reason in failed]


def in_plan_order(grid: PlanGrid, cells: Sequence[Cell]) -> list[Cell]:
    """The cells without repeats, by their levels: numbers rise, others are as in the plan."""

    def key(cell: Cell) -> list[int]:
        return [_place(getattr(cell.settings, factor), getattr(grid, factor)) for factor in FACTORS]

    return sorted((cell for cell in cells if not cell.repeat), key=key)


def _place(level: Any, levels: Sequence[Any]) -> int:
    """Where a level is among those of its factor; one that is not given comes first."""
    if level not in levels:
        return -1
    return level if isinstance(level, int) else levels.index(level)


def _estimate(name: str, found: Estimates) -> Estimate | None:
    measured = found.cells.get(name)
    return None if measured is None else measured.estimate


def _cell(cell: Cell, stored: StoredCell | None, found: Estimates) -> SweepCell:
    measured = found.cells.get(cell.name)
    if measured is None:
        reason = "" if stored is None else stored.content.reason
        return SweepCell(cell.name, cell.settings, "failed" if reason else "waiting", reason)
    estimate = measured.estimate
    return SweepCell(
        cell.name,
        cell.settings,
        "measured",
        machine=", ".join(measured.machines),
        calls=measured.calls,
        median_ns=estimate.ns,
        interval_ns=estimate.interval_ns,
        rows_per_second=_per_second(cell.settings, estimate),
        measurements=measured.measurements,
    )


def _per_second(settings: CellSettings, estimate: Estimate) -> float:
    return round(settings.rows / math.exp(estimate.log) * 1e9, 3)


def _headline(counts: Mapping[str, int], cells: int) -> str:
    """
    >>> _headline({"measured": 3, "failed": 1, "waiting": 2}, 6)
    '3 of 6 cells measured, 1 failed, 2 not measured yet'
    """
    parts = [f"{counts['measured']:,} of {plural(cells, 'cell')} measured"]
    parts += [f"{counts['failed']:,} failed"] if counts["failed"] else []
    parts += [f"{counts['waiting']:,} not measured yet"] if counts["waiting"] else []
    return ", ".join(parts)


def _best(cells: Sequence[EstimatedCell], options: Mapping[str, Sequence[str]]) -> list[BestConfiguration]:
    found = []
    for model in levels_of(cells, "model"):
        of_model = [cell for cell in cells if cell.settings.model == model and cell.estimate is not None]
        if of_model:
            found += [_best_by("latency", of_model, options), _best_by("throughput", of_model, options)]
    return found


def _best_by(
    goal: Goal, cells: Sequence[EstimatedCell], options: Mapping[str, Sequence[str]]
) -> BestConfiguration:
    costs = {cell.name: _cost(goal, cell) for cell in cells}
    ranked = sorted(cells, key=lambda cell: (costs[cell.name].log, cell.name))
    best = ranked[0]
    assert best.estimate is not None
    rivals = [(other, ratio(costs[other.name], costs[best.name])) for other in ranked[1:]]
    worse = next((pair for pair in rivals if pair[1].is_sure), None)
    settings = best.settings
    return BestConfiguration(
        model=settings.model,
        goal=goal,
        name=best.name,
        settings=settings,
        median_ns=best.estimate.ns,
        interval_ns=best.estimate.interval_ns,
        rows_per_second=_per_second(settings, best.estimate),
        tied_with=[_rival(*pair) for pair in rivals if not pair[1].is_sure],
        next=None if worse is None else _rival(*worse),
        options=arguments_of(settings, options[best.name]),
        variables=variables_of(settings),
        code=_code(settings),
    )


def _cost(goal: Goal, cell: EstimatedCell) -> Estimate:
    """The time of a call, or of a row of it."""
    assert cell.estimate is not None
    if goal == "latency":
        return cell.estimate
    return replace(cell.estimate, log=cell.estimate.log - math.log(cell.settings.rows))


def _rival(cell: EstimatedCell, found: Ratio) -> Rival:
    return Rival(cell.name, cell.settings, round(found.value, 4), found.interval)


def _code(settings: CellSettings) -> str:
    """
    >>> _code(CellSettings("m.keras", "predict", 64, batch_size=16))
    'y = model.predict(x, batch_size=16)'
    >>> _code(CellSettings("m.keras", "function", 64))
    'fast = tf.function(model); y = fast(x)  # make fast once'
    """
    entry = ENTRY_POINT_OF[settings.entry]
    if entry.called == FUNCTION:
        return f"fast = tf.function(model); y = {entry.code.format(model='fast', x='x')}  # make fast once"
    x = f"x, batch_size={settings.batch_size}" if settings.batch_size else "x"
    return f"y = {entry.code.format(model='model', x=x)}"


def _sensitivities(cells: Sequence[EstimatedCell]) -> list[Sensitivity]:
    found = []
    for factor in FACTORS:
        effects = _effects(factor, cells)
        if effects:
            found.append(Sensitivity(factor, effects))
    # What can be chosen stands before what has to be done.
    found.sort(
        key=lambda one: (
            one.factor in ("model", "rows"),
            -max(abs(math.log(effect.ratio)) for effect in one.effects),
        )
    )
    return found


def _effects(factor: Factor, cells: Sequence[EstimatedCell]) -> list[LevelEffect]:
    """Each level against the first one."""
    levels = levels_of(cells, factor)
    if factor == "batch_size" and len(levels) > 1:
        levels = [level for level in levels if level is not None]  # which is that of other entry points
    contexts: dict[tuple[Any, ...], dict[Any, Estimate]] = defaultdict(dict)
    for cell in cells:
        if cell.estimate is not None:
            context = tuple(key_of(getattr(cell.settings, one)) for one in FACTORS if one != factor)
            contexts[context][key_of(getattr(cell.settings, factor))] = cell.estimate
    effects = []
    for level in levels[1:]:
        pairs = [
            ratio(at[key_of(level)], at[key_of(levels[0])])
            for at in contexts.values()
            if key_of(level) in at and key_of(levels[0]) in at
        ]
        if pairs:
            effects.append(_effect(level_words(factor, level), level_words(factor, levels[0]), pairs))
    return effects


def _effect(level: str, against: str, pairs: Sequence[Ratio]) -> LevelEffect:
    logs = [math.log(pair.value) for pair in pairs]
    mean = sum(logs) / len(logs)
    # The pairs are all that there are in the plan, so what is uncertain is how they were measured.
    half = math.sqrt(sum(math.log(pair.high / pair.value) ** 2 for pair in pairs)) / len(pairs)
    found = Ratio(math.exp(mean), math.exp(mean - half), math.exp(mean + half))
    return LevelEffect(
        level,
        against,
        round(found.value, 4),
        found.interval,
        len(pairs),
        round(math.exp(min(logs)), 4),
        round(math.exp(max(logs)), 4),
    )
