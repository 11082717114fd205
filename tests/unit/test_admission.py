"""Which changes are not tried since others like them have failed."""

from __future__ import annotations

from types import SimpleNamespace

from keras_profile.recipes.recipe import Change, Recipe
from keras_profile.recipes.simplicity import CALL
from keras_profile.recorder.protocol.requests import TrialOptions, TryRequest
from keras_profile.recorder.trials.admission import Admission
from keras_profile.recorder.trials.entrant import FAILED, NOT_TRIED, TRIED, Entrant


class Played(Admission):
    """An admission in which the changes of these titles fail, and nothing is built."""

    fails = ()

    def _admit(self, entrant, seconds):
        if entrant.change.title in self.fails:
            entrant.end(FAILED, "it raised")
        else:
            entrant.status = TRIED


def entrants():
    """A graph, the same compiled, and that called in another way; and one that has nothing to do with it."""
    changes = [
        Change("graph", "1"),
        Change("compiled", "1", fails_with="graph"),
        Change("called", "1", fails_with="compiled"),
        Change("other", "1"),
    ]
    recipe = Recipe("one", "one", "why.", lambda usage: changes, simplicity=CALL)
    return [Entrant(recipe, change, number) for number, change in enumerate(changes)]


def statuses(*fails, given_up=None):
    request = TryRequest("/r", "net.py:build", trials=TrialOptions(), given_up=given_up or {})
    played = Played(request, SimpleNamespace(call_ns=1), lambda event: None, "/scratch", lambda: request)
    played.fails = fails
    waiting = entrants()
    played.admit_all(waiting, lambda: None)
    return [(one.status, one.reason) for one in waiting]


def test_all_are_tried_where_none_fails():
    assert statuses() == [(TRIED, "")] * 4


def test_what_cannot_work_where_another_failed_is_not_tried():
    assert statuses("graph") == [
        (FAILED, "it raised"),
        (NOT_TRIED, "the same with graph has just failed"),
        (NOT_TRIED, "the same with compiled has just failed"),
        (TRIED, ""),
    ]
    assert [status for status, _ in statuses("compiled")] == [TRIED, FAILED, NOT_TRIED, TRIED]


def test_one_that_hung_counts_as_failed():
    found = statuses(given_up={"one:1": "it hangs"})
    assert found[1:3] == [(FAILED, "it hangs"), (NOT_TRIED, "the same with compiled has just failed")]
