"""Figures are written the same in every output: the page's script is held to these cases, too."""

from __future__ import annotations

import json

import pytest

from keras_profile import number_words
from support.commands import TESTS

FIGURES = json.loads((TESTS / "support" / "figures.json").read_text(encoding="utf-8"))
CASES = [(name, value, text) for name, cases in FIGURES.items() for value, text in cases]


@pytest.mark.parametrize(("name", "value", "text"), CASES)
def test_a_figure_is_written_as_the_page_does(name, value, text):
    assert getattr(number_words, name)(value) == text
