"""Most of the input is padding, and the model computes it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import UNSET

from ....model.workload import Input, Layer
from ....number_words import number, percent
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule, Threshold
from ..shared.claiming import claim, time_line
from ..shared.graph_loops import RECURRENT
from ..shared.thresholds import LEAST_SHARE

PADDED_SHARE = Threshold(
    "PADDED_SHARE",
    0.50,
    "share of the steps that are padding: from a half on, layers that compute each step take twice as long "
    "as they have to",
)

#: Layers that compute each step of a row.
_BY_STEP = (
    *RECURRENT,
    "Attention",
    "AdditiveAttention",
    "Conv1D",
    "GroupQueryAttention",
    "MultiHeadAttention",
    "SeparableConv1D",
    "TransformerDecoder",
    "TransformerEncoder",
)
#: Parts of the names of Keras' own layers that do not, or after which rows cannot have another length.
_OTHERS = re.compile(
    r"Embedding|Dense|Dropout|Pooling|Normalization|Flatten|Reshape|Input|Activation|ReLU|ELU|Softmax|Lambda|"
    r"Concatenate|Add|Subtract|Multiply|Average|Maximum|Minimum|Dot|Masking|Cropping|Padding|Permute|"
    r"RepeatVector|TimeDistributed|Lookup|Vectorization|Rescaling|Encoding|Operation|^Op|Get[Ii]tem|^TFOp|"
    r"Conv[23]D|Sequential|Functional|Model$"
)


def judge(evidence: View) -> Answer:
    inputs: list[Input] = evidence.workload("inputs")
    layers: list[Layer] = evidence.workload("layers")
    # Of several inputs, such as a text and its kind, the longest is what the layers compute.
    longest = max(inputs, key=_steps, default=None)
    if longest is None or longest.padding is UNSET or not _steps(longest):
        return NotFound("the input is not padded")
    by_step = [layer for layer in layers if layer.layer_class in _BY_STEP] or _own_after_embedding(layers)
    if not by_step:
        return NotFound("no layer of the model computes step by step")
    flow = evidence.workload("data_flow") if evidence.has("workload.data_flow") else None
    if flow is not None and flow.is_chained:
        return NotFound("the input is filled from call to call")
    share, steps = longest.padding.share, _steps(longest)
    if share < PADDED_SHARE:
        return NotFound(f"padding is {percent(share)} of the input's steps")
    usual = max(round((1 - share) * steps), 1)
    one_row = (longest.shape or [None])[0] == 1
    kinds = ", ".join(dict.fromkeys(layer.layer_class for layer in by_step))
    return claim(
        evidence,
        {"execution": share * evidence.ns("execution")},
        "computing padding is",
        title=(
            f"{percent(share)} of the steps in the input are padding, which the model computes too: rows "
            f"{'of' if one_row else 'of on average'} {number(usual)} steps are padded to {number(steps)} "
            "(up to {cost} ms a call)"
        ),
        lines=[
            f"the longest row has {number(longest.padding.longest)} steps",
            f"computed for each step: {kinds}",
            time_line(evidence, "execution", evidence.ns("execution")),
        ],
        sure="by the values of one call's input; if a layer's time grows with its steps",
        advice=_OF_ONE_ROW if one_row else "",
    )


def _own_after_embedding(layers: Sequence[Layer]) -> list[Layer]:
    """The user's own layers of a model that embeds words: what they contain is not known."""
    if not any("Embedding" in layer.layer_class for layer in layers):
        return []
    return [layer for layer in layers if not _OTHERS.search(layer.layer_class)]


def _steps(one: Input) -> int:
    """How many steps the rows of an input of whole numbers have; 0 if it is none, or if they vary."""
    shape = one.shape or []
    is_whole = "int" in (one.dtype or "")
    return (shape[1] or 0) if len(shape) == 2 and is_whole else 0


#: What to do with a single row.
_OF_ONE_ROW = (
    "pad a row only up to the next multiple of 32, if the model takes rows of any length. The outputs stay "
    "equal if it masks padding; compare them if it does not"
)

RULE = Rule(
    id="padded_inputs",
    title="Most of the input is padding",
    meaning=(
        "Rows of different lengths are filled up to one length so that they fit into one array. A layer that "
        "computes step by step computes the filling too: a mask keeps it out of the result and not out of "
        "the work. If all rows are padded to the longest text there may ever be, most of the work is for "
        "nothing."
    ),
    advice=(
        "if the model takes rows of any length: sort the rows by length, pad each batch only up to its "
        "longest row, rounded up to a multiple of 32 since each length is traced once, and restore the "
        "order. The outputs stay equal if the model masks padding; compare them if it does not"
    ),
    recognised=(
        "The longest input of whole numbers has one number at the end or at the beginning of its rows and "
        "nowhere else, in at least PADDED_SHARE of its steps, and the model has layers that compute each "
        "step: recurrent ones, attention, convolutions over steps, or your own layers in a model that embeds "
        "the input. The cost is that share of running the model, at most."
    ),
    example=(
        "x = pad_sequences(texts, maxlen=512)           # most have 20 words\n"
        "model.predict(x)\n\n"
        "for some in batches(sorted(texts, key=len)):   # of about one length\n"
        "    model.predict_on_batch(pad_sequences(some, maxlen=-(-len(some[-1]) // 32) * 32))"
    ),
    sources=(
        "https://github.com/keras-team/keras/issues/15810",
        "https://www.tensorflow.org/api_docs/python/tf/data/Dataset#bucket_by_sequence_length",
    ),
    needs=("workload.inputs", "workload.layers", "phases"),
    uses=("workload.data_flow",),
    judge=judge,
    thresholds=(PADDED_SHARE, LEAST_SHARE),
)
