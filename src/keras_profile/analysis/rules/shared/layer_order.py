"""Whether a model runs its layers in the order in which it lists them."""

from __future__ import annotations

#: Models whose layers are listed in an order in which none depends on a later one; ``Model`` before TF 2.4.
IN_ORDER = ("Functional", "Sequential", "Model")
