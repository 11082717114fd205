"""What a recorder that is compared with another is asked to do: a line of JSON each on its standard input.

Each command is answered by one event. The recording is finished when the standard input ends.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Union


@dataclass
class MakeBlock:
    """Make ``calls`` calls under a capture, after ``settling`` ones that do not count."""

    do: ClassVar[str] = "block"

    capture: str
    round: int
    calls: int
    settling: int = 1


@dataclass
class WriteOutputs:
    """Write the outputs of one call, its input and the weights into the ``.npz`` file ``into``.

    ``like`` is such a file of the other side: the call is then made with its weights and its input, where
    they fit, and the outputs are compared. It is the last command: the weights are not set back.
    """

    do: ClassVar[str] = "outputs"

    into: str
    like: str | None = None


@dataclass
class CountKept:
    """Count the Python objects that each of ``calls`` calls leaves behind."""

    do: ClassVar[str] = "kept"

    calls: int


Command = Union[MakeBlock, CountKept, WriteOutputs]

_COMMANDS: dict[str, Any] = {kind.do: kind for kind in (MakeBlock, CountKept, WriteOutputs)}


def encode(command: Command) -> bytes:
    """Returns the line of a command."""
    return (json.dumps(dict(asdict(command), do=command.do)) + "\n").encode()


def decode(line: str) -> Command:
    """Returns the command of a line. Raises ``KeyError`` or ``TypeError`` if it is none.

    >>> decode('{"do": "block", "capture": "bare", "round": 0, "calls": 5}')
    MakeBlock(capture='bare', round=0, calls=5, settling=1)
    """
    given = json.loads(line)
    command: Command = _COMMANDS[given.pop("do")](**given)
    return command
