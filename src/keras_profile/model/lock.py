"""The content of ``keras_profile.lock``: what is counted in each call of a gate, and must not grow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from .described import says
from .recording import Schema

#: Name and version of ``keras_profile.lock``.
#:
#: History: 1 is the first. Keys may be added without a new version.
LOCK_SCHEMA = Schema("keras_profile.lock", 1)


@dataclass(frozen=True)
class LockedCall:
    """One call of the settings."""

    target: Annotated[str, says("what was called")]
    releases: Annotated[
        dict[str, str], says("versions of Python, TensorFlow, Keras and keras_profile that it was made with")
    ]
    counts: Annotated[dict[str, float], says("what is counted, as [compare.md](compare.md) lists it")]
    internals: Annotated[
        dict[str, float], says("how often a warm call enters each internal of Keras and TensorFlow")
    ]
    causes: Annotated[list[str], says("ids of rules whose causes the call has for certain, without a clock")]
    looked_for: Annotated[
        list[str], says("ids of all rules whose causes were looked for; empty in older files: all")
    ] = field(default_factory=list)
    options: Annotated[str | None, says("of the call in the settings; null in older files")] = None


@dataclass(frozen=True)
class LockFile:
    """The content of `keras_profile.lock`."""

    schema: Annotated[Schema, says("of this file")]
    calls: Annotated[dict[str, LockedCall], says("the calls of the settings, by name")] = field(
        default_factory=dict
    )
