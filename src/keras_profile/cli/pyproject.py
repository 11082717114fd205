"""Reads ``[tool.keras_profile]`` of the working folder's ``pyproject.toml``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import KerasProfileError

if TYPE_CHECKING:
    from ..features.gate.settings import GateSettings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_KEYS = ("ignore", "gate")
_FILE = "pyproject.toml"


def ignored_rules(folder: Path) -> list[str]:
    """The ids in ``ignore``; none if there is no such file or table.

    Raises :class:`KerasProfileError` if the file is not TOML or the list is not a list of names.
    """
    path, table = folder / _FILE, _table(folder)
    ignore = table.get("ignore", [])
    if not isinstance(ignore, list) or not all(isinstance(name, str) for name in ignore):
        raise _unexpected(path, f"ignore = {ignore!r}")
    return ignore


def gate_of(folder: Path) -> GateSettings:
    """The settings of the gate. Raises :class:`KerasProfileError` if there are none, or they are wrong."""
    from ..features.gate.settings import gate_settings

    path, table = folder / _FILE, _table(folder).get("gate")
    if not isinstance(table, dict):
        raise KerasProfileError(
            f"{path}: expected [tool.keras_profile.gate], found none",
            "say there what to check; see docs/compare.md",
        )
    return gate_settings(table, path)


def _table(folder: Path) -> dict[str, Any]:
    """The table of this tool; empty if there is none."""
    path = folder / _FILE
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KerasProfileError(
            f"{path} cannot be read: {error}", "fix the file, or run in another folder"
        ) from error
    table: dict[str, Any] = content.get("tool", {}).get("keras_profile", {})
    unknown = sorted(set(table) - set(_KEYS))
    if unknown:
        raise _unexpected(path, f"the key {unknown[0]}")
    return table


def _unexpected(path: Path, found: str) -> KerasProfileError:
    return KerasProfileError(
        f"{path}, [tool.keras_profile]: expected ignore, a list of rules, found {found}",
        'for example: ignore = ["progress_bar"]',
    )
