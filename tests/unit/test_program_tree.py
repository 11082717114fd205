"""The call tree of a program: time is neither lost nor made where frames are left out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from keras_profile.analysis.program_tree import _add_up, _all, _fold, _Node, _shorten

#: A path of functions of a library, and the time that it stands for. Few names, so that they meet.
PATHS = st.lists(
    st.tuples(st.lists(st.sampled_from("abcd"), min_size=1, max_size=6), st.integers(0, 1000)),
    min_size=1,
    max_size=30,
)


def tree(paths):
    root = _Node("program", "app.py", "")
    for names, ns in paths:
        node = root.child("library", "begin", "lib")
        for name in names:
            node = node.child("library", name, "lib")
        node.self_ns += ns
    _add_up(root)
    return root


def check(root, whole):
    nodes = _all(root)
    assert all(node.self_ns >= 0 for node in nodes)
    assert all(
        node.total_ns == node.self_ns + sum(child.total_ns for child in node.children.values())
        for node in nodes
    )
    assert root.total_ns == sum(node.self_ns for node in nodes) == whole
    assert all(
        (child.kind, child.name, child.where) == key for node in nodes for key, child in node.children.items()
    )


@given(PATHS, st.integers(0, 300))
@settings(max_examples=300, deadline=None)
def test_the_time_stays_whatever_is_left_out(paths, least):
    root = tree(paths)
    whole = root.total_ns
    _shorten(root)
    check(root, whole)
    _fold(root, least)
    check(root, whole)


def test_a_function_that_is_called_both_ways_is_one():
    # begin calls run, and wrapper, which does nothing but to call run.
    root = tree([(["run"], 100), (["wrapper", "run"], 40), (["wrapper", "run", "inner"], 300)])
    _shorten(root)
    (begin,) = root.children.values()
    assert {child.name: child.total_ns for child in begin.children.values()} == {"run": 440}
