"""Models that bring code are refused by every release, and no others are."""

from __future__ import annotations

import pytest

from support import printed_cases
from support.environments import GENERATIONS

#: Of the models one of each kind that a release may take otherwise; all are for the installed one.
MODELS = (
    "h5_escaped",
    "h5_nested",
    "h5_twice",
    "h5_bytes",
    "keras_two",
    "keras_utf_16",
    "module_class",
    "module_function",
    "graph_loop",
    "graph_saves",
    "graph_posing",
    "graph_table",
    "graph_version_1",
    "entry_",
    "fine_",
)


@pytest.mark.parametrize("name", GENERATIONS)
def test_models_that_bring_code_are_refused_and_no_others(interpreter, name, tmp_path):
    found = printed_cases.hostile_models(interpreter(name), tmp_path, GENERATIONS[name].variables, MODELS)
    printed_cases.check(found)
    if name == "keras-3.0":
        # Later ones import no modules that are not Keras' own, whatever they are told.
        assert found["module_class"]["trusted"]["ran"]
