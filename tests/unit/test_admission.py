"""Which changes are not tried: others like them have failed, or they would take too long."""

from __future__ import annotations

from types import SimpleNamespace

from keras_profile.recipes.recipe import Change, Recipe
from keras_profile.recipes.simplicity import CALL
from keras_profile.recorder.protocol.requests import TrialOptions, TryRequest
from keras_profile.recorder.trials.admission import Admission
from keras_profile.recorder.trials.entrant import FAILED, NOT_TRIED, TRIED, Entrant


class Unlimited(Admission):
    """An admission in which nothing is built, and no change has state or takes memory."""

    def _has_other_state(self, entrant):
        return None

    _too_large = _has_other_state

    def _build_and_compare(self, entrant):
        pass


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


def admitted_with_calls_of(ms):
    """Returns what became of a change that does the work of 32 calls, of so many ms each, in 30 s."""
    request = TryRequest("/r", "net.py:build", trials=TrialOptions(seconds=4))
    original = SimpleNamespace(call_ns=ms * 1_000_000)
    admission = Unlimited(request, original, lambda event: None, "/scratch", lambda: request)
    change = Change("merged", "1", calls=32)
    waiting = [Entrant(Recipe("one", "one", "why.", lambda usage: [change], simplicity=CALL), change, 0)]
    admission.admit_all(waiting, lambda: None)
    return waiting[0]


def test_what_does_the_work_of_many_calls_is_tried_if_comparing_it_fits_into_the_time():
    assert admitted_with_calls_of(100).status == TRIED
    too_long = admitted_with_calls_of(450)
    assert too_long.status == NOT_TRIED
    assert "32 calls, so comparing it takes about 72 s" in too_long.reason
