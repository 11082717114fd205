"""A script that calls its model once has all that a model gets."""

from __future__ import annotations

from support import single_call


def test_a_script_that_predicts_once_has_a_full_report(run_program):
    single_call.check(run_program("single_call.py", options=single_call.OPTIONS))
