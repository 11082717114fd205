"""Ops that compute nothing take much of the model's time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    "share of kernel time that ops without arithmetic take: in healthy networks, concatenations, paddings "
    "and attention's transposes stay below a quarter",
)

FOLDED_SHARE = Threshold(
    "FOLDED_SHARE",
    0.33,
    "share that the transposition has of a matrix product fused with it: with one to eight rows, such a "
    "product took 1.5 to 5 times as long as one whose weights need no transposition",
)

#: TensorFlow's name for a product fused with the transposition before it.
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


@dataclass(frozen=True)
class _Kind:
    """What is moved, as the graph shows it: what a layer does, and what to do instead."""

    does: str
    advice: str


_KINDS: Mapping[str, _Kind] = {
    "many_axes": _Kind(
        "transposes a tensor of {axes} axes, shape {shape}",
        "before the transpose, reshape neighbouring axes that stay together into one: TensorFlow's kernel is "
        "fast for up to 8",
    ),
    "weights": _Kind(
        "transposes weights of shape {shape}, which are the same on each call",
        "keep a transposed copy of the weights (`tie_weights=False` in a `ReversibleEmbedding`)",
    ),
    "softmax": _Kind(
        "moves an axis of a tensor of shape {shape} to the end for a softmax, and back",
        "lay the tensor out so that the softmax is along its last axis",
    ),
    "one_hot": _Kind(
        "multiplies weights by one-hot rows of shape {shape}, nearly all zeros",
        "use `Embedding` or a gather, which look the rows up",
    ),
}


@dataclass(frozen=True)
class _Kernel:
    """A kernel's path and op, its ns per call, and how many of those move data."""

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
    # The most expensive op of each kind represents its kind.
    because = {one.because.kind: one.because for one in reversed(moving) if one.because is not None}
    if share < (LEAST_SHARE if because else MOVED_SHARE):
        return NotFound(f"moving data is {percent(share)} of kernel time")
    # Kernels run on several threads: they take at most their own time from the call.
    return claim(
        evidence,
        {"execution": min(share * evidence.ns("execution"), moved_ns)},
        "moving data is",
        title=_title(evidence.layers, moving, share),
        advice=_KINDS[moving[0].because.kind].advice if moving[0].because else "",
        lines=[
            *(
                f"{one.path}: {one.op}, {milliseconds(one.ns)} ms, {percent(one.ns / whole)} of kernel time"
                for one in moving[:3]
            ),
            *(f"{moved.op} {_does(moved)}: {_KINDS[moved.kind].advice}" for moved in because.values()),
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
    """Whether a kernel is this op of the graph (under any prefix), or does its work."""
    if path == moved.op or path.endswith("/" + moved.op):
        return True
    scope = moved.op.rpartition("/")[0] + "/"
    return moved.kind == "weights" and _FOLDED in path and scope in "/" + path


def _is_kernel(name: str) -> bool:
    path, _, op = name.rpartition(":")
    return "/" in path and op.isidentifier()


def _title(layers: Sequence[LayerShare], moving: Sequence[_Kernel], share: float) -> str:
    first = moving[0]
    holding = next((layer for layer in layers if f"/{layer.layer}" in f"/{first.path}"), None)
    where = "" if holding is None else f"{holding.layer} ({holding.layer_class})"
    of_all = f"{percent(share)} of the model's kernel time only moves data ({{cost}} ms a call)"
    if first.because is not None:
        return f"{where or 'The model'} {_does(first.because)}: {of_all}"
    names = " and ".join(list(dict.fromkeys(one.op for one in moving))[:2])
    return f"{names}{where and ' in '}{where}: {of_all}"


def _does(moved: MovedData) -> str:
    shape = moved.shape or []
    written = " × ".join("?" if size is None else f"{size:,}" for size in shape) or "unknown"
    return _KINDS[moved.kind].does.format(axes=len(shape), shape=written)


RULE = Rule(
    id="data_moved",
    title="Ops that compute nothing take much of the model's time",
    meaning=(
        "Transposes, casts, one-hot rows, paddings and concatenations move data through memory and compute "
        "nothing. TensorFlow transposes tensors of more than 8 axes one element at a time. Weights that the "
        "model transposes are transposed on each call. A softmax along any axis but the last transposes its "
        "tensor twice. A product with one-hot rows multiplies by zeros, while an embedding only looks up."
    ),
    advice=(
        "keep data in the layout that the next op reads: few axes, softmax over the last one, an "
        "embedding for one-hot rows"
    ),
    recognised=(
        "Ops without arithmetic take at least MOVED_SHARE of the model's kernel time and LEAST_SHARE of the "
        "call. LEAST_SHARE of kernel time is enough if the graph shows a transpose of many axes, of weights "
        "or around a softmax, or a product with one-hot rows."
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
