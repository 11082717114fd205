"""Scripts that call their model once, in the interpreters of old releases."""

from __future__ import annotations

import pytest

from support import single_call


@pytest.mark.parametrize("generation", ["tf-2.0", "tf-2.6", "tf-2.15"])
def test_a_script_that_predicts_once_has_a_full_report(run_program, interpreter, generation):
    options = (*single_call.OPTIONS, "--python", str(interpreter(generation)))
    # The traces of 2.0 do not tell the path of an op, so no layer.
    single_call.check(run_program("single_call.py", options=options), layers=generation != "tf-2.0")
