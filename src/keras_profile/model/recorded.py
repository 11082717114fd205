"""What a report repeats as it was recorded, with what this version knows of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Generic, TypeVar

import msgspec

_Facts = TypeVar("_Facts", bound=msgspec.Struct)


class Recorded(Generic[_Facts]):
    """``facts`` of a JSON object ``as_recorded``.

    A report repeats the object key by key: with the keys of newer recorders and those that older
    ones called otherwise, in the recorder's order. Raises :class:`msgspec.ValidationError` where the
    object is none of the ``kind``.
    """

    kind: ClassVar[type[msgspec.Struct]]

    def __init__(self, as_recorded: Mapping[str, object]) -> None:
        self.as_recorded = dict(as_recorded)
        self.facts: _Facts = msgspec.convert(self.as_recorded, self.kind)  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.as_recorded == self.as_recorded

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.as_recorded!r})"


def from_json(kind: type, value: object) -> object:
    """The ``dec_hook`` for :mod:`msgspec`: makes the objects that it does not know itself."""
    if issubclass(kind, Recorded) and isinstance(value, dict):
        return kind(value)
    raise TypeError(f"expected a JSON object, got {type(value).__name__}")


def to_json(value: object) -> object:
    """The ``enc_hook`` for :mod:`msgspec`: what is written of such an object."""
    if isinstance(value, Recorded):
        return value.as_recorded
    raise TypeError(f"{type(value).__name__} is not written as JSON")
