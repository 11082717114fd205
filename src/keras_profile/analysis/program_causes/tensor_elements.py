"""A tensor's elements are read one by one."""

from __future__ import annotations

from dataclasses import replace

from ...model.program_report import ProgramCause
from ...number_words import percent
from ..library_functions import is_framework
from ..sampled_paths import SampledPath, short_function
from .program_rule import ProgramRule
from .program_view import Place, ProgramView
from .single_ops import calls_an_op

#: Methods that return an element of a tensor, and functions that they call.
_OF_TENSORS = ("__iter__", "__next__", "__getitem__", "__float__", "__int__", "__index__", "__bool__")
_SLICING = ("_slice_helper", "_slice_helper_var", "_check_index")
#: Ops that are on single elements where such are read in the same function.
_ON_ELEMENTS = (
    "add",
    "add_v2",
    "cast",
    "div",
    "equal",
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "maximum",
    "minimum",
    "mul",
    "multiply",
    "not_equal",
    "real_div",
    "sub",
    "subtract",
    "tensor_equals",
    "tensor_not_equals",
)


def reads_an_element(path: SampledPath) -> bool:
    """Whether a path indexes a tensor, or converts one to a number."""
    for frame in path.below:
        name = short_function(frame)
        if not is_framework(frame) or ".data." in frame.module:
            continue
        if name in _SLICING or (name in _OF_TENSORS and ".framework." in frame.module):
            return True
        if name in _OF_TENSORS and (".variables" in frame.module or "resource_variable" in frame.module):
            return True
    return False


def judge(view: ProgramView) -> list[ProgramCause]:
    return [
        view.cause(
            RULE.id,
            place,
            f"Elements of a tensor are read one by one at {place.where}: "
            f"{percent(view.share(place.total_ns))} of the program",
            ["each element that the loop reads is a separate op, and so is each comparison or sum with it"],
            "convert the tensor to a NumPy array once, before the loop (`x = x.numpy()`), and read that; or "
            "compute on the whole tensor",
        )
        for read in view.places(lambda path: path.looped and reads_an_element(path))
        for place in [_with_ops(view, read)]
    ]


def _with_ops(view: ProgramView, place: Place) -> Place:
    """The place where elements are read, with the ops on them: arrays would need neither."""

    def matches(path: SampledPath) -> bool:
        at = place.frame
        is_there = path.line is not None and (path.line.file, path.line.function) == (at.file, at.function)
        return is_there and path.looped and (reads_an_element(path) or _is_on_elements(path))

    return replace(next(iter(view.places(matches)), place), frame=place.frame)


def _is_on_elements(path: SampledPath) -> bool:
    """Whether a line calls an op that takes one element as well as many."""
    return calls_an_op(path) and any(short_function(frame) in _ON_ELEMENTS for frame in path.below)


RULE = ProgramRule(
    id="tensor_elements",
    meaning=(
        "A loop indexes a tensor, iterates over it, or converts its elements to numbers. Each of these is a "
        "TensorFlow op, thousands of times as expensive as reading an element of an array."
    ),
    judge=judge,
)
