"""A copy of the model that computes in float32."""

from __future__ import annotations

from .recipe import ON_COPY, Change, Recipe
from .simplicity import MODEL
from .snippets import user_call, with_setting
from .usage import Usage

SIXTEEN_BITS = ("float16", "bfloat16")


def changes(usage: Usage) -> list[Change]:
    call = user_call(usage, model="fast")
    if usage.one_output and usage.outputs.dtype in SIXTEEN_BITS:
        call += ".astype({!r})".format(usage.outputs.dtype)
    return [
        Change(
            "float32 in place of 16 bits",
            call,
            setup=with_setting(usage, "layer.compute_dtype in {}".format(SIXTEEN_BITS), "dtype", "float32"),
        )
    ]


def obstacle(usage: Usage) -> str | None:
    if not set(SIXTEEN_BITS) & set(usage.compute_dtypes):
        return "the layers compute in {}".format(" and ".join(usage.compute_dtypes) or "float32")
    if usage.outputs_have(*SIXTEEN_BITS) and (not usage.one_output or usage.entry.startswith("call")):
        return "the outputs would have another dtype"
    return None


RECIPE = Recipe(
    "float32_policy",
    "the model in float32 in place of 16 bits",
    "Most CPUs, and GPUs without tensor cores, have no fast kernels for 16 bits: values are cast back and "
    "forth around every op.",
    changes,
    obstacle,
    simplicity=MODEL,
    where=ON_COPY,
    entries=("predict", "predict_on_batch", "call", "call_inference"),
    tensorflow=(2, 4),
    exchanges_layers=True,
    harmless=True,
)
