"""Reports when modules are imported: their classes can be watched from then on."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Any, Callable, Iterable, Sequence

from ..untouched import perf_counter_ns

#: Called when a module begins to be executed, or when its execution has ended, even if it failed:
#: gets its name, and the frame that executes it.
Executes = Callable[[str, Any], None]
#: Called for a module: gets its name, the module, and when its execution began and ended.
Loaded = Callable[[str, ModuleType, int, int], None]


class ImportWatch:
    """A finder that finds nothing itself: it reports modules right before and after they are executed.

    ``begins(name, frame)`` and ``ends(name, frame)`` are called for modules that are not loaded yet.
    ``loaded(name, module, begin_ns, end_ns)`` is called for each of ``names``. For those that are
    loaded already, the times are equal.
    """

    def __init__(self, names: Iterable[str], begins: Executes, ends: Executes, loaded: Loaded) -> None:
        self._waiting = set(names)
        self._begins = begins
        self._ends = ends
        self._loaded = loaded

    def install(self) -> None:
        for name in sorted(self._waiting & set(sys.modules)):
            self._waiting.discard(name)
            if sys.modules[name] is not None:
                now = perf_counter_ns()
                self._loaded(name, sys.modules[name], now, now)
        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> Any:
        """Returns the spec of the other finders with its loader wrapped, if the module is waited for."""
        if name not in self._waiting:
            return None
        # The spec may only be looked up: the module is waited for until it is executed.
        spec = self._from_others(name, path, target)
        if spec is not None and spec.loader is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = _TellingLoader(spec.loader, self._begins, self._ends, self._executed)
        return spec

    def _executed(self, name: str, module: ModuleType, begin_ns: int, end_ns: int) -> None:
        if name in self._waiting:
            self._waiting.discard(name)
            self._loaded(name, module, begin_ns, end_ns)

    def _from_others(self, name: str, path: Sequence[str] | None, target: ModuleType | None) -> Any:
        for finder in sys.meta_path:
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    return spec
        return PathFinder.find_spec(name, path)


class _TellingLoader:
    """Loads like the wrapped loader, and reports it; the module keeps the wrapped loader."""

    def __init__(self, loader: Any, begins: Executes, ends: Executes, loaded: Loaded) -> None:
        self._loader = loader
        self._begins = begins
        self._ends = ends
        self._loaded = loaded

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: Any) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        module.__loader__ = module.__spec__.loader = self._loader
        self._begins(module.__name__, sys._getframe())
        begin = perf_counter_ns()
        try:
            self._loader.exec_module(module)
        finally:
            self._ends(module.__name__, sys._getframe())
        self._loaded(module.__name__, module, begin, perf_counter_ns())
