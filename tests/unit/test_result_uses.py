"""Whether a program's line uses one position of a call's output."""

from __future__ import annotations

import copy
import linecache
import sys
import textwrap
import warnings

import numpy as np
import pytest

from keras_profile.recorder.program.result_uses import uses_one_position


def used(tmp_path, source):
    """What is found of the line that calls ``predict``, when the source runs."""
    file = tmp_path / "program.py"
    file.write_text(textwrap.dedent(source))
    linecache.clearcache()
    found = []

    class Values:
        def argmax(self):
            return self

        def __truediv__(self, other):
            return self

        numpy = argmax

        def __getitem__(self, index):
            return self

    def predict(x, **more):
        found.append(uses_one_position(sys._getframe(1)))
        return Values()

    def print_(*values):
        return Values()

    names = {
        "__file__": str(file),
        "predict": predict,
        "x": 1,
        "n": 3,
        "mask": 1,
        "copy": copy,
        "print": print_,
    }
    exec(compile(file.read_text(), str(file), "exec"), names)
    return found


ONE = {
    "in the call": "y = predict(x)[:, -1]",
    "of several lines": "y = predict(\n    x,\n)[:, 0, :]",
    "as numpy": "y = predict(x).numpy()[:, -1]",
    "within another call": "print(predict(x)[:, -1].argmax())",
    "by a name": "y = predict(x)\nprint(y[:, -1])",
    "by a name of a tensor": "y = predict(x)\nprint(y[:, -1].numpy())",
    "as the loop counts": "for at in range(1, n):\n    y = predict(x)\n    print(y[:, at - 1])",
    "in a function": """
        def decode(x):
            for at, _ in enumerate([1, 2]):
                scores = predict(x)
                print(scores[:, at])
            return at

        decode(x)
        """,
    "in a method with a decorator": """
        def same(function):
            return function

        class Decoder:
            @same
            def step(
                self,
                x,
            ):
                return predict(x)[:, -1]

        def after():
            return 1

        Decoder().step(x)
        """,
}
MORE = {
    "all": "y = predict(x)",
    "all by a name": "y = predict(x)\nprint(y)",
    "one, and all": "y = predict(x)\nprint(y[:, -1], y)",
    "two": "y = predict(x)\nprint(y[:, 0], y[:, 1])",
    "the turn before reads it": """
        y = None
        for at in range(n):
            print(y)
            y = predict(x)
            print(y[:, at])
        """,
    "some": "y = predict(x)[:, :3]",
    "one row": "y = predict(x)[-1]",
    "some rows": "y = predict(x)[:2, -1]",
    "by a mask": "y = predict(x)[:, mask]",
    "a new axis": "y = predict(x)[:, None]",
    "each in a loop of its own": "y = predict(x)\nfor at in range(n):\n    print(y[:, at])",
    "each in a comprehension": "y = predict(x)\nz = [y[:, at] for at in range(n)]",
    "of what is made of it": "y = print(predict(x))",
    "in two loops": """
        for at in range(n):
            y = predict(x)
            print(y[:, at])
        for at in range(n):
            y = predict(x)
            print(y[:, at])
        """,
    "a name that is set again": "y = predict(x)\nprint(y[:, 1])\ny = 2\nprint(y)",
    "made something else of": "y = predict(x)\nz = y[:, 0]\ny = copy.copy(y)",
    "changed in place": "y = predict(x)\nz = y[:, 0]\ny /= 2",
    "or another's": "y = predict(x)\nz = y[:, 0]\nif x > 1:\n    y = 3\nprint(y)",
    "an argument": "y = predict(print(1)[:, -1])",
    "after a reduction": "y = predict(x).argmax()[:, 1]",
    "of what a function makes of it": "y = print(predict(x))[:, -1]",
    "by a negated mask": "y = predict(x)[:, ~mask]",
    "for other functions too": """
        def run():
            global y
            y = predict(x)
            print(y[:, 0])

        run()
        """,
    "of what numpy makes of it": "y = copy.copy(predict(x))[:, -1]",
    "another line's": "z = predict(x)\ny = [[1]]\nprint(y[0])",
    "a lambda": "f = lambda x: (\n    predict(x))\nf(x)",
}


@pytest.mark.parametrize("how", ONE)
def test_one_position_is_used(tmp_path, how):
    assert set(used(tmp_path, ONE[how])) == {True}


@pytest.mark.parametrize("how", MORE)
def test_more_than_one_position_may_be_used(tmp_path, how):
    assert set(used(tmp_path, MORE[how])) == {False}


def test_a_line_without_a_source_is_not_known():
    found = []
    names = {"__file__": "<made up>", "predict": lambda: found.append(uses_one_position(sys._getframe(1)))}
    exec(compile("predict()[:, -1] if False else predict()", "<made up>", "exec"), names)
    assert found == [False]


@pytest.mark.parametrize("odd", [r'print("\d")', r"print('\\')", r'print("\"\q")', "print(1or 2)"])
def test_the_program_sees_no_warning_of_its_own_source(tmp_path, odd):
    source = f"{odd}\ny = predict(x)[:, -1]\n"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of the program itself
        code = compile(source, str(tmp_path / "program.py"), "exec")
    (tmp_path / "program.py").write_text(source)
    linecache.clearcache()
    found = []

    def predict(x):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found.append(uses_one_position(sys._getframe(1)))
        return np.zeros((2, 3))

    exec(code, {"__file__": code.co_filename, "predict": predict, "x": 1})
    assert found == ["1or" not in odd]


class Lazy:
    """Makes something expensive for whoever asks what it is."""

    @property
    def __class__(self):
        raise AssertionError("asked for its class")


def test_nothing_of_the_program_is_asked_for_what_it_is(tmp_path):
    (tmp_path / "program.py").write_text("y = predict(x)[:, -1]\n")
    linecache.clearcache()
    found = []

    def predict(x):
        found.append(uses_one_position(sys._getframe(1)))
        return np.zeros((2, 3))

    code = compile("y = predict(x)[:, -1]\n", str(tmp_path / "program.py"), "exec")
    exec(code, {"__file__": code.co_filename, "predict": predict, "x": 1, "model": Lazy()})
    assert found == [True]


def test_a_notebook_s_cell_is_not_judged(tmp_path):
    source = "y = predict(x)[:, -1]\n"
    (tmp_path / "12.py").write_text(source)
    linecache.clearcache()
    found = []

    def predict(x):
        found.append(uses_one_position(sys._getframe(1)))
        return np.zeros((2, 3))

    exec(compile(source, str(tmp_path / "12.py"), "exec"), {"predict": predict, "x": 1})
    assert found == [False]
