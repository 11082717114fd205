"""The settings of a gate: ``[tool.keras_profile.gate]`` of ``pyproject.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

import msgspec

from ...errors import KerasProfileError
from .deciding import MARGIN

#: What an answer that is not known counts as.
Policy = Literal["fail", "pass"]

_TABLE = "[tool.keras_profile.gate]"
_EXAMPLE = '[[tool.keras_profile.gate.calls]] name = "classify", target = "app/models.py:classifier"'


@dataclass(frozen=True)
class GatedCall:
    """A call that a gate checks.

    ``target`` is a model as for ``keras-profile profile``; ``options`` are those of the call, such as
    ``--entry predict --rows 64``.
    """

    name: str
    target: str
    options: str = ""


@dataclass(frozen=True)
class GateSettings:
    """The settings.

    - ``calls``: what is checked.
    - ``lock``: the file with exact counts.
    - ``base``: the git ref to measure times against; without it, counts alone are checked.
    - ``setup``: a shell command that prepares the base's work tree.
    - ``python``: the interpreter, as for ``--python``; a relative path is one in each work tree.
    - ``margin``: how much longer a call may take, as a part of the base's time.
    - ``seconds``: the longest time to measure each call.
    - ``unsure``: whether an answer that is not known fails the gate.
    """

    calls: list[GatedCall] = field(default_factory=list)
    lock: str = "keras_profile.lock"
    base: str | None = None
    setup: str | None = None
    python: str | None = None
    margin: float = MARGIN
    seconds: float = 120.0
    unsure: Policy = "fail"


def gate_settings(table: Mapping[str, Any], path: Path) -> GateSettings:
    """The settings in the ``table`` of the file ``path``. Raises :class:`KerasProfileError`.

    >>> gate_settings({"calls": [{"name": "a", "target": "m.py:make"}]}, Path("pyproject.toml")).margin
    0.05
    """
    unknown = sorted(set(table) - {one.name for one in fields(GateSettings)})
    if unknown:
        raise KerasProfileError(f"{path}, {_TABLE}: unknown key {unknown[0]}", "see docs/compare.md")
    try:
        settings = msgspec.convert(dict(table), GateSettings)
    except msgspec.ValidationError as error:
        raise KerasProfileError(f"{path}, {_TABLE}: {error}", f"for example: {_EXAMPLE}") from error
    if not settings.calls:
        raise KerasProfileError(
            f"{path}, {_TABLE}: expected calls to check, found none", f"for example: {_EXAMPLE}"
        )
    names = [call.name for call in settings.calls]
    if len(set(names)) < len(names):
        raise KerasProfileError(f"{path}, {_TABLE}: two calls have the same name", "give each its own name")
    if not 0 < settings.margin < 1 or settings.seconds <= 0:
        raise KerasProfileError(
            f"{path}, {_TABLE}: expected a margin between 0 and 1 and more than 0 seconds, found "
            f"{settings.margin} and {settings.seconds}",
            "for example: margin = 0.05, seconds = 120",
        )
    return settings
