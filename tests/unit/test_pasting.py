"""A change that is pasted into a program is used at its line, for each model once, and nowhere else."""

from __future__ import annotations

import pytest

from support.pasting import pasted

PROGRAM = '''"""A program."""
from __future__ import annotations


class Model:
    def predict(self, x):
        return ["slow", x]

    def fast(self, x):
        return ["fast", x]


model = Model()
found = [model.predict(1)]
for number in range(2):
    found.append(list(model.predict(number)))
'''


def run(text):
    names = {}
    exec(compile(text, "program", "exec", dont_inherit=True), names)
    return names["found"]


def test_the_call_at_the_line_is_replaced_and_no_other():
    text = pasted(PROGRAM, 16, "predict", "y = model.fast(x)")
    assert run(text) == [["slow", 1], ["fast", 0], ["fast", 1]]


def test_what_does_not_depend_on_the_input_is_run_once():
    code = "made = []\nmade.append(1)\n\nz = 10 * x\n\ny = [len(made), z]"
    assert run(pasted(PROGRAM, 16, "predict", code))[1:] == [[1, 0], [1, 10]]


def test_code_without_a_result_is_refused():
    with pytest.raises(ValueError, match="ends in y"):
        pasted(PROGRAM, 16, "predict", "model.fast(x)")
