"""Which of the program's own calls and of those that were made again a group's figures are of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keras_profile.recordings.replays import joined, taken_from
from support import contents


def calls(**counts):
    return [{"capture": name} for name, count in counts.items() for _ in range(count)]


def content(callbacks=(), **counts):
    made = contents.recording(calls=calls(**counts), captures=[(name, "ok", "") for name in counts]).content
    return replace(made, workload=contents.changed(made.workload, callbacks=list(callbacks)))


AGAIN = content(bare=10, spans=10, cprofile=3)


def test_few_calls_of_the_program_give_way_to_many_made_again():
    assert taken_from(content(bare=3, spans=2), AGAIN) == {"bare", "spans", "cprofile"}


def test_many_calls_of_the_program_show_themselves():
    assert taken_from(content(bare=10, spans=8), AGAIN) == {"cprofile"}


@pytest.mark.parametrize(
    ("counts", "taken"),
    [
        ({"bare": 3, "spans": 1}, {"cprofile"}),
        ({"bare": 3, "spans": 0}, {"bare", "spans", "cprofile"}),
        ({"bare": 0, "spans": 1}, {"bare", "spans", "cprofile"}),
    ],
)
def test_calls_with_callbacks_show_themselves_where_there_is_any(counts, taken):
    assert taken_from(content(("Waits",), **counts), AGAIN) == taken


def test_it_is_said_that_callbacks_were_left_out():
    own = content(("Waits",), bare=3)
    facts = joined(own, AGAIN, taken_from(own, AGAIN)).workload.facts
    assert facts.in_program.without_callbacks
    both = content(("Waits",), bare=10, spans=10)
    assert not joined(own, both, taken_from(own, both)).workload.facts.in_program.without_callbacks
    assert not joined(content(bare=3), AGAIN, frozenset()).workload.facts.in_program.without_callbacks
