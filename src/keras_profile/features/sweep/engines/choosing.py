"""Which engine ``--on`` names."""

from __future__ import annotations

from importlib.util import find_spec

from ....errors import KerasProfileError
from .sequential import Sequential
from .slots import Engine

_CHOICES = "dask, dask://HOST:PORT, ray or ray://HOST:PORT"


def engine_of(on: str | None) -> Engine:
    """The engine: None for this machine. Raises :class:`KerasProfileError` if there is none, or its
    package is missing."""
    if on is None:
        return Sequential()
    kind, _, address = on.partition("://")
    if (kind == "dask" and on in ("dask", f"dask://{address}")) or kind == "tcp":
        _require("distributed", "dask")
        from .on_dask import OnDask

        return OnDask(f"tcp://{address}" if address else None)
    if kind == "ray":
        _require("ray", "ray")
        from .on_ray import OnRay

        return OnRay(f"ray://{address}" if address else None)
    raise KerasProfileError(
        f"--on: expected {_CHOICES}, found {on}", "leave it out to measure on this machine"
    )


def _require(module: str, extra: str) -> None:
    if find_spec(module) is None:
        raise KerasProfileError(
            f"--on {extra} needs the package {module}, which is not installed",
            f"install it: pip install 'keras-profile[{extra}]'",
        )
