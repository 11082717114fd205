"""Combines ES modules into one script, for a page in one file.

Only these forms of imports and exports are accepted::

    import { name, other } from "./folder/module.js";
    export function name() {}

Each module comes once, after its imports, and keeps its own scope. Comment lines are removed: they are for
readers of the sources.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

_IMPORT = re.compile(r'^import \{([\w\s,$]+)\} from "(\.[^"\n]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:(?:async )?function\*? |class |const )([\w$]+))", re.MULTILINE)
#: Imports and exports that are not accepted. Everything within a statement is indented.
_REST = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_COMMENT = re.compile(r"^ *(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)


class ModuleError(ValueError):
    """A module that cannot be combined: its path, and the problem."""


def join_modules(entry: str, read: Callable[[str], str]) -> str:
    """The module at the path ``entry`` and all its dependencies as one script.

    ``read`` gives the source at a path, which is relative to the folder of all modules.
    """
    parts: dict[str, str] = {}
    exports: dict[str, list[str]] = {}

    def add(path: str, needed_by: tuple[str, ...]) -> None:
        if path in needed_by:
            raise ModuleError(f"{path}: modules import each other: {' > '.join((*needed_by, path))}")
        if path in parts:
            return
        source = _COMMENT.sub("", read(path))
        for names, target in _IMPORT.findall(source):
            imported = _resolve(path, target)
            add(imported, (*needed_by, path))
            for name in _names(names):
                if name not in exports[imported]:
                    raise ModuleError(f"{path}: {imported} exports no {name}")
        exports[path] = _EXPORT.findall(source)
        parts[path] = _in_scope(path, source, exports[path])

    add(entry, ())
    return '"use strict";\n(() => {\nconst modules = {};\n' + "".join(parts.values()) + "})();\n"


def _in_scope(path: str, source: str, exports: list[str]) -> str:
    """A module as a function that is called at once and returns the module's exports."""

    def bound(found: re.Match[str]) -> str:
        return f'const {{ {", ".join(_names(found[1]))} }} = modules["{_resolve(path, found[2])}"];\n'

    body = _EXPORT.sub("", _IMPORT.sub(bound, source))
    rest = _REST.search(body)
    if rest:
        raise ModuleError(
            f"{path}: {rest[0]!r} cannot be put into a page; use only "
            'import { name } from "./module.js"; and export before a function, class or const'
        )
    return f'modules["{path}"] = (() => {{\n{body}return {{ {", ".join(exports)} }};\n}})();\n'


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _resolve(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
