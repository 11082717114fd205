"""keras_profile finds out why your Keras inference is slow, and where each millisecond goes.

>>> import keras_profile                                    # doctest: +SKIP
>>> report = keras_profile.profile(model, x)                # doctest: +SKIP
>>> report.attribution.phases[0].phase                      # doctest: +SKIP
'function_tracing'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api.load import load
    from .api.profile import profile
    from .api.results import Program, Report
    from .api.watch import watch

__version__ = "0.1.0"
__all__ = ["Program", "Report", "__version__", "load", "profile", "watch"]

#: The module of ``api`` that has each public name.
_PLACES = {"Program": "results", "Report": "results", "load": "load", "profile": "profile", "watch": "watch"}


def load_ipython_extension(shell: Any) -> None:
    """Called by ``%load_ext keras_profile``: registers ``%%keras_profile`` in the notebook."""
    from .api.notebook import load_extension

    load_extension(shell)


def __getattr__(name: str) -> Any:
    # The command line reads the version from here, and its help must appear at once.
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".api.{_PLACES[name]}", __name__), name)
