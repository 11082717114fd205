"""The closer look ends, whatever the program's calls do when they are made again."""

from __future__ import annotations

import time


def test_a_call_that_does_not_come_back_in_native_code_is_given_up(run_program):
    began = time.monotonic()
    finished = run_program("stuck_again.py", options=("--no-html", "--seconds", "1"))
    assert finished.code == 0, finished.err
    assert finished.out == "stuck (40, 1)\n"
    assert time.monotonic() - began < 100
    assert "the replayed call was stopped: it did not return" in finished.err
    (group,) = finished.report["groups"]
    assert group["count"] == 1
    assert any("did not return" in note for note in group["notes"] + finished.report["notes"])
