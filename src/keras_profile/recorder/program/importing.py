"""Tells when modules have been imported, so that their classes can be watched from then on."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from time import perf_counter_ns
from types import ModuleType
from typing import Any, Callable, Iterable, Sequence

#: Is told of a module: its name, itself, and when it began and ended to be executed.
Loaded = Callable[[str, ModuleType, int, int], None]


class ImportWatch:
    """A finder that finds nothing itself: it tells of modules right after they were executed.

    ``loaded(name, module, begin_ns, end_ns)`` is called for each of ``names``, for those that are
    loaded already as well, with equal times.
    """

    def __init__(self, names: Iterable[str], loaded: Loaded) -> None:
        self._waiting = set(names)
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
        """The spec that the other finders give, its loader wrapped, if the module is waited for."""
        if name not in self._waiting:
            return None
        self._waiting.discard(name)
        spec = self._from_others(name, path, target)
        if spec is not None and spec.loader is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = _TellingLoader(spec.loader, self._loaded)
        return spec

    def _from_others(self, name: str, path: Sequence[str] | None, target: ModuleType | None) -> Any:
        for finder in sys.meta_path:
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    return spec
        return PathFinder.find_spec(name, path)


class _TellingLoader:
    """Loads as the wrapped loader does, and tells; the module keeps the wrapped one."""

    def __init__(self, loader: Any, loaded: Loaded) -> None:
        self._loader = loader
        self._loaded = loaded

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: Any) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        module.__loader__ = module.__spec__.loader = self._loader
        begin = perf_counter_ns()
        self._loader.exec_module(module)
        self._loaded(module.__name__, module, begin, perf_counter_ns())
