"""The profiled interpreter: versions, machine, and settings that change speed."""

from __future__ import annotations

from typing import Annotated

import msgspec

from .described import says
from .recorded import Recorded


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """The interpreter that was profiled. All is null of a process that was killed before it said."""

    python: Annotated[str | None, says("version of Python")] = None
    implementation: Annotated[str | None, says("such as `CPython`")] = None
    executable: Annotated[
        str | None,
        says("path of the interpreter on the machine that recorded: look before you publish a report"),
    ] = None
    tensorflow: Annotated[str | None, says("version; null where it was not loaded, as of those below")] = None
    keras: Annotated[str | None, says("version")] = None
    keras_root: Annotated[
        str | None,
        says("the package that the model's class comes from, such as `keras.src`; null for signatures"),
    ] = None
    backend: Annotated[str | None, says("what Keras runs on, such as `tensorflow`")] = None
    numpy: Annotated[str | None, says("version")] = None
    pyinstrument: Annotated[str | None, says("version")] = None
    platform: Annotated[str | None, says("system and release, as Python names them")] = None
    machine: Annotated[str | None, says("kind of processor")] = None
    cpu_count: Annotated[int | None, says("processors that the process may use")] = None
    devices: Annotated[list[str], says("such as `CPU:0`")] = []
    settings: Annotated[dict[str, str], says("environment variables that change speed and were set")] = {}


class RecordedEnvironment(Recorded[Environment]):
    """The environment, and the JSON object that it was read from."""

    kind = Environment
