"""What the report of a script must have that calls its model once: all of it comes from the replay."""

from __future__ import annotations

from keras_profile.recorder.protocol import CAPTURES

#: As little time as shows all of it in each release; a quarter of it goes to making instruments.
OPTIONS = ("--no-html", "--seconds", "20")


def check(finished, layers=True):
    """Fails where a part of the answer is missing; not all releases tell the ``layers`` of a kernel."""
    assert finished.code == 0, finished.err
    assert finished.out.splitlines()[-1] == "single (48, 3)"
    group = finished.group("single_call.py", "single")
    assert group["count"] == 1
    again = {one["name"]: one["calls"] for one in group["captures"]}
    assert [name for name in CAPTURES if again.get(name)] == list(CAPTURES), again
    assert min(again["bare"], again["spans"]) >= 2, again
    assert group.is_whole
    phases = {one["phase"]: one for one in group["attribution"]["phases"]}
    low, high = phases["execution"]["share_ci95"]
    assert 0 < low < high < 1
    assert low <= phases["execution"]["share"] <= high
    native = group["attribution"]["native"]
    assert any(one["phase"] == "execution" and one["self_ns"] > 0 for one in native)
    if layers:
        assert group["attribution"]["layers"][0]["class"] == "Conv2D"
    assert "small_batches" in group.found
    measured = {one["recipe"]: one["speedup"] for one in group["comparisons"] if one["speedup"]}
    assert "predict_on_batch" in measured, (measured, finished.report["notes"])
