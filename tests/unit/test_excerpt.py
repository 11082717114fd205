"""Excerpts of a module: what is compiled of them is what is compiled of the whole."""

from __future__ import annotations

import pytest

from keras_profile.recorder.probes.codes import all_codes, position
from keras_profile.recorder.probes.excerpt import excerpt

SOURCE = '''"""A module.

class Like: this text at the margin
"""
from __future__ import annotations

import os

if os.name:
    def branch(x: unknown = 1):
        return x
else:
    def other():
        return os.name


class First(
    dict,
):
    """A class."""

    attribute = 1

    @staticmethod
    @property
    def decorated(
        a,
        b=(
            1, 2),
    ):
        """Text.

        def plain(): more of it
        """
        # a comment of the function

# a comment at the margin
        return [
            a,
        ]

    def uses_super(self):
        return super().__init__(self.__hidden)

    class Inner:
        def deep(self):
            def within():
                return __class__, os
            return within


async def last():
    text = 1
    return text
'''
FUNCTIONS = ("branch", "other", "decorated", "uses_super", "deep", "last")


def codes(source):
    return {
        position(code): code for code in all_codes(compile(source, "module.py", "exec", dont_inherit=True))
    }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_of_an_excerpt_is_the_one_of_the_module(name):
    whole = codes(SOURCE)
    (position,) = (one for one in whole if one[0] == name)
    assert codes(excerpt(SOURCE, [position[1]]))[position] == whole[position]


def test_functions_have_an_excerpt_together():
    whole = codes(SOURCE)
    positions = [one for one in whole if one[0] in FUNCTIONS]
    of_excerpt = codes(excerpt(SOURCE, [first for _, first in positions]))
    assert all(of_excerpt[position] == whole[position] for position in positions)


def test_all_else_is_blank():
    text = excerpt(SOURCE, [line for (name, line) in codes(SOURCE) if name == "last"])
    assert [line for line in text.splitlines() if line] == [
        "from __future__ import annotations",
        "async def last():",
        "    text = 1",
        "    return text",
    ]


def test_lines_beyond_the_end_are_left_out():
    assert excerpt("x = 1\n", [7]).strip() == ""
