"""Other inputs for a comparison: like the measured one, with other values."""

from __future__ import annotations

import numpy as np
import pytest

from keras_profile.recorder.trials.variations import many_rows, repeated_rows, take_rows, variations

FLOATS = np.arange(12, dtype="float32").reshape(4, 3)


@pytest.mark.parametrize(
    "x",
    [
        FLOATS,
        FLOATS.astype("float64"),
        {"a": FLOATS, "b": np.arange(4)},
        [FLOATS, FLOATS],
        np.array([["one"], ["two"], ["three"]]),
        np.array([[True], [False]]),
    ],
)
def test_each_has_the_structure_shapes_and_dtypes_of_the_input(x):
    def shapes(thing):
        if isinstance(thing, dict):
            return {key: shapes(value) for key, value in thing.items()}
        if isinstance(thing, list):
            return [shapes(value) for value in thing]
        return thing.shape, thing.dtype

    made = variations(x)
    assert len(made) >= 2
    for name, other in made:
        assert name
        assert shapes(other) == shapes(x)


def test_floats_get_other_values_another_order_and_another_size():
    made = dict(variations(FLOATS))
    assert len(made) == 3
    for other in made.values():
        assert not np.array_equal(other, FLOATS)
    assert np.array_equal(made["ten times the values, with the other sign"], FLOATS * -10)
    assert sorted(made["the rows in another order"][:, 0]) == sorted(FLOATS[:, 0])


def test_whole_numbers_stay_in_the_range_that_was_seen():
    """An embedding has no row for others."""
    ids = np.array([[3, 7], [5, 4]])
    for _, other in variations(ids):
        assert other.min() >= 3
        assert other.max() <= 7


def test_words_stay_those_that_were_seen():
    words = np.array([["one"], ["two"]])
    for _, other in variations(words):
        assert set(other.ravel()) <= {"one", "two"}


def test_one_row_has_no_other_order():
    assert "the rows in another order" not in dict(variations(FLOATS[:1]))


def test_a_generator_has_no_variation():
    assert variations(iter([FLOATS])) == []


def test_many_rows_are_not_the_same_rows_again():
    made = many_rows(FLOATS, 1000)
    assert made.shape == (1000, 3)
    assert len(np.unique(made[:, 0])) > 900
    assert np.array_equal(made, many_rows(FLOATS, 1000))


def test_rows_are_taken_from_each_array():
    taken = take_rows({"a": FLOATS, "b": np.arange(4)}, [2, 0])
    assert np.array_equal(taken["a"], FLOATS[[2, 0]])
    assert np.array_equal(taken["b"], [2, 0])


def test_rows_are_repeated_where_there_are_too_few():
    assert np.array_equal(repeated_rows(np.arange(3), 7), [0, 1, 2, 0, 1, 2, 0])
    assert np.array_equal(repeated_rows(np.arange(3), 2), [0, 1])
