"""The best configurations as TOML, for programs and for people to copy from."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence

from ...model.sweep import BestConfiguration, SweepContent
from ...recorder.protocol.visible import visible

_HEAD = """\
# The best configurations of each model, by the latency of a call and by rows a second.
# `options` are those of `keras-profile profile`, with the variables of `environment` set.
"""


def render(content: SweepContent) -> bytes:
    """The file."""
    tables = [_table(one) for one in content.best]
    return visible("\n".join([_HEAD, *tables])).encode("utf-8", "replace")


def _table(one: BestConfiguration) -> str:
    lines = [
        "[[best]]",
        f"model = {_text(one.model)}",
        f"goal = {_text(one.goal)}",
        f"entry = {_text(one.settings.entry)}",
        f"code = {_text(one.code)}",
        f"options = {_array(one.options)}",
        f"environment = {_inline(one.variables)}",
        f"command = {_text(_command(one))}",
        f"median_ns = {one.median_ns}",
        f"interval_ns = [{one.interval_ns[0]}, {one.interval_ns[1]}]",
        f"rows_per_second = {one.rows_per_second}",
        f"tied_with = {_array([rival.name for rival in one.tied_with])}",
        f"cell = {_text(one.name)}",
    ]
    return "\n".join(lines) + "\n"


def _command(one: BestConfiguration) -> str:
    """As a POSIX shell takes it."""
    variables = [f"{name}={shlex.quote(value)}" for name, value in one.variables.items()]
    return " ".join([*variables, shlex.join(["keras-profile", "profile", *one.options])])


def _text(value: str) -> str:
    r"""A string of TOML, which has the escapes of JSON; what a terminal would obey is escaped.

    >>> print(_text('a "b"\n'))
    "a \"b\"\n"
    """
    # A lone surrogate is no character of TOML.
    whole = value.encode("utf-8", "replace").decode()
    return "".join(
        character if character.isprintable() or character == " " else f"\\U{ord(character):08X}"
        for character in json.dumps(whole, ensure_ascii=False)
    )


def _array(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _inline(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_text(name)} = {_text(value)}" for name, value in values.items()) + "}"
