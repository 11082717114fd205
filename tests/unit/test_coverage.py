"""How well the internals table knows a release: the nearest generation, and what is missing."""

from __future__ import annotations

import pytest

from keras_profile.analysis.attribution.coverage import table_coverage
from keras_profile.analysis.attribution.internals import Internal
from support import contents


def row(qualname, *generations, module="K.a"):
    return Internal(module, qualname, "loop", True, generations, (), "")


TABLE = [
    row("old", "keras-1.0"),
    row("both", "keras-1.0", "keras-2.0"),
    row("new", "keras-2.0"),
    row("newer", "keras-2.0"),
    row("jax", "keras-2.0-jax"),
    row("helper", "python", module="abc"),
]


@pytest.fixture
def recorded():
    """A recording of a release that has the functions named; the others are not there."""

    def recorded(*there, unloaded=(), only=None):
        rows = [
            contents.internal(
                one.qualname,
                table_module=one.module,
                loaded=one.qualname not in unloaded,
                **({"file": "/k/a.py", "line": 1} if one.qualname in there else {}),
            )
            for one in TABLE
            if only is None or one.qualname in only
        ]
        return contents.recording(internals=rows)

    return recorded


def missing(coverage):
    return [one.qualname for one in coverage.missing]


def test_a_known_release_lacks_nothing(recorded):
    found = table_coverage(recorded("both", "new", "newer", "helper"), TABLE)
    assert (found.generation, found.rows, found.resolved, found.missing) == ("keras-2.0", 6, 4, [])


def test_a_release_in_between_is_nearest_to_what_it_has_most_of(recorded):
    found = table_coverage(recorded("both", "new"), TABLE)
    assert found.generation == "keras-2.0"
    assert missing(found) == ["newer"]
    found = table_coverage(recorded("both"), TABLE)
    assert (found.generation, missing(found)) == ("keras-1.0", ["old"])


def test_what_the_release_has_beside_the_generation_counts_against_it(recorded):
    # Two of three of keras-2.0 and all of keras-1.0, which has a smaller part of what is there.
    found = table_coverage(recorded("old", "both", "new", "newer"), TABLE)
    assert (found.generation, missing(found)) == ("keras-2.0", [])


def test_missing_internals_go_by_the_name_they_would_have_there(recorded):
    (one,) = table_coverage(recorded("both", "new"), TABLE).missing
    assert (one.module, one.qualname, one.phase) == ("keras.src.a", "newer", "loop")


def test_what_was_not_loaded_is_not_missing(recorded):
    assert missing(table_coverage(recorded("both", "new", unloaded=["newer"]), TABLE)) == []


def test_rows_that_are_newer_than_the_recording_do_not_count(recorded):
    found = table_coverage(recorded("both", only=["both", "new"]), TABLE)
    assert (found.rows, found.generation, missing(found)) == (2, "keras-1.0", [])


def test_without_a_keras_model_the_rows_of_keras_do_not_count():
    table = [*TABLE, row("function", "keras-2.0", module="tensorflow.a")]
    recording = contents.recording(
        internals=[
            contents.internal("both"),
            contents.internal(
                "function",
                module="tensorflow.a",
                table_module="tensorflow.a",
                file="/tensorflow/a.py",
                line=1,
            ),
        ]
    )
    found = table_coverage(contents.on(recording, keras_root=None), table)
    assert (found.generation, found.rows, found.resolved, found.missing) == ("keras-2.0", 1, 1, [])


@pytest.mark.parametrize(("root", "nearest"), [("tf_keras.src", "tf_keras-1.0"), ("keras.src", "other-1.0")])
def test_of_two_that_are_alike_it_is_the_one_of_the_same_package(root, nearest):
    recording = contents.recording(internals=[contents.internal("both", file="/k/a.py", line=1)])
    table = [row("both", "other-1.0", "tf_keras-1.0")]
    assert table_coverage(contents.on(recording, keras_root=root), table).generation == nearest


@pytest.mark.parametrize("there", [(), ("helper",)])
def test_where_nothing_of_keras_is_found_nothing_is_said(recorded, there):
    assert table_coverage(recorded(*there, only=["helper"]), TABLE) is None
