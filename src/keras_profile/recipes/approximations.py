"""Changes that alter results, tried on request alone."""
from __future__ import annotations

from .recipe import ON_COPY, Change, Recipe
from .snippets import NUMPY, cloned, lines, user_call


def _quantized(usage):
    return [Change(
        "quantize('int8')", user_call(usage, model="fast"),
        setup=lines(cloned(usage), "fast.quantize('int8')"))]


def _half(usage):
    return [Change(
        policy, user_call(usage, model="fast"),
        setup=cloned(usage, "return type(layer).from_config({{**layer.get_config(), 'dtype': {!r}}})".format(
            policy)))
        for policy in ("mixed_bfloat16", "mixed_float16")]


def _padded(usage):
    return [Change(
        "lengths padded to the next power of two", user_call(usage, x="padded(x)"),
        setup=lines(
            NUMPY, "", "",
            "def padded(x):",
            "    length = 1 << (x.shape[1] - 1).bit_length()  # few lengths, so few traces",
            "    return np.pad(x, [(0, 0), (0, length - x.shape[1])] + [(0, 0)] * (x.ndim - 2))"))]


def _no_open_length(usage):
    shapes = [tuple(one.shape) for one in usage.model.inputs or ()] if usage.model_dtypes else []
    if len(shapes) != 1 or not usage.one_input or len(shapes[0]) < 2 or shapes[0][1] is not None:
        return "the model's input has no open length"
    return None


RECIPES = (
    Recipe(
        "quantized_int8", "the model's weights as 8-bit integers",
        "A quarter of the memory. Without kernels for 8 bits it is slower, which is the rule on CPUs.",
        _quantized, where=ON_COPY, keras=(3, 4), approximate=True, any_backend=True),
    Recipe(
        "half_precision", "the model in 16 bits",
        "Half the memory. It is faster only where the processor computes in 16 bits.",
        _half, where=ON_COPY, tensorflow=(2, 4), approximate=True, any_backend=True),
    Recipe(
        "padded_shapes", "lengths padded to few sizes",
        "Each new length may trace or compile the model again. Padding changes the results of models "
        "without a mask.",
        _padded, _no_open_length, approximate=True, any_backend=True, kinds=("array",)),
)
