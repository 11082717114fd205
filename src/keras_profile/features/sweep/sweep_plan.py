"""Reads the plan of a sweep. What cannot be measured is one error, before anything runs."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec

from ...errors import KerasProfileError
from ...model.sweep import FACTORS, PlanBudget, PlanExclude, PlanFile, PlanGrid
from ...recorder.protocol import CAPTURES, ENTRY_POINTS
from ...recordings.regular_files import read_regular

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_EXAMPLE = "see docs/sweep.md for an example"
#: A plan is written by hand.
_MOST_BYTES = 1 << 20
#: The variables that ``threads`` sets.
THREAD_VARIABLES = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")


def read_plan(path: Path) -> PlanFile:
    """The plan in ``path``. Raises :class:`KerasProfileError` if it is none."""
    try:
        content = tomllib.loads(read_regular(path, _MOST_BYTES).decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KerasProfileError(f"{path}: expected a plan in TOML: {error}", _EXAMPLE) from error
    return plan_of(content, str(path))


def plan_of(content: dict[str, Any], path: str) -> PlanFile:
    """The plan in the tables of the file ``path``. Raises :class:`KerasProfileError`.

    >>> plan_of({"grid": {"model": ["m.keras"], "rows": [1, 64]}}, "plan.toml").grid.rows
    [1, 64]
    """
    _refuse_unknown(content, _keys(PlanFile), f"{path}: unknown key")
    for name, kind in (("grid", PlanGrid), ("budget", PlanBudget)):
        table = content.get(name, {})
        if isinstance(table, dict):
            what = "factor" if name == "grid" else "key"
            _refuse_unknown(table, _keys(kind), f"{path}, [{name}]: unknown {what}")
    excluded = content.get("exclude", [])
    for table in excluded if isinstance(excluded, list) else []:
        if isinstance(table, dict):
            _refuse_unknown(table, _keys(PlanExclude), f"{path}, [[exclude]]: unknown factor")
    if not content.get("grid", {}):
        raise KerasProfileError(f"{path}: expected [grid] with a model, found none", _EXAMPLE)
    try:
        plan = msgspec.convert(content, PlanFile)
    except msgspec.ValidationError as error:
        raise KerasProfileError(f"{path}: {_words(error)}", _EXAMPLE) from error
    _check(plan, path)
    return plan


def _check(plan: PlanFile, path: str) -> None:
    grid = plan.grid
    for factor in FACTORS:
        levels: list[Any] = getattr(grid, factor)
        if not levels and factor in ("model", "entry", "rows"):
            raise KerasProfileError(f"{path}, [grid]: expected levels of {factor}, found none", _EXAMPLE)
        twice = [level for place, level in enumerate(levels) if level in levels[:place]]
        if twice:
            raise KerasProfileError(
                f"{path}, [grid]: {factor} has {_level(twice[0])} twice", "list each level once"
            )
    for name, given, known in (("entry", grid.entry, ENTRY_POINTS), ("captures", plan.captures, CAPTURES)):
        for value in given:
            if value not in known:
                raise KerasProfileError(
                    f"{path}: unknown value of {name}: {value}", _near(value, known) or _choices(known)
                )
    if not {"bare", "spans"} & set(plan.captures):
        raise KerasProfileError(
            f"{path}: expected bare or spans in captures, found {', '.join(plan.captures) or 'none'}",
            "only those have the time of a call",
        )
    for variables in grid.environment:
        for name in variables:
            if not name or "=" in name or "\0" in name + variables[name]:
                raise KerasProfileError(
                    f"{path}, [grid]: environment: {name!r} is no name of a variable",
                    'for example: environment = [{}, {TF_ENABLE_ONEDNN_OPTS = "0"}]',
                )
            if grid.threads and name in THREAD_VARIABLES:
                raise KerasProfileError(
                    f"{path}, [grid]: both threads and environment set {name}", "leave one of them out"
                )


def _refuse_unknown(table: Iterable[str], known: tuple[str, ...], what: str) -> None:
    for name in table:
        if name not in known:
            raise KerasProfileError(f"{what} {name}", _near(name, known) or _choices(known))


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), 1)
    return f"did you mean {near[0]}?" if near else ""


def _choices(known: Iterable[str]) -> str:
    return f"choose from: {', '.join(known)}"


def _keys(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def _level(level: object) -> str:
    return str(level) if not isinstance(level, str) else level


def _words(error: msgspec.ValidationError) -> str:
    """What msgspec says, with the place as a plan has it.

    >>> _words(msgspec.ValidationError("Expected `int`, got `str` - at `$.grid.rows[0]`"))
    'grid.rows[0]: expected int, found str'
    """
    what, _, place = str(error).partition(" - at ")
    where = place.strip("`").removeprefix("$.")
    words = what.replace("`", "").replace(", got ", ", found ").replace("Expected", "expected")
    return f"{where}: {words}" if where else words
