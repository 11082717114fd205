"""Which of Keras' entry points the functions of a whole program work for: inference, training, or none.

A stack is read from its outermost function on, and has a state; each function changes it by its kind.
Counts know no stacks: there each function has a share of each state, which changes in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .internals import internals_table
from .named_functions import NamedFunction

#: What runs: the program, a framework on its behalf, the making of a model, or an entry point.
PROGRAM, FRAMEWORK, MAKING = "program", "framework", "making"
PREDICT, ON_BATCH, CALL, FIT, EVALUATE = "predict", "predict_on_batch", "call", "fit", "evaluate"
STATES = (PROGRAM, FRAMEWORK, MAKING, PREDICT, ON_BATCH, CALL, FIT, EVALUATE)
STATE_NUMBER = {state: number for number, state in enumerate(STATES)}
INFERENCE = (PREDICT, ON_BATCH, CALL)
TRAINING = (FIT, EVALUATE)

#: Methods of models, by their name, and the entry point that they count for.
METHODS = {
    "predict": PREDICT,
    "predict_generator": PREDICT,
    "predict_on_batch": ON_BATCH,
    "fit": FIT,
    "fit_generator": FIT,
    "train_on_batch": FIT,
    "evaluate": EVALUATE,
    "evaluate_generator": EVALUATE,
    "test_on_batch": EVALUATE,
}
#: Other methods of models that only a program calls.
_OTHER_METHODS = (
    "__init__",
    "add",
    "compile",
    "export",
    "load_weights",
    "save",
    "save_weights",
    "set_weights",
    "summary",
)
_CALLED = ("Layer.__call__", "Model.__call__")
#: Functions of Keras below which a call of a layer makes a part of a model.
_MAKES = (
    "symbolic_call",
    "_functional_construction_call",
    "compute_output_spec",
    "build",
    "build_wrapper",
    "_maybe_build",
    "_maybe_rebuild",
    "add_weight",
)

#: Kinds of functions that are no entry point: those that change no state, a framework's, a method that only
#: the program calls, a module of the user's that runs, and those that make a part of a model.
PLAIN, OF_FRAMEWORK, OTHER_METHOD, USERS_MODULE, MAKES = (
    "plain",
    "of_framework",
    "other_method",
    "users_module",
    "makes",
)
KINDS = (PLAIN, OF_FRAMEWORK, OTHER_METHOD, USERS_MODULE, MAKES, *INFERENCE, *TRAINING)
#: Kinds of functions that a framework does not call itself.
CALLED_BY_PROGRAM = (PREDICT, ON_BATCH, *TRAINING, OTHER_METHOD)
#: Calls of layers that cost less than this part of the making of models are that.
_LEAST_CALLED = 0.25
_OUTSIDE = (PROGRAM, FRAMEWORK, MAKING)

#: The modules of the table that have the entry points' methods.
_MODULES = {
    row.module for row in internals_table() if row.phase == "entry" and row.qualname.endswith(".predict")
}


def kind_of(function: NamedFunction) -> str:
    """The kind of a function, by which it changes the state."""
    if function.module in _MODULES and function.name in METHODS:
        return METHODS[function.name]
    if function.row is not None and function.row.qualname in _CALLED:
        return CALL
    if function.is_framework:
        if function.is_wrapper:
            return PLAIN
        if function.name in _OTHER_METHODS:
            return OTHER_METHOD
        return MAKES if function.name in _MAKES else OF_FRAMEWORK
    return USERS_MODULE if function.is_users and function.name == "<module>" else PLAIN


def after(state: str, kind: str) -> str:
    """The state below a function of a kind that is called in a state.

    >>> after(PROGRAM, PREDICT), after(PREDICT, CALL), after(FIT, PREDICT), after(FIT, EVALUATE)
    ('predict', 'predict', 'predict', 'fit')
    >>> after(FRAMEWORK, CALL), after(CALL, MAKES)  # as a model is made
    ('framework', 'making')
    """
    if kind in (OF_FRAMEWORK, OTHER_METHOD):
        return FRAMEWORK if state == PROGRAM else state
    if kind == USERS_MODULE:
        return PROGRAM if state in _OUTSIDE else state
    if kind == MAKES:
        return MAKING if state in (PROGRAM, FRAMEWORK, CALL) else state
    if kind in (PREDICT, ON_BATCH):
        return state if state in (PREDICT, ON_BATCH) else kind
    if kind in TRAINING:
        return kind if state in (*_OUTSIDE, CALL) else state
    if kind == CALL:
        return CALL if state == PROGRAM else state
    return state


def is_making(called: float, making: float) -> bool:
    """Whether calls of layers only made a model: what they cost, next to the making itself.

    A layer that is called to make a model runs a few lines of its own before the making begins.
    """
    return called < _LEAST_CALLED * making


def transitions(kinds: Sequence[str]) -> npt.NDArray[np.int64]:
    """The number of the state after each function, by the state before it: a row a function."""
    of_kind = {kind: [STATE_NUMBER[after(state, kind)] for state in STATES] for kind in KINDS}
    return np.array([of_kind[kind] for kind in kinds], dtype=np.int64).reshape(-1, len(STATES))
