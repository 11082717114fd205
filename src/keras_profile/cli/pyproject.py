"""Reads ``[tool.keras_profile]`` of the working folder's ``pyproject.toml``."""

from __future__ import annotations

import sys
from pathlib import Path

from ..errors import KerasProfileError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_KEYS = ("ignore",)


def ignored_rules(folder: Path) -> list[str]:
    """The ids in ``ignore``; none if there is no such file or table.

    Raises :class:`KerasProfileError` if the file is not TOML or the list is not a list of names.
    """
    path = folder / "pyproject.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KerasProfileError(
            f"{path} cannot be read: {error}", "fix the file, or run in another folder"
        ) from error
    table = content.get("tool", {}).get("keras_profile", {})
    unknown = sorted(set(table) - set(_KEYS))
    ignore = table.get("ignore", [])
    if unknown or not isinstance(ignore, list) or not all(isinstance(name, str) for name in ignore):
        found = f"the key {unknown[0]}" if unknown else f"ignore = {ignore!r}"
        raise KerasProfileError(
            f"{path}, [tool.keras_profile]: expected ignore, a list of rules, found {found}",
            'for example: ignore = ["progress_bar"]',
        )
    return ignore
