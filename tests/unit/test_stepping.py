"""Since which state a call is slower or faster: neighbours in turn, differences twice."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from keras_profile import cli
from keras_profile.analysis.differences.compared import compare
from keras_profile.analysis.differences.counts import Compared
from keras_profile.analysis.reports import make_report
from keras_profile.errors import KerasProfileError
from keras_profile.features.comparing.comparing import Comparison
from keras_profile.features.comparing.stepping import compare_neighbours
from keras_profile.features.experiments.releases.measured_in_turn import measure_states
from keras_profile.features.experiments.releases.summary import print_history, render_history
from keras_profile.recordings.opened import open_recording
from support.commands import ROOT


@pytest.fixture(scope="module")
def sides():
    opened = [open_recording(ROOT / "traces" / f"demo-keras-{name}") for name in ("3.0", "3.15")]
    return [Compared(make_report(one), one) for one in opened]


@pytest.fixture(scope="module")
def stored(sides):
    return compare(*sides, ("before", "after"))


class Played:
    """Measures states of these speeds, in seconds a call; the one that is different by chance is so once."""

    def __init__(self, sides, stored, folder, speeds, broken=(), by_chance=None, interrupt=None):
        self.names = [f"c{number} subject {number}" for number in range(len(speeds))]
        self.asked = []
        self._sides, self._stored, self._folder, self._speeds = sides, stored, folder, speeds
        self._broken, self._by_chance, self._interrupt = broken, by_chance, interrupt

    def __call__(self, first, second):
        self.asked.append((first, second))
        for state in (first, second):
            if state in self._broken:
                raise KerasProfileError("it does not run").of_side(self.names[state])
        if second == self._interrupt:
            raise KeyboardInterrupt
        ratio = self._speeds[second] / self._speeds[first]
        if second == self._by_chance and self.asked.count((first, second)) == 1:
            ratio = 1.2
        verdict = "slower" if ratio > 1.02 else "faster" if ratio < 0.98 else "no_difference"
        difference_ns = round(self._stored.total.before_ns * (ratio - 1))
        total = replace(
            self._stored.total,
            difference_ns=difference_ns,
            ratio=ratio,
            ratio_ci99=(0.98 * ratio, 1.02 * ratio),
            verdict=verdict,
        )
        phases = [
            replace(one, verdict=verdict, difference_ns=difference_ns)
            if one.phase == "iterator_creation"
            else replace(one, verdict="no_difference", difference_ns=0)
            for one in self._stored.phases
        ]
        content = replace(
            self._stored,
            before=replace(self._stored.before, label=self.names[first]),
            after=replace(self._stored.after, label=self.names[second]),
            total=total,
            phases=phases,
        )
        return Comparison(
            content,
            self._folder / f"step-{len(self.asked)}",
            reports=tuple(one.report for one in self._sides),
        )

    def by_name(self, first, second, seconds):
        assert seconds >= 10
        return self(self.names.index(first), self.names.index(second))


@pytest.fixture
def played(sides, stored, tmp_path):
    def make(*speeds, **options):
        return Played(sides, stored, tmp_path, speeds, **options)

    return make


def steps_of(found):
    return [pair.after for pair in found.neighbours if pair.verdict in ("slower", "faster")]


@given(st.lists(st.sampled_from([1.0, 1.0, 1.3, 0.7]), min_size=2, max_size=8))
def test_each_step_is_found_where_it_is(sides, stored, tmp_path_factory, speeds):
    play = Played(sides, stored, tmp_path_factory.getbasetemp(), speeds)
    found = compare_neighbours(play.names, play)
    expected = [state for state in range(1, len(speeds)) if speeds[state] != speeds[state - 1]]
    assert steps_of(found) == expected
    for pair in found.neighbours:
        assert [one.phase for one in pair.phases] == ["iterator_creation"] * (pair.after in expected)
        assert play.asked.count((pair.before, pair.after)) == 1 + (pair.after in expected)


def test_a_difference_by_chance_is_no_step(played):
    play = played(1, 1, 1, by_chance=1)
    found = compare_neighbours(play.names, play)
    assert steps_of(found) == []
    assert [pair.verdict for pair in found.neighbours] == ["cannot_tell", "no_difference"]
    assert "did not again" in found.neighbours[0].words
    assert found.neighbours[0].phases == []


def test_a_state_that_does_not_run_is_passed_over(played):
    play = played(1, 1, 1, 1.3, broken=[1, 2])
    found = compare_neighbours(play.names, play)
    assert [(pair.before, pair.after) for pair in found.neighbours] == [(0, 3)]
    assert sorted(found.failures) == [1, 2]


def test_the_first_states_may_be_those_that_do_not_run(played):
    play = played(1, 1, 1, 1, broken=[0, 1])
    found = compare_neighbours(play.names, play)
    assert [(pair.before, pair.after) for pair in found.neighbours] == [(2, 3)]
    assert sorted(found.failures) == [0, 1]


def test_what_was_measured_before_an_interrupt_counts(played):
    play = played(1, 1.3, 1, interrupt=2)
    found = compare_neighbours(play.names, play)
    assert found.interrupted
    assert steps_of(found) == [1]
    with pytest.raises(KeyboardInterrupt):
        compare_neighbours(play.names, played(1, 1, interrupt=1))


def test_without_two_states_that_run_there_is_an_error(played):
    with pytest.raises(KerasProfileError, match="at least two states"):
        compare_neighbours(["one"], played(1))
    play = played(1, 1, broken=[1])
    with pytest.raises(KerasProfileError, match="c1 subject 1: it does not run"):
        compare_neighbours(play.names, play)


# --- the history of commits ---


def history(play, **options):
    return measure_states(play.names, 40.0, "history-now", play.by_name, are_commits=True, **options)


def test_a_history_has_a_row_for_each_commit_in_order_and_the_steps_between(played):
    content = history(played(1, 1, 1.3, 1.3, broken=[1]))
    assert [one.commit for one in content.releases] == [f"c{n} subject {n}" for n in (0, 2, 3, 1)]
    assert [one.reason for one in content.releases] == ["", "", "", "it does not run"]
    assert [(one.before[:2], one.after[:2], one.verdict) for one in content.steps] == [
        ("c0", "c2", "slower"),
        ("c2", "c3", "no_difference"),
    ]
    assert content.steps[0].comparison == "step-3"  # the second of the two times
    division = content.releases[0].call.division
    assert sum(phase.self_ns for phase in division.phases) == content.releases[0].call.median_ns


def test_what_was_not_measured_after_an_interrupt_says_so(played):
    content = history(played(1, 1, 1, interrupt=2))
    assert [one.reason for one in content.releases] == ["", "", "interrupted before"]
    assert any("interrupted" in note for note in content.notes)


@pytest.mark.parametrize("width", [60, 80, 140])
def test_steps_are_shown_with_their_phase(played, width):
    content = history(played(1, 1, 1.3))
    stream = io.StringIO()
    print_history(content, Console(file=stream, width=width))
    out = stream.getvalue()
    assert all(len(line.rstrip()) <= width for line in out.splitlines())
    assert "commit by commit" in out
    words = re.sub(r"\s+", " ", out)
    assert re.search(r"since c2 subject 2: predict \+\S+ ms \(1\.30×", words)
    assert "no step: c1 subject 1 (1.00×, 0.980–1.02)" in words
    assert "Python" not in out  # it is the same for all
    assert "| c2 subject 2 | 1.30×, 1.27–1.33 | slower | iterator\\_creation +" in render_history(content)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["old/python"], ["states to look through", "--python OLD"]),
        (["net.py:build", "--setup", "true"], ["--setup is for commits"]),
        (["net.py:build", "--python", "nowhere", "never"], ["nowhere"]),
        (["--good", "main"], ["a TARGET to call in each commit"]),
        (["--eager"], ["options of a call are for a TARGET"]),
    ],
)
def test_what_cannot_be_measured_is_explained_before_anything_is(
    capsys, tmp_path, monkeypatch, arguments, words
):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["history", *arguments]) == 2
    err = capsys.readouterr().err
    for word in words:
        assert word in err
    assert list(tmp_path.iterdir()) == []
