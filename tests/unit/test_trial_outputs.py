"""When outputs are the same, and what is said where they are not."""

from __future__ import annotations

import numpy as np
import pytest

from keras_profile.recorder.trials.outputs import (
    TOLERANCES,
    Difference,
    compare,
    flatten,
    in_order_of,
    largest_numbers,
    same_kinds,
)

REFERENCE = np.linspace(-1, 1, 10000, dtype="float32").reshape(-1, 1)


def difference(ours, theirs):
    with pytest.raises(Difference) as error:
        compare(ours, theirs)
    return str(error.value)


def changed(row, value):
    copy = REFERENCE.copy()
    copy[row] = value
    return copy


def test_equal_to_the_bit():
    agreement = compare(REFERENCE, REFERENCE.copy())
    assert agreement.equal
    assert agreement.error == 0


def test_equal_within_the_tolerance():
    agreement = compare(REFERENCE, REFERENCE + np.float32(1e-6))
    assert not agreement.equal
    assert 5e-7 < agreement.error < 2e-6
    assert agreement.tolerance == TOLERANCES["float32"]


def test_one_row_in_ten_thousand():
    said = difference(REFERENCE, changed(7777, 0.9))
    assert "1 of 10,000" in said
    assert "[7777, 0]" in said


def test_not_a_number_agrees_with_itself_alone():
    assert "nan instead of" in difference(REFERENCE, changed(3, np.nan))
    assert compare(changed(3, np.nan), changed(3, np.nan)).equal
    difference(changed(3, np.nan), REFERENCE)


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinity_is_no_large_number(value):
    difference(REFERENCE, changed(3, value))
    difference(changed(3, value), changed(3, -value))
    assert compare(changed(3, value), changed(3, value)).equal


def test_dtype_and_shape_are_part_of_it():
    assert "float64 instead of float32" in difference(REFERENCE, REFERENCE.astype("float64"))
    assert "shape (10000,) instead of (10000, 1)" in difference(REFERENCE, REFERENCE[:, 0])
    assert "shape" in difference(REFERENCE, REFERENCE[:-1])


def test_the_tolerance_is_of_the_largest_number():
    small = np.array([1000.0, 0.0], "float32")
    assert not compare(small, small + np.float32(0.05)).equal
    difference(small / 1000, small / 1000 + np.float32(0.05))


def test_outputs_of_nothing_but_zeros_have_a_tolerance_too():
    zeros = np.zeros(3, "float32")
    assert not compare(zeros, zeros + np.float32(1e-6)).equal
    difference(zeros, zeros + np.float32(1e-2))


def test_whole_numbers_and_words_must_be_equal():
    assert "2 instead of 1" in difference(np.array([1]), np.array([2]))
    difference(np.array(["a"]), np.array(["b"]))
    assert compare(np.array(["a"]), np.array(["a"])).equal


def test_structure_is_part_of_it():
    assert "1 output instead of 2" in difference([REFERENCE, REFERENCE], [REFERENCE])
    difference({"a": REFERENCE}, {"b": REFERENCE})
    assert compare({"a": REFERENCE, "b": [REFERENCE]}, {"b": [REFERENCE], "a": REFERENCE}).equal
    assert "the output['b']" in difference({"b": REFERENCE}, {"b": changed(0, 5)})


def test_scalars_have_a_place_too():
    assert "[0]" in difference(np.float32(1), np.float32(2))
    assert [place for place, _ in flatten([1.0, [REFERENCE]])] == ["the output[0]", "the output[1][0]"]


def test_nothing_is_equal_to_nothing():
    empty = np.zeros((0, 3), "float32")
    assert compare(empty, empty).equal


def test_a_part_is_held_against_the_largest_number_of_the_whole():
    whole = np.array([[1.0], [1e-6]], "float32")
    row, near = whole[1:], whole[1:] + np.float32(1e-9)
    with pytest.raises(Difference):
        compare(row, near)
    assert not compare(row, near, largest=largest_numbers(whole)).equal
    with pytest.raises(Difference):
        compare(row, row + np.float32(1e-3), largest=largest_numbers(whole))


# --- types ---


class Tensor:
    """What is neither numpy's nor Python's own."""

    def __array__(self, dtype=None, copy=None):
        return np.zeros(2, dtype)


def test_a_tensor_in_place_of_an_array_differs():
    with pytest.raises(Difference, match="a tensor instead of an array"):
        same_kinds([np.zeros(2), np.zeros(2)], [np.zeros(2), Tensor()])
    with pytest.raises(Difference, match="an array instead of a tensor"):
        same_kinds({"a": Tensor()}, {"a": np.zeros(2)})
    same_kinds({"a": Tensor(), "b": np.float32(1)}, {"a": Tensor(), "b": np.zeros(())})


# --- rows in another order ---


@pytest.mark.parametrize("rows", [1, 2, 300, 5000])
def test_the_same_rows_in_another_order_are_put_in_order(rows):
    random = np.random.default_rng(rows)
    outputs = [random.normal(size=(rows, 3)).astype("float32"), random.integers(0, 3, rows)]
    order = random.permutation(rows)
    noise = random.normal(0, 1e-7, (rows, 3)).astype("float32")
    shuffled = [outputs[0][order] + noise, outputs[1][order]]
    assert compare(outputs, in_order_of(outputs, shuffled)).error < 1e-5


def test_other_rows_stay_different():
    random = np.random.default_rng(1)
    outputs = random.normal(size=(300, 3)).astype("float32")
    wrong = outputs[random.permutation(300)]
    wrong[7] += np.float32(0.5)
    assert "1 of 900" in difference(outputs, in_order_of(outputs, wrong)) or "3 of 900" in difference(
        outputs, in_order_of(outputs, wrong)
    )
    difference(outputs, in_order_of(outputs, outputs[:-1]))
    repeated = np.concatenate([outputs[:-1], outputs[:1]])
    difference(outputs, in_order_of(outputs, repeated))
