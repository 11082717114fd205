"""Models that bring code are refused by every release, and no others are."""

from __future__ import annotations

import pytest

from support import printed_cases
from support.environments import GENERATIONS


@pytest.mark.parametrize("name", GENERATIONS)
def test_models_that_bring_code_are_refused_and_no_others(interpreter, name, tmp_path):
    found = printed_cases.hostile_models(interpreter(name), tmp_path, GENERATIONS[name].variables)
    printed_cases.check(found)
