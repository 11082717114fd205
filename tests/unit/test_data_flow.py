"""What is seen of where the inputs of a line's calls come from."""

from __future__ import annotations

import gc
import threading
import weakref

import numpy as np
import pytest

from keras_profile.recorder.program.data_flow import DataFlow, is_made_of
from keras_profile.recorder.program.groups import MOST_SHAPES, Groups

RANDOM = np.random.default_rng(0)


def flow_of(first, call, following, turns=12):
    """What is seen of ``turns`` calls in a loop: ``following(input, output)`` is the next input."""
    flow, given = DataFlow(), first
    for _ in range(turns):
        flow.before((given,))
        output = call(given)
        flow.after(output)
        given = following(given, output)
    return flow.describe()


def rows(*shape):
    return RANDOM.random(shape, dtype="float32")


def greedy(text, logits):
    return np.concatenate([text, logits[:, -1:].argmax(-1)], axis=1)


def likelihoods(length):
    """Of 500 words; the first of them stands for none."""
    found = rows(1, length, 500)
    found[..., 0] = 0
    return found


def written(buffer, logits):
    """The same into a buffer of a fixed length."""
    filled = buffer.copy()
    filled[0, np.flatnonzero(buffer[0] == 0)[0]] = logits[0, -1].argmax()
    return filled


MADE_OF_OUTPUTS = {
    "the output itself": (rows(2, 4), lambda x: rows(2, 4), lambda x, y: y),
    "a view of it": (rows(1, 4), lambda x: rows(1, 8), lambda x, y: y[:, None, 2:6][0]),
    "its values, copied": (rows(2, 4), lambda x: rows(2, 4), lambda x, y: np.array(y.tolist())),
    "a window that takes it up": (
        rows(1, 8, 4),
        lambda x: rows(1, 4),
        lambda x, y: np.concatenate([x[:, 1:], y[:, None]], axis=1),
    ),
    "a text that grows by the likeliest word": (
        np.array([[1, 2, 3]]),
        lambda x: rows(1, x.shape[1], 500),
        greedy,
    ),
    "a buffer of words": (np.array([[7, 8] + [0] * 20]), lambda x: likelihoods(22), written),
    "one input of several": (
        [rows(1, 4), rows(1, 16)],
        lambda x: [rows(1, 2), rows(1, 16)],
        lambda x, y: [rows(1, 4), y[1]],
    ),
}


@pytest.mark.parametrize("how", MADE_OF_OUTPUTS)
def test_an_input_that_is_made_of_the_output_before_is_seen(how):
    assert flow_of(*MADE_OF_OUTPUTS[how]) == {
        "calls": 8,
        "from_outputs": 8,
        "same_input": 0,
        "same_part": 0.0,
        "staying_part": 0.0,
    }


SERIES, STARTS = rows(100, 4), iter(range(1, 99))
INDEPENDENT = {
    "rows of their own": (rows(1, 4), lambda x: rows(1, 3), lambda x, y: rows(1, 4)),
    "a window over a known series": (
        SERIES[None, :8],
        lambda x: rows(1, 4),
        lambda x, y: SERIES[None, next(STARTS) :][:, :8],
    ),
    "ones and zeros": (
        np.zeros((1, 4), "float32"),
        lambda x: np.array([[0.0, 1.0]], "float32"),
        lambda x, y: RANDOM.integers(0, 2, (1, 4)).astype("float32"),
    ),
    "words of their own": (
        np.array([[1, 2, 3]]),
        lambda x: rows(1, 3, 500),
        lambda x, y: RANDOM.integers(0, 500, (1, 3)),
    ),
    "words that may be the place of the largest": (
        np.array([[1, 0, 1]]),
        lambda x: rows(1, 2),
        lambda x, y: RANDOM.integers(0, 2, (1, 3)),
    ),
}


@pytest.mark.parametrize("how", INDEPENDENT)
def test_an_input_of_its_own_is_not_made_of_the_output_before(how):
    seen = flow_of(*INDEPENDENT[how])
    assert seen["calls"] == 8
    assert seen["from_outputs"] <= 3  # a coin may fall on the same side again


def same_input(first, following):
    return flow_of(first, lambda x: rows(16, 3), lambda x, y: following(x))["same_input"]


def test_the_same_input_is_seen_by_its_values():
    def refilled(buffer):
        buffer[:] = rows(*buffer.shape)
        return buffer

    small, large = rows(16, 20), rows(64, 96, 96, 3)
    assert same_input(small, np.copy) == 8
    assert same_input(small, refilled) == 0
    # Of a large array only some values are compared: it must be the same object.
    assert same_input(large, lambda x: x) == 8
    assert same_input(large, np.copy) == 0
    assert same_input(large, refilled) == 0


def test_an_input_is_not_the_same_with_another_number_beside_it():
    steps = iter(range(99))
    x = rows(4, 4)
    assert same_input([x, 3], lambda last: [x, 3]) == 8
    assert same_input([x, 0.5], lambda last: [x, next(steps)]) == 0


def test_more_inputs_than_are_looked_at_are_not_the_same():
    x = rows(2, 4)
    assert same_input([x] * 8, lambda last: last) == 8
    assert same_input([x] * 9, lambda last: last) == 0


def test_nothing_of_the_users_is_kept_alive():
    flow, x, y = DataFlow(), rows(2, 4), rows(2, 3)
    gone = [weakref.ref(x), weakref.ref(y)]
    flow.before((x,))
    flow.after(y)
    del x, y
    gc.collect()
    assert [one() for one in gone] == [None, None]


def test_memory_that_is_used_again_is_no_output():
    # An output is gone before the next input is made, which may lie where it lay.
    flow = DataFlow()
    for _ in range(9):
        flow.before((rows(64, 64),))
        flow.after(rows(64, 64))
    assert flow.describe() == {
        "calls": 8,
        "from_outputs": 0,
        "same_input": 0,
        "same_part": 0.0,
        "staying_part": 0.0,
    }


def test_a_call_that_raised_gave_nothing():
    flow = DataFlow()
    for _ in range(4):
        flow.before((rows(2, 4),))
    assert flow.calls == 0


def test_calls_of_several_threads_are_not_compared():
    flow, y = DataFlow(), rows(2, 4)
    flow.before((rows(2, 4),))
    flow.after(y)
    other = threading.Thread(target=lambda: flow.before((y,)))
    other.start()
    other.join()
    assert flow.calls == 0


@pytest.mark.parametrize("value", [iter([1]), object(), {1: rows(1, 2), "a": rows(1, 2)}, "text", None])
def test_what_is_no_array_is_not_looked_at(value):
    assert flow_of(value, lambda x: x, lambda x, y: y)["calls"] == 0


def test_large_and_odd_arrays_have_no_values():
    large = np.zeros((1024, 1024), "float32")
    for first in (large, np.array([["a", "b"]]), np.array([[None]])):
        assert flow_of(first, lambda x: rows(1, 2), lambda x, y: x.copy())["from_outputs"] == 0


def test_an_array_of_other_axes_is_new_as_a_whole():
    assert is_made_of([np.array([0.25, 0.5])], np.ones((1, 2)), np.array([0.25, 0.5]))


def test_groups_that_differ_in_shapes_share_what_was_seen():
    groups = Groups()
    found = [groups.find(0, "call", "kind", shape)[0] for shape in range(MOST_SHAPES + 3)]
    assert len({id(group.flow) for group in found}) == 1
    assert groups.find(1, "call", "kind", 0)[0].flow is not found[0].flow


class Touchy:
    """Something of the user's that notices whoever asks it for anything."""

    def __getattr__(self, name):
        raise AssertionError(f"asked for {name}")


def test_what_is_not_known_is_asked_for_nothing():
    assert flow_of([Touchy(), rows(1, 2)], lambda x: Touchy(), lambda x, y: [y, rows(1, 2)])["calls"] == 8


LARGE, SMALL = (200, 64, 64, 3), (64, 32)


def same_part(first, following, turns=6):
    """What share of the inputs stays, of calls whose inputs are what ``following`` makes of the last ones."""
    flow, given = DataFlow(), first
    for turn in range(turns):
        flow.before((given,))
        flow.after(rows(4))
        given = following(given, turn)
    return flow.describe()["same_part"]


@pytest.mark.parametrize("shape", [LARGE, SMALL], ids=["large", "small"])
def test_one_of_two_inputs_may_stay(shape):
    gallery = rows(*shape)
    assert same_part([rows(*shape), gallery], lambda last, turn: [rows(*shape), gallery]) == 0.5
    assert same_part([rows(*shape), gallery], lambda last, turn: [rows(*shape), gallery.copy()]) == 0.5


@pytest.mark.parametrize("shape", [LARGE, SMALL], ids=["large", "small"])
def test_an_array_that_is_filled_again_does_not_stay(shape):
    buffer = rows(*shape)

    def refill(last, turn):
        buffer[:] = rows(*shape)
        return [rows(*shape), buffer]

    assert same_part([rows(*shape), buffer], refill) == 0


def test_images_with_a_border_are_compared_within_it():
    images = np.zeros((64, 256, 256, 1), "float32")

    def refill(last, turn):
        images[:, 8:-8, 8:-8] = rows(64, 240, 240, 1)
        return [rows(64, 256, 256, 1), images]

    assert same_part(refill(None, 0), refill) == 0


STAYS = rows(*SMALL)
HEALTHY = {
    "all stay": ([STAYS, STAYS.copy()], lambda last, turn: last),
    "another shape changes": ([rows(8, 4), STAYS], lambda last, turn: [rows(8, 4), STAYS]),
    "all zeros": (
        [rows(*SMALL), np.zeros(SMALL, "float32")],
        lambda last, turn: [rows(*SMALL), np.zeros(SMALL, "float32")],
    ),
    "small": ([rows(4), STAYS[0, :4]], lambda last, turn: [rows(4), STAYS[0, :4]]),
    "stays but once": (
        [rows(*SMALL), STAYS],
        lambda last, turn: [rows(*SMALL), rows(*SMALL) if turn == 3 else STAYS],
    ),
    "a mask that is not looked at": (
        [STAYS, np.ones(SMALL, bool)],
        lambda last, turn: last,
    ),
    "more than are looked at": (
        [rows(*SMALL), *[STAYS] * 9],
        lambda last, turn: [rows(*SMALL), *[STAYS] * 9],
    ),
}


@pytest.mark.parametrize("how", HEALTHY)
def test_what_stays_for_a_reason_is_no_part(how):
    assert same_part(*HEALTHY[how]) == 0


@pytest.mark.parametrize("words", [50, 40_000], ids=["few words", "scores of 5 MB"])
@pytest.mark.parametrize("chained", [True, False])
def test_a_text_stays_while_its_translation_is_made_of_the_scores(words, chained):
    flow, random = DataFlow(), np.random.default_rng(0)
    source, target = random.integers(0, words, (4, 512)), np.zeros((4, 8), "int32")
    for turn in range(1, 8):
        flow.before((source, target.copy()))
        scores = random.random((4, 8, words), dtype="float32")
        flow.after(scores)
        target[:, turn] = scores[:, turn - 1].argmax(-1) if chained else random.integers(1, 9, 4) + 2 * words
    found = flow.describe()
    assert (found["from_outputs"], found["calls"]) == (6 * chained, 6)
    assert (found["staying_part"] > 0.9) is chained
    assert found["same_part"] == 0.0
