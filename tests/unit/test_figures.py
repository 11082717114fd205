"""Figures of whole calls: medians, memory, inflation, and what a reader must know."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keras_profile.analysis.call_figures import call_figures, capture_figures, recording_notes, warm_up
from keras_profile.errors import RecordingError
from keras_profile.model.evidence import WarmUp
from keras_profile.model.recording import CaptureOutcome
from support import contents

COLD = {"capture": "spans", "round": -1, "cold": True, "wall_ns": 3_000}


def bare(*walls, number=0):
    return [{"wall_ns": wall, "round": number} for wall in walls]


# --- calls ---


def test_cold_and_warm_calls_are_apart():
    found = call_figures(contents.recording([COLD, *bare(10, 30, 20)]))
    assert (found.cold.count, found.cold.total_ns) == (1, 3_000)
    assert (found.warm.count, found.warm.median_ns) == (3, 20)


def test_several_cold_calls_are_summed():
    found = call_figures(contents.recording([COLD, COLD, *bare(10)]))
    assert (found.cold.count, found.cold.total_ns) == (2, 6_000)


def test_the_total_is_of_bare_calls_alone():
    calls = [*bare(10, 20, 30), *({"capture": "spans", "wall_ns": 500} for _ in range(9))]
    assert call_figures(contents.recording(calls)).warm.median_ns == 20


def test_percentile_interval_and_processor_time():
    calls = [{"wall_ns": 1000 + number, "cpu_ns": 2 * number} for number in range(101)]
    warm = call_figures(contents.recording(calls)).warm
    assert warm.p95_ns == 1095
    assert warm.cpu_median_ns == 100
    low, high = warm.median_ci95_ns
    assert 1000 < low < 1050 < high < 1101


def test_without_bare_calls_the_total_is_that_of_spans():
    recording = contents.recording([{"capture": "spans", "wall_ns": 70}, {"capture": "cprofile"}])
    assert call_figures(recording).warm.median_ns == 70
    assert "no bare call" in recording_notes(recording)[0]


@pytest.mark.parametrize("calls", [[], [COLD], [COLD, {"capture": "cprofile"}]])
def test_without_warm_calls_there_is_nothing_to_attribute(calls):
    with pytest.raises(RecordingError, match="no warm call"):
        call_figures(contents.recording(calls))


# --- warm-up ---


def settled(recording, *settling_ns):
    workload = contents.changed(recording.content.workload, settling_ns=list(settling_ns))
    return replace(recording, content=replace(recording.content, workload=workload))


def test_slow_calls_in_a_row_after_the_second_are_warm_up():
    calls = [*bare(40, 50, 9, 90), *({"capture": "cprofile", "wall_ns": 10} for _ in range(16))]
    # The second call of all, which the recorder looks into, does not count.
    found = warm_up(settled(contents.recording([COLD, *calls]), 1000, 60))
    assert found == WarmUp(calls=3, measured=21, steady_ns=10, excess_ns=150 - 30)


def test_calls_are_in_warm_up_by_when_they_were_made():
    calls = [{"wall_ns": 10, "begin_ns": 100 + turn} for turn in range(12)]
    calls.append({"wall_ns": 70, "begin_ns": 5, "capture": "spans"})
    assert warm_up(settled(contents.recording(calls), 1000)).calls == 1


def test_healthy_calls_have_no_warm_up():
    assert warm_up(settled(contents.recording(bare(*[10] * 12)), 1000, 11, 9)).calls == 0


def test_warm_up_is_unknown_for_few_calls_and_older_recordings():
    assert warm_up(settled(contents.recording(bare(*[10] * 9)), 1000, 60)) is None
    assert warm_up(contents.recording(bare(*[10] * 12))) is None


# --- memory ---


def growing(by, count, number=0, start=0):
    return [{"round": number, "rss_bytes": start + by * turn} for turn in range(count)]


def growth(calls):
    return call_figures(contents.recording(calls)).warm.rss_growth_bytes_per_call


def test_memory_grows_by_so_much_a_call():
    assert growth(growing(4096, 31)) == 4096


def test_growth_between_rounds_is_other_captures_and_does_not_count():
    calls = [*growing(100, 20), *growing(100, 20, number=1, start=10**9)]
    assert growth(calls) == 100


def test_calls_of_other_captures_in_between_do_not_matter():
    calls = growing(100, 20) + [{"capture": "spans"}] * 5 + growing(100, 20, number=1)
    assert growth(calls) == 100


def test_memory_that_is_given_back_is_negative_growth():
    assert growth(growing(-50, 40)) == -50


@pytest.mark.parametrize("count", [1, 2, 30])
def test_few_calls_tell_nothing_of_memory(count):
    assert growth(growing(4096, count)) is None


def test_a_system_that_does_not_tell_gives_none():
    assert growth(bare(*range(1, 60))) is None
    half = [*growing(10, 20), *bare(*range(1, 40))]
    assert growth(half) is None


# --- captures ---


def test_inflation_is_over_the_bare_median():
    recording = contents.recording(
        [*bare(100, 200, 300), *({"capture": "spans", "wall_ns": wall} for wall in (209, 210, 211)), COLD]
    )
    found = capture_figures(recording, CaptureOutcome("spans", "ok", ""))
    assert (found.calls, found.median_ns, found.inflation) == (3, 210, 1.05)
    assert capture_figures(recording, CaptureOutcome("bare", "ok", "")).inflation == 1


def test_a_capture_without_calls_has_no_median():
    found = capture_figures(contents.recording(bare(5)), CaptureOutcome("cprofile", "failed", "why"))
    assert (found.calls, found.median_ns, found.inflation) == (0, None, None)
    assert (found.status, found.reason) == ("failed", "why")


def test_without_bare_calls_there_is_no_inflation():
    recording = contents.recording([{"capture": "spans", "wall_ns": 5}])
    found = capture_figures(recording, CaptureOutcome("spans", "ok", ""))
    assert (found.median_ns, found.inflation) == (5, None)


# --- notes ---


def test_a_whole_recording_has_no_notes():
    assert recording_notes(contents.recording(bare(1))) == []


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ({"interrupted": True}, "interrupted"),
        ({"complete": False}, "died"),
        ({"interrupted": True, "complete": False}, "interrupted"),
    ],
)
def test_an_unfinished_recording_says_so_once(state, word):
    notes = recording_notes(contents.recording(bare(1), **state))
    assert len(notes) == 1
    assert word in notes[0]


def test_a_capture_faster_than_bare_calls_is_noted():
    calls = [*bare(100, 100), {"capture": "spans", "wall_ns": 84}, {"capture": "cprofile", "wall_ns": 86}]
    recording = contents.recording(
        calls, captures=[(name, "ok", "") for name in ("bare", "spans", "cprofile")]
    )
    notes = recording_notes(recording)
    assert len(notes) == 1
    assert "spans" in notes[0]
    assert "0.84" in notes[0]


def test_captures_that_are_not_ok_are_noted():
    recording = contents.recording(
        bare(1),
        captures=[
            ("bare", "ok", ""),
            ("spans", "failed", "ValueError: x"),
            ("pyinstrument", "skipped", "missing"),
            ("cprofile", "failed", "ValueError: x"),
        ],
    )
    assert recording_notes(recording) == [
        "the spans, cprofile captures failed: ValueError: x",
        "the pyinstrument capture skipped: missing",
    ]


def test_annotations_that_the_recorder_timed_are_noted():
    recording = contents.recording(
        bare(1), captures=[("bare", "ok", ""), ("tensorflow", "ok", "", {"annotation_error_ns": 8481})]
    )
    assert [note.split(":")[0] for note in recording_notes(recording)] == [
        "this TensorFlow release cannot annotate its traces"
    ]
    assert "within 8.5 µs" in recording_notes(recording)[0]


def test_against_bare_calls_of_no_time_there_is_no_inflation():
    recording = contents.recording([*bare(0, 0, 0), {"capture": "spans", "wall_ns": 210}])
    assert capture_figures(recording, CaptureOutcome("spans", "ok", "")).inflation is None
    assert recording_notes(recording) == []


def test_warm_calls_of_no_time_are_none():
    with pytest.raises(RecordingError, match="its warm calls took no time"):
        call_figures(contents.recording([COLD, *bare(0, 0, 7)]))
