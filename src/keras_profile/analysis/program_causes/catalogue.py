"""All causes outside the calls, in the order in which they claim their paths."""

from __future__ import annotations

from collections.abc import Sequence

from ...model.program_report import ProgramCause
from . import (
    batches_in_python,
    code_in_calls,
    dataset_waited_for,
    decoding,
    forked_after_start,
    imported_again,
    lock_waited_for,
    models_made,
    preprocessing,
    python_loops,
    session_cleared,
    single_ops,
    slow_imports,
    state_exported,
    tensor_elements,
    time_limit_waited_for,
    values_copied,
)
from .program_rule import ProgramRule
from .program_view import ProgramView

#: Causes that say more come first.
PROGRAM_RULES: tuple[ProgramRule, ...] = (
    forked_after_start.RULE,
    batches_in_python.RULE,
    code_in_calls.RULE,
    session_cleared.RULE,
    models_made.RULE,
    decoding.RULE,
    dataset_waited_for.RULE,
    state_exported.RULE,
    preprocessing.RULE,
    tensor_elements.RULE,
    values_copied.RULE,
    single_ops.RULE,
    python_loops.RULE,
    slow_imports.RULE,
    imported_again.RULE,
    lock_waited_for.RULE,
    time_limit_waited_for.RULE,
)


def causes_of(view: ProgramView, rules: Sequence[ProgramRule] = PROGRAM_RULES) -> list[ProgramCause]:
    """The causes found: first those that keep the program from ending, then the most expensive."""
    found = [cause for rule in rules for cause in rule.judge(view)]
    return sorted(found, key=lambda one: (one.total_ns > 0, -one.total_ns))
