"""A copy of the model that computes in float32."""
from __future__ import annotations

from .recipe import ON_COPY, Change, Recipe
from .snippets import cloned, user_call


def changes(usage):
    return [Change(
        "float32 in place of mixed precision", user_call(usage, model="fast"),
        setup=cloned(usage, "return type(layer).from_config({**layer.get_config(), 'dtype': 'float32'})"))]


def policies(usage):
    """The names of the layers' dtype policies."""
    found = (getattr(layer, "dtype_policy", None) or getattr(layer, "_dtype_policy", None)
             for layer in usage.layers)
    return {policy.name for policy in found if policy is not None}


def obstacle(usage):
    if not any("16" in name for name in policies(usage)):
        return "the layers compute in {}".format(", ".join(sorted(policies(usage))) or "float32")
    return None


RECIPE = Recipe(
    "float32_policy", "the model in float32 in place of 16 bits",
    "Most CPUs, and GPUs without tensor cores, have no fast kernels for 16 bits: values are cast back and "
    "forth around every op.",
    changes, obstacle, where=ON_COPY, tensorflow=(2, 4), approximate=False)
