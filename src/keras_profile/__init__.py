"""keras_profile tells why your Keras inference is slow, and where each millisecond goes.

>>> import keras_profile                                    # doctest: +SKIP
>>> report = keras_profile.profile(model, x)                # doctest: +SKIP
>>> report.attribution.phases[0].phase                      # doctest: +SKIP
'function_tracing'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api.profile import Program, Report, load, profile
    from .api.watch import watch

__version__ = "0.1.0"
__all__ = ["Program", "Report", "__version__", "load", "profile", "watch"]


def load_ipython_extension(shell: Any) -> None:
    """What ``%load_ext keras_profile`` calls: makes ``%%keras_profile`` known to the notebook."""
    from .api.notebook import load_extension

    load_extension(shell)


def __getattr__(name: str) -> Any:
    # The command line reads the version from here, and its help must appear at once.
    if name in ("Program", "Report", "load", "profile"):
        from .api import profile as interface

        return getattr(interface, name)
    if name == "watch":
        from .api import watch

        return watch.watch
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
