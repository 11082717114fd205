"""Progress in a pipe: a line for each stage, not one for each figure."""

from __future__ import annotations

from keras_profile.output.progress import ProgressDisplay
from keras_profile.recorder.protocol import events

S = 1_000_000_000


def test_a_stage_is_one_line_however_its_figures_change(capsys):
    with ProgressDisplay() as display:
        display(events.Stage("loading the model"))
        for left in (7, 6, 5, 4):
            display(events.Progress("bare", 1, left * S, left * S))
        display(events.Trying("predict_on_batch", "predict_on_batch", 1.0, 1, 12))
        display(events.Trying("threads", "threads", 1.0, 2, 12))
        display(events.Announce("the machine is busy"))
        display(events.Progress("bare", 1, 3 * S, 3 * S))
    assert capsys.readouterr().err.splitlines() == [
        "loading the model …",
        "measuring for about 7 s …",
        "trying 12 changes …",
        "note: the machine is busy",
        "measuring for about 3 s …",
    ]


def test_groups_measured_in_turn_are_stages_of_their_own(capsys):
    with ProgressDisplay() as display:
        for of in ("predict at a.py:1", "predict at b.py:2"):
            for left in (2, 1):
                event = events.Progress("bare", 1, left * S, left * S)
                event.of = of
                display(event)
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_quiet_progress_says_only_notes(capsys):
    with ProgressDisplay(quiet=True) as display:
        display(events.Stage("loading the model"))
        display(events.Progress("bare", 1, S, S))
        display(events.Announce("the machine is busy"))
    assert capsys.readouterr().err.splitlines() == ["note: the machine is busy"]
