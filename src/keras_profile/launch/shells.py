"""Lines for a shell to evaluate: values quoted for it, and the variables that it sets."""

from __future__ import annotations

import os
import re
import shlex
import string
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import KerasProfileError


@dataclass(frozen=True)
class Shell:
    """A kind of shell: how it sets a variable, and how to evaluate the lines of a command.

    ``set`` gives the line for a name and a value; ``put_before`` the line that puts a value before the
    variable's earlier one, with a separator if there is one.
    """

    name: str
    set: Callable[[str, str], str]
    put_before: Callable[[str, str], str]
    evaluate: str


def _for_posix(value: str) -> str:
    """A value as a word, in printable ASCII, whatever its bytes are.

    >>> print(_for_posix("/srv/caf\\udce9"))
    "$(printf '/srv/caf\\351')"
    """
    if value.isascii() and value.isprintable():
        return shlex.quote(value)
    plain = {*map(ord, string.ascii_letters + string.digits + "/._- ")}
    octal = (chr(byte) if byte in plain else f"\\{byte:03o}" for byte in os.fsencode(value))
    return f"\"$(printf '{''.join(octal)}')\""


def _for_powershell(value: str) -> str:
    """In single quotes PowerShell treats only quotes as special, curly ones too.

    >>> print(_for_powershell("it's $HOME"))
    'it''s $HOME'
    """
    return "'" + re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", value) + "'"


def _for_cmd(value: str) -> str:
    """Within ``set "NAME=VALUE"`` only ``%``, quotes and the line's end are special.

    >>> print(_for_cmd("50% of a & b"))
    50%% of a & b
    """
    if re.search('["\r\n]', value):
        raise KerasProfileError(
            f"cmd cannot set a variable to {value!r}", "give --output a folder without quotes in its name"
        )
    return value.replace("%", "%%")


_POSIX = Shell(
    "sh",
    lambda name, value: f"export {name}={_for_posix(value)}",
    lambda name, value: f'export {name}={_for_posix(value)}"${{{name}:+{os.pathsep}${name}}}"',
    'eval "$(keras-profile environment)"',
)
_POWERSHELL = Shell(
    "powershell",
    lambda name, value: f"$env:{name} = {_for_powershell(value)}",
    lambda name, value: (
        f"$env:{name} = {_for_powershell(value)} + $(if ($env:{name}) {{ '{os.pathsep}' + $env:{name} }})"
    ),
    "keras-profile environment --shell powershell | Out-String | Invoke-Expression",
)
_CMD = Shell(
    "cmd",
    lambda name, value: f'set "{name}={_for_cmd(value)}"',
    # A value that ends with the separator would have the working folder in it.
    lambda name, value: (
        f'if defined {name} (set "{name}={_for_cmd(value)}{os.pathsep}%{name}%") '
        f'else set "{name}={_for_cmd(value)}"'
    ),
    "keras-profile environment --shell cmd > record.cmd && call record.cmd",
)
#: By name.
SHELLS = {shell.name: shell for shell in (_POSIX, _POWERSHELL, _CMD)}


def usual_shell() -> Shell:
    """The shell that users of this system most likely have."""
    return _POWERSHELL if os.name == "nt" else _POSIX


def command_line(words: Sequence[str]) -> str:
    """A command to show and copy, quoted for this system's shells.

    >>> command_line(["env/bin/python", "-m", "pip", "install", "setuptools<82"])
    "env/bin/python -m pip install 'setuptools<82'"
    """
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def lines(shell: Shell, variables: Mapping[str, str], before: Mapping[str, str]) -> list[str]:
    """The lines that set ``variables``, and prepend ``before`` to the values of others."""
    return [
        *(shell.set(name, value) for name, value in variables.items()),
        *(shell.put_before(name, value) for name, value in before.items()),
    ]
