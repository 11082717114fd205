"""A tensor's elements are read one by one."""

from __future__ import annotations

from ...model.program_report import ProgramCause
from ...number_words import percent
from ..library_functions import is_framework
from ..sampled_paths import SampledPath, short_function
from .program_rule import ProgramRule
from .program_view import ProgramView

#: Methods that return an element of a tensor, and functions that they call.
_OF_TENSORS = ("__iter__", "__next__", "__getitem__", "__float__", "__int__", "__index__", "__bool__")
_SLICING = ("_slice_helper", "_slice_helper_var", "_check_index")


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
            ["each element that the loop reads is a separate op"],
            "convert the tensor to a NumPy array once, before the loop (`x = x.numpy()`), and read that; or "
            "compute on the whole tensor",
        )
        for place in view.places(lambda path: path.looped and reads_an_element(path))
    ]


RULE = ProgramRule(
    id="tensor_elements",
    meaning=(
        "A loop indexes a tensor, iterates over it, or converts its elements to numbers. Each of these is a "
        "TensorFlow op, thousands of times as expensive as reading an element of an array."
    ),
    judge=judge,
)
