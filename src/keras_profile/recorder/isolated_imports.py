"""Imports what the recorder needs without the program noticing.

A program's folder comes before the standard library. The recorder would take a file named
``statistics.py`` beside a script for the library's module. Once the recorder has imported the library's
module, the program would take that for its own. So the recorder's imports find the standard library
alone, and what the program would not have found itself is removed from ``sys.modules`` afterwards:
the recorder's modules keep it.

Nothing is imported here that an interpreter has not imported at its start.
"""

from __future__ import annotations

import os
import sys
from _frozen_importlib_external import PathFinder
from _thread import get_ident

_LIBRARY = os.path.dirname(os.path.abspath(os.__file__))
#: Where the standard library is: its Python modules, and its extensions by system.
_FOLDERS = [_LIBRARY, os.path.join(_LIBRARY, "lib-dynload"), os.path.join(sys.base_prefix, "DLLs")]
_OWN = __name__.partition(".")[0]


class IsolatedImports:
    """A context in which this thread's imports find the standard library first.

    Afterwards ``sys.modules`` has what it had before, the recorder's own modules, and those modules of
    the standard library that the program would find itself under that name.
    """

    def __enter__(self) -> None:
        self._ident = get_ident()
        # Once for each package: there may already be thousands of modules.
        shadowing = {top for top in {name.partition(".")[0] for name in sys.modules} if _shadows_library(top)}
        self._hidden = {
            name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] in shadowing
        }
        self._before = set(sys.modules)
        sys.meta_path.insert(0, self)  # type: ignore[arg-type]  # only what is asked for is there

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        """The spec of a module at the top of the standard library; None of all others."""
        if path is not None or get_ident() != self._ident or name in sys.builtin_module_names:
            return None
        return PathFinder.find_spec(name, _FOLDERS)

    def __exit__(self, *error: object) -> None:
        sys.meta_path.remove(self)  # type: ignore[arg-type]
        shadowed: dict[str, bool] = {}
        for name in set(sys.modules) - self._before:
            top = name.partition(".")[0]
            if top == _OWN:
                continue
            if top not in shadowed:
                shadowed[top] = top in self._hidden or not _is_found_by_program(top)
            if shadowed[top]:
                del sys.modules[name]
        sys.modules.update(self._hidden)


def _shadows_library(top: str) -> bool:
    """Whether a module of the program has the name of one of the standard library."""
    module = sys.modules.get(top)
    file = getattr(module, "__file__", None)
    if not isinstance(file, str) or (file.startswith(_LIBRARY + os.sep) and "-packages" not in file):
        return False
    known = getattr(sys, "stdlib_module_names", None)
    if known is not None:
        return top in known
    return PathFinder.find_spec(top, _FOLDERS) is not None


def _is_found_by_program(top: str) -> bool:
    """Whether the program's own search gives the module that was imported under this name."""
    module = sys.modules.get(top)
    file = getattr(module, "__file__", None)
    if file is None:
        return True  # built in
    found = PathFinder.find_spec(top, sys.path)
    return found is not None and found.origin == file
