"""What a call takes at its peak, on systems that can forget an earlier peak and on those that cannot."""

from __future__ import annotations

import pytest

from keras_profile.recorder.trials import memory


@pytest.mark.parametrize(
    ("forgets", "peaks", "resident", "growth"),
    [
        (True, [700], 500, 200),
        (True, [400], 500, 0),
        (True, [None], 500, None),
        (True, [700], None, None),
        # The peak of before: what is below it cannot be seen.
        (False, [600, 700], 500, 200),
        (False, [600, 600], 500, None),
        (False, [None, None], None, None),
    ],
)
def test_growth_is_what_the_system_shows(monkeypatch, forgets, peaks, resident, growth):
    left = iter(peaks)
    monkeypatch.setattr(memory.system, "forget_peak", lambda: forgets)
    monkeypatch.setattr(memory.system, "peak_bytes", lambda: next(left))
    monkeypatch.setattr(memory.system, "resident_bytes", lambda: resident)
    assert memory.Peak().growth_bytes() == growth


def test_what_a_call_takes_for_a_moment_is_seen():
    peak = memory.Peak()
    taken = bytearray(128 << 20)
    del taken
    growth = peak.growth_bytes()
    # Where the peak of another test was higher and cannot be forgotten it stays unknown.
    assert growth is None or growth > 100 << 20
