"""The profiled interpreter: versions, machine, and settings that change speed."""

from __future__ import annotations

from typing import Annotated

import msgspec

from .described import says
from .recorded import Recorded


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """The profiled interpreter. All keys are null if its process was killed too early."""

    python: Annotated[str | None, says("version of Python")] = None
    implementation: Annotated[str | None, says("for example `CPython`")] = None
    executable: Annotated[
        str | None,
        says("path of the interpreter on the recording machine: check it before you publish a report"),
    ] = None
    tensorflow: Annotated[str | None, says("version; null if it was not loaded, also below")] = None
    keras: Annotated[str | None, says("version")] = None
    keras_root: Annotated[
        str | None,
        says("the package that the model's class comes from, such as `keras.src`; null for signatures"),
    ] = None
    backend: Annotated[str | None, says("Keras' backend, such as `tensorflow`")] = None
    numpy: Annotated[str | None, says("version")] = None
    pyinstrument: Annotated[str | None, says("version")] = None
    platform: Annotated[str | None, says("system and release, as Python names them")] = None
    machine: Annotated[str | None, says("kind of processor")] = None
    cpu_count: Annotated[int | None, says("processors that the process may use")] = None
    devices: Annotated[list[str], says("such as `CPU:0`")] = []
    settings: Annotated[dict[str, str], says("environment variables that were set and affect speed")] = {}
    labels: Annotated[
        dict[str, str],
        says("the service, its version, the host and more, as [labels](fleet.md#labels) say; may be empty"),
    ] = {}


class RecordedEnvironment(Recorded[Environment]):
    """The environment, and the JSON object that it was read from."""

    kind = Environment
