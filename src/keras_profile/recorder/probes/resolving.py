"""Finds the functions of the internals table in the running interpreter.

Functions are identified by their code objects, so that aliases, decorators and a missing
``co_qualname`` (before Python 3.11) do not matter.
"""

from __future__ import annotations

import sys
import types
from importlib.machinery import PathFinder
from typing import Any, Sequence

from ..frameworks.keras import expand
from ..frameworks.tensorflow.functions import decorated

#: A row of the internals table: module, qualname, phase, and whether it is probed.
Row = Sequence[Any]


class Target:
    """A function to probe: the internal's id, its code, and its outermost function's code and globals.

    The id is -1 until the function's row of the table is known.
    """

    def __init__(
        self,
        internal: int,
        code: types.CodeType,
        outer: types.CodeType,
        namespace: dict[str, Any],
    ) -> None:
        self.internal = internal
        self.code = code
        self.outer = outer
        self.namespace = namespace
        self.probed = True


def waits_to_be_loaded(module_name: str) -> bool:
    """Whether a module is installed but not loaded. Loads nothing to find out."""
    path: Sequence[str] | None = None
    name = ""
    for part in module_name.split("."):
        name = name + "." + part if name else part
        if name in sys.modules:
            path = getattr(sys.modules[name], "__path__", [])
            continue
        spec = PathFinder.find_spec(name, path)
        if spec is None:
            return False
        path = spec.submodule_search_locations or []
    return module_name not in sys.modules


def resolve(module_name: str, qualname: str) -> Target | None:
    """Returns the :class:`Target` of a function, or None if this interpreter has no such function.

    Only loaded modules are searched: what is not loaded cannot run, and importing it
    could load another framework.
    """
    thing: Any = sys.modules.get(module_name)
    if thing is None:
        return None
    path, _, local_path = qualname.partition(".<locals>.")
    for name in path.split("."):
        thing = _attribute(thing, name)
        if thing is None:
            return None
    function = _unwrapped(thing)
    outer = getattr(function, "__code__", None)
    if not isinstance(outer, types.CodeType):
        return None
    if function.__globals__.get("__name__") != module_name:
        return None  # imported from elsewhere, and in another row
    code = outer
    for name in local_path.replace(".<locals>.", ".").split(".") if local_path else ():
        local = _local_code(code, name)
        if local is None:
            return None
        code = local
    if code.co_name != qualname.rpartition(".")[2]:
        return None  # a decorator that does not say what it wraps
    return Target(-1, code, outer, function.__globals__)


def _attribute(thing: Any, name: str) -> Any:
    # Uses the class's own dictionary: getattr would run properties and find what the
    # class inherits, which belongs to another row.
    if isinstance(thing, type):
        return thing.__dict__.get(name)
    return getattr(thing, name, None)


def _unwrapped(thing: Any) -> Any:
    """Returns what is under the decorators: properties, methods, functools.wraps, tf_decorator."""
    for _ in range(20):
        if isinstance(thing, (staticmethod, classmethod)):
            thing = thing.__func__
        elif isinstance(thing, property):
            thing = thing.fget
        elif decorated(thing) is not None:
            thing = decorated(thing)
        elif hasattr(thing, "__wrapped__"):
            thing = thing.__wrapped__
        else:
            break
    return thing


def _local_code(code: types.CodeType, name: str) -> types.CodeType | None:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType) and constant.co_name == name:
            return constant
    return None


def resolve_all(rows: Sequence[Row], root: str | None) -> list[Target | None]:
    """Returns a target or None for each row. If two rows name one function, the first has it."""
    targets: list[Target | None] = []
    taken: set[int] = set()
    for number, (module, qualname, _, probed) in enumerate(rows):
        name = expand(module, root)
        target = None if name is None else resolve(name, qualname)
        if target is not None and id(target.code) in taken:
            target = None
        if target is not None:
            taken.add(id(target.code))
            target.internal = number
            target.probed = probed
        targets.append(target)
    return targets


def describe_row(row: Row, root: str | None, target: Target | None) -> dict[str, Any]:
    """Returns a row as the recording has it: its names here, and its place if it was found."""
    module = expand(row[0], root) or row[0]
    return {
        "module": module,
        "qualname": row[1],
        "table_module": row[0],
        "file": None if target is None else target.code.co_filename,
        "line": None if target is None else target.code.co_firstlineno,
        "loaded": target is not None or not waits_to_be_loaded(module),
    }
