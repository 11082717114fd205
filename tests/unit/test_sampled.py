"""The partition by samples, and what of it has no name."""

from __future__ import annotations

import pytest

from keras_profile.analysis.attribution.sampled import BUILT_IN, sampled_partition
from keras_profile.analysis.attribution.vocabulary import NUMBER, PHASES
from keras_profile.model.call_graph import Function
from keras_profile.model.samples import Samples
from support import contents

#: name -> phase of the functions that the table names; all others it does not.
NAMED = {
    "predict": "entry",
    "loop": "loop",
    "run": "execution",
    "trace": "function_tracing",
    "destroy": "teardown",
    "wrapper": "transparent",
}


def function(name):
    """The frame of a function; names with ``()`` are built-in."""
    if name.endswith("()"):
        return Function(BUILT_IN, 0, name)
    return Function("/k/a.py", 10 + list(NAMED).index(name) if name in NAMED else 99, name)


@pytest.fixture
def sampled():
    """The partition of samples (stack as one text, call, weight)."""

    def sampled(*taken):
        names = sorted({name for stack, _, _ in taken for name in stack.split()})
        stacks = sorted({stack for stack, _, _ in taken})
        samples = Samples(
            [function(name) for name in names],
            [tuple(names.index(name) for name in stack.split()) for stack in stacks],
            [stacks.index(stack) for stack, _, _ in taken],
            [call for _, call, _ in taken],
            [weight for _, _, weight in taken],
        )
        internals = [
            contents.internal("Trainer." + name, file="/k/a.py", line=10 + number)
            for number, name in enumerate(NAMED)
        ]
        internals.append(contents.internal("absent"))
        return sampled_partition(samples, internals, [*NAMED.values(), "callbacks"])

    return sampled


def phases(columns, call=0):
    return {phase: int(value) for phase, value in zip(PHASES, columns[call]) if value}


def test_the_innermost_named_frame_wins(sampled):
    parts = sampled(("predict loop run", 0, 5), ("predict loop", 0, 3), ("predict", 0, 2))
    assert phases(parts.self_ns) == {"execution": 5, "loop": 3, "entry": 2}
    assert phases(parts.unnamed_ns) == {}


def test_unnamed_frames_belong_to_the_named_one_above_and_are_told(sampled):
    parts = sampled(("predict loop helper deeper", 0, 5), ("predict loop", 0, 3))
    assert phases(parts.self_ns) == {"loop": 8}
    assert phases(parts.unnamed_ns) == {"loop": 5}


def test_unnamed_frames_above_a_named_one_do_not_matter(sampled):
    parts = sampled(("predict helper run", 0, 5))
    assert phases(parts.self_ns) == {"execution": 5}
    assert phases(parts.unnamed_ns) == {}


def test_a_built_in_function_is_part_of_its_caller(sampled):
    parts = sampled(("predict run TFE_Execute()", 0, 5))
    assert phases(parts.self_ns) == {"execution": 5}
    assert phases(parts.unnamed_ns) == {}


def test_a_built_in_function_below_an_unnamed_one_is_unnamed(sampled):
    assert phases(sampled(("predict helper len()", 0, 5)).unnamed_ns) == {"entry": 5}


def test_a_wrapper_belongs_to_what_is_above(sampled):
    parts = sampled(("predict loop wrapper", 0, 5))
    assert phases(parts.self_ns) == {"loop": 5}
    assert phases(parts.unnamed_ns) == {}


@pytest.mark.parametrize(
    ("stack", "phase"),
    [
        ("predict trace run", "function_tracing"),
        ("predict destroy loop run", "teardown"),
        ("trace destroy", "function_tracing"),
    ],
)
def test_sticky_phases_keep_all_below_them(sampled, stack, phase):
    assert phases(sampled((stack, 0, 5)).self_ns) == {phase: 5}


def test_what_is_unnamed_below_a_sticky_phase_is_told(sampled):
    parts = sampled(("predict trace helper", 0, 5), ("predict trace run", 0, 3))
    assert phases(parts.self_ns) == {"function_tracing": 8}
    assert phases(parts.unnamed_ns)["function_tracing"] >= 5


def test_a_stack_without_any_named_frame_is_unattributed_and_unnamed(sampled):
    parts = sampled(("helper deeper", 0, 5))
    assert phases(parts.self_ns) == {"unattributed": 5}
    assert phases(parts.unnamed_ns) == {"unattributed": 5}


def test_wrappers_alone_are_entry_before_and_teardown_after(sampled):
    parts = sampled(("wrapper", 0, 1), ("wrapper predict", 0, 2), ("wrapper", 0, 4))
    assert phases(parts.self_ns) == {"entry": 3, "teardown": 4}


def test_unnamed_shares_outside_all_internals_are_told(sampled):
    parts = sampled(
        ("helper", 0, 1),
        ("wrapper", 0, 3),
        ("wrapper predict", 0, 9),
        ("wrapper helper", 0, 1),
        ("wrapper", 0, 1),
    )
    assert (parts.unnamed_before, parts.unnamed_after) == (0.25, 0.5)


def test_anyones_destructor_outside_all_internals_is_teardown(sampled):
    parts = sampled(("predict run", 0, 5), ("helper __del__ deeper", 0, 6), ("helper", 0, 2))
    assert phases(parts.self_ns) == {"execution": 5, "teardown": 6, "unattributed": 2}
    assert phases(parts.unnamed_ns) == {"unattributed": 2}
    assert parts.unnamed_after == 0.25


def test_a_destructor_below_a_named_frame_is_part_of_it(sampled):
    assert phases(sampled(("predict loop __del__", 0, 5)).self_ns) == {"loop": 5}


def test_a_wrapper_below_a_function_of_the_users_is_known(sampled):
    parts = sampled(
        ("mine wrapper", 0, 1),
        ("mine wrapper predict run", 0, 5),
        ("mine wrapper", 0, 4),
        ("mine wrapper sleep()", 0, 2),
        ("mine", 0, 3),
        ("mine sleep()", 0, 1),
    )
    assert phases(parts.self_ns) == {"entry": 1, "execution": 5, "teardown": 6, "unattributed": 4}
    assert (parts.unnamed_before, parts.unnamed_after) == (0.0, 0.4)


def test_without_time_outside_there_is_nothing_unnamed_there(sampled):
    parts = sampled(("predict helper", 0, 5))
    assert (parts.unnamed_before, parts.unnamed_after) == (0, 0)


def test_unnamed_time_before_is_no_sign_that_the_call_is_over(sampled):
    parts = sampled(("helper", 0, 1), ("wrapper", 0, 3), ("predict", 0, 2))
    assert phases(parts.self_ns) == {"unattributed": 1, "entry": 5}


def test_the_next_call_begins_anew(sampled):
    parts = sampled(("wrapper predict", 0, 2), ("wrapper", 1, 4))
    assert phases(parts.self_ns, 1) == {"entry": 4}


def test_calls_are_apart_and_those_without_samples_have_nothing(sampled):
    parts = sampled(("predict", 0, 2), ("predict run", 2, 4))
    assert parts.self_ns.sum(axis=1).tolist() == [2, 0, 4]


def test_all_weight_is_somewhere_and_samples_are_counted(sampled):
    parts = sampled(*(("predict loop helper", n % 3, n) for n in range(1, 30)), ("none", 0, 7))
    assert parts.self_ns.sum() == sum(range(1, 30)) + 7
    assert parts.samples[:, NUMBER["loop"]].tolist() == [9, 10, 10]
    assert (parts.unnamed_ns <= parts.self_ns).all()


def test_a_function_of_the_same_name_on_another_line_is_not_the_named_one():
    samples = Samples(
        [Function("/k/a.py", 77, "run"), Function("/k/b.py", 12, "run")], [(0,), (1,)], [0, 1], [0, 0], [3, 4]
    )
    parts = sampled_partition(samples, [contents.internal("run", file="/k/a.py", line=12)], ["execution"])
    assert phases(parts.self_ns) == {"unattributed": 7}


def test_no_samples_give_no_rows():
    assert sampled_partition(Samples([], [], [], [], []), [], []).self_ns.shape == (0, len(PHASES))
