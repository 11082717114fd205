"""Finds ops of a graph that only move data, if that is slow or unnecessary."""

from __future__ import annotations

from typing import Any

#: TensorFlow's kernel has fast paths for tensors of up to this many axes:
#: https://github.com/tensorflow/tensorflow/blob/v2.21.0/tensorflow/core/kernels/transpose_functor.h
FAST_AXES = 8
#: Ops that multiply matrices, and ops that change only the type and shape of values.
_PRODUCTS = ("MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3", "Einsum")
_THROUGH = ("Cast", "Identity", "Reshape", "Transpose", "ExpandDims", "Squeeze")
_SOFTMAX = ("Softmax", "LogSoftmax")
_MOST_STEPS = 6
#: At most this many ops of a graph are reported.
_MOST = 20


def moved_data(graph: Any) -> list[dict[str, Any]]:
    """Finds transposes of many axes, of weights and around a softmax, and products with a one-hot matrix.

    ``op`` is the name in the graph, ``kind`` one of ``many_axes``, ``weights``, ``softmax`` and
    ``one_hot``, ``shape`` that of what is moved, with None for an open size or rank.
    """
    found = []
    for op in graph.get_operations():
        kind = op.type
        if kind == "Transpose":
            moved = op.inputs[0]
            if (moved.shape.rank or 0) > FAST_AXES:
                found.append(_told(op, "many_axes", moved))
            elif _comes_from(moved, "ReadVariableOp", ("Cast", "Identity")) is not None:
                found.append(_told(op, "weights", moved))
            elif _is_around_softmax(op):
                found.append(_told(op, "softmax", moved))
        elif kind in _PRODUCTS:
            for factor in op.inputs[:2]:
                one_hot = _comes_from(factor, "OneHot", _THROUGH)
                if one_hot is not None:
                    found.append(_told(op, "one_hot", one_hot))
    return found[:_MOST]


def _is_around_softmax(transpose: Any) -> bool:
    """Whether it is one of the two transposes that a softmax needs along any axis but the last.

    https://github.com/tensorflow/tensorflow/blob/v2.21.0/tensorflow/python/ops/nn_ops.py
    (``_wrap_2d_function``)
    """
    before = [op for op in transpose.outputs[0].consumers() if op.type in _SOFTMAX]
    if before:
        return any(op.type == "Transpose" for op in before[0].outputs[0].consumers())
    after = transpose.inputs[0].op
    return after.type in _SOFTMAX and after.inputs[0].op.type == "Transpose"


def _comes_from(tensor: Any, kind: str, through: tuple[str, ...]) -> Any:
    """Returns the output of the op of this kind that the tensor comes from, None if it comes from others."""
    for _ in range(_MOST_STEPS):
        if tensor.op.type == kind:
            return tensor
        if tensor.op.type not in through:
            return None
        tensor = tensor.op.inputs[0]
    return None


def _told(op: Any, kind: str, moved: Any) -> dict[str, Any]:
    shape = moved.shape
    return {"op": op.name, "kind": kind, "shape": None if shape.rank is None else shape.as_list()}
