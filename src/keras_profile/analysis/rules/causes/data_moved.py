"""Ops that compute nothing are much of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ....model.report import LayerShare, NativeShare
from ....model.workload import BuiltGraph, MovedData
from ....number_words import milliseconds, percent
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule, Threshold
from ..shared.claiming import claim
from ..shared.thresholds import LEAST_SHARE

MOVED_SHARE = Threshold(
    "MOVED_SHARE",
    0.40,
    "share of the kernels that ops without arithmetic have: concatenations, paddings and attention's "
    "transposes of healthy networks stay below a quarter",
)

FOLDED_SHARE = Threshold(
    "FOLDED_SHARE",
    0.33,
    "share of a product with transposed weights that the transposition has, where the two are one kernel: "
    "of one row to eight, such a product took 1.5 to 5 times one with the weights as they are multiplied",
)

#: How TensorFlow names a product that transposes by itself what an op transposed before.
_FOLDED = "FoldTransposeIntoMatMul"
#: Ops that copy, rearrange or convert, and compute nothing.
_MOVING = (
    "BatchToSpaceND",
    "BroadcastTo",
    "Cast",
    "ConcatV2",
    "ConjugateTranspose",
    "MirrorPad",
    "OneHot",
    "Pack",
    "Pad",
    "PadV2",
    "ReverseV2",
    "Roll",
    "SpaceToBatchND",
    "Split",
    "SplitV",
    "StridedSlice",
    "Tile",
    "Transpose",
    "Unpack",
)
#: What is said of an op by what the graph shows.
_BECAUSE = {
    "many_axes": "{op} rearranges tensors of {axes} axes, shape {shape}: TensorFlow's kernel is quick for "
    "up to 8; reshape neighbouring axes that stay together into one first",
    "weights": "{op} transposes weights of shape {shape}, which are the same in each call: keep a copy "
    "of them as they are multiplied (tie_weights=False in a ReversibleEmbedding)",
    "softmax": "{op} brings an axis of a tensor of shape {shape} to the end for a softmax, and back: lay the "
    "tensor out so that the softmax is along its last axis",
    "one_hot": "{op} multiplies weights by one-hot rows of shape {shape}, nearly all zeros: Embedding, or a "
    "gather, takes the rows of the weights as they are",
}


@dataclass(frozen=True)
class _Kernel:
    """A kernel's path and op, its ns of a call, and how many of them are for moving data."""

    path: str
    op: str
    ns: int
    moved_ns: float
    because: MovedData | None


def judge(evidence: View) -> Answer:
    graphs: list[BuiltGraph] = (
        evidence.workload("cold_traces") if evidence.has("workload.cold_traces") else []
    )
    known = [moved for graph in graphs for moved in graph.moves or ()]
    kernels = [_kernel(event, known) for event in evidence.native if _is_kernel(event.event)]
    whole = sum(one.ns for one in kernels)
    if not whole:
        return NotFound("no kernels of the model were traced")
    moving = sorted((one for one in kernels if one.moved_ns), key=lambda one: -one.moved_ns)
    moved_ns = sum(one.moved_ns for one in moving)
    share = moved_ns / whole
    # The most expensive op of each kind stands for all of its kind.
    because = {one.because.kind: one.because for one in reversed(moving) if one.because is not None}
    if share < (LEAST_SHARE if because else MOVED_SHARE):
        return NotFound(f"moving data is {percent(share)} of all kernels")
    # Kernels run on several threads: their part of the time is at most their own.
    return claim(
        evidence,
        {"execution": min(share * evidence.ns("execution"), moved_ns)},
        "moving data is",
        title=_title(evidence.layers, moving, share),
        lines=[
            *(
                f"{one.path}: {one.op}, {milliseconds(one.ns)} ms, {percent(one.ns / whole)} of all kernels"
                for one in moving[:3]
            ),
            *(_because(moved) for moved in because.values()),
        ],
        sure="by the kernels of the tensorflow capture, on all threads",
    )


def _kernel(event: NativeShare, known: Sequence[MovedData]) -> _Kernel:
    path, _, op = event.event.rpartition(":")
    because = next((moved for moved in known if _is_of(path, moved)), None)
    part = 0.0
    if op in _MOVING or (because is not None and because.kind != "weights"):
        part = 1.0
    elif because is not None:
        part = float(FOLDED_SHARE)
    return _Kernel(path, op, event.self_ns, part * event.self_ns, because)


def _is_of(path: str, moved: MovedData) -> bool:
    """Whether a kernel is the op of the graph, whose name may follow another's, or does its work."""
    if path == moved.op or path.endswith("/" + moved.op):
        return True
    scope = moved.op.rpartition("/")[0] + "/"
    return moved.kind == "weights" and _FOLDED in path and scope in "/" + path


def _is_kernel(name: str) -> bool:
    path, _, op = name.rpartition(":")
    return "/" in path and op.isidentifier()


def _title(layers: Sequence[LayerShare], moving: Sequence[_Kernel], share: float) -> str:
    names = " and ".join(list(dict.fromkeys(one.op for one in moving))[:2])
    holding = [layer for layer in layers if any(f"/{layer.layer}" in f"/{one.path}" for one in moving[:1])]
    where = f" in {holding[0].layer} ({holding[0].layer_class})" if holding else ""
    return f"{names}{where}: {percent(share)} of the model's kernels only move data ({{cost}} ms a call)"


def _because(moved: MovedData) -> str:
    shape = moved.shape or []
    written = " × ".join("?" if size is None else f"{size:,}" for size in shape) or "unknown"
    return _BECAUSE[moved.kind].format(op=moved.op, axes=len(shape), shape=written)


RULE = Rule(
    id="data_moved",
    title="Ops that compute nothing are much of the model",
    meaning=(
        "Transposes, casts, one-hot rows, paddings and concatenations move data through memory and compute "
        "nothing. TensorFlow transposes tensors of more than 8 axes one element after the other; weights "
        "that are transposed in the model are so in each call; a softmax along another axis than the last "
        "transposes its tensor twice; and a product with one-hot rows multiplies by zeros what an embedding "
        "only looks up."
    ),
    recognised=(
        "By kernels, ops without arithmetic have most of the model's time, or the graph shows that an op "
        "which has at least the least share of the call is a transpose of many axes, one of weights, one "
        "around a softmax, or a product with one-hot rows."
    ),
    example=(
        "x = ops.transpose(x, [0, 16, *range(1, 16)])      # 17 axes of 2\n\n"
        "x = ops.reshape(x, (-1, 2**15, 2))                # neighbours that stay together are one axis\n"
        "x = ops.transpose(x, [0, 2, 1])"
    ),
    sources=(
        "https://github.com/tensorflow/tensorflow/issues/27383",
        "https://github.com/tensorflow/tensorflow/issues/15697",
        "https://github.com/huggingface/transformers/issues/6264",
    ),
    needs=("native", "layers", "phases"),
    uses=("workload.cold_traces",),
    judge=judge,
    thresholds=(MOVED_SHARE, FOLDED_SHARE, LEAST_SHARE),
    recipes=("function_jit_compiled",),
)
