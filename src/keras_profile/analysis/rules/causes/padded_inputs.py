"""Most of the input is padding, and the model computes it."""

from __future__ import annotations

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
    "share of the steps that are padding: texts that are padded to the longest one of their batch have about "
    "a third",
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


def judge(evidence: View) -> Answer:
    inputs: list[Input] = evidence.workload("inputs")
    layers: list[Layer] = evidence.workload("layers")
    padded = [one for one in inputs if one.padding is not UNSET]
    if not padded:
        return NotFound("no input is padded")
    by_step = [layer for layer in layers if layer.layer_class in _BY_STEP]
    if not by_step:
        return NotFound("no layer of the model computes step by step")
    first = max(padded, key=lambda one: _share(one))
    share = _share(first)
    if share < PADDED_SHARE:
        return NotFound(f"padding is {percent(share)} of the input's steps")
    rows, steps = (first.shape or [None, None])[:2]
    steps = steps or 0
    usual = max(round((1 - share) * steps), 1)
    kinds = ", ".join(dict.fromkeys(layer.layer_class for layer in by_step))
    one_row = rows == 1
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
            f"the longest row has {number(_longest(first))} steps",
            f"computed for each step: {kinds}",
            time_line(evidence, "execution", evidence.ns("execution")),
        ],
        sure="by the values of the input; if a layer's time grows with its steps",
        advice=_OF_ONE_ROW if one_row else "",
    )


def _share(one: Input) -> float:
    return 0.0 if one.padding is UNSET else one.padding.share


def _longest(one: Input) -> int:
    return 0 if one.padding is UNSET else one.padding.longest


#: What to do with a single row.
_OF_ONE_ROW = (
    "pad a row only up to one of a few lengths, such as multiples of 32: the outputs stay equal if the model "
    "masks padding; compare them if it does not"
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
        "sort the rows by length, and pad each batch only up to its longest row, in a few lengths such as "
        "multiples of 32 since each one is traced once. The outputs stay equal if the model masks padding; "
        "compare them if it does not"
    ),
    recognised=(
        "The rows of an input end or begin with one whole number, or with features that are all zero, in "
        "at least PADDED_SHARE of its steps, and the model has layers that compute each step: recurrent "
        "ones, attention, convolutions over steps. The cost is that share of running the model, at most."
    ),
    example=(
        "x = pad_sequences(texts, maxlen=512)           # most have 20 words\n"
        "model.predict(x)\n\n"
        "for some in batches(sorted(texts, key=len)):   # of about one length\n"
        "    model.predict_on_batch(pad_sequences(some))"
    ),
    sources=(
        "https://github.com/keras-team/keras/issues/15810",
        "https://www.tensorflow.org/api_docs/python/tf/data/Dataset#bucket_by_sequence_length",
    ),
    needs=("workload.inputs", "workload.layers", "phases"),
    judge=judge,
    thresholds=(PADDED_SHARE, LEAST_SHARE),
)
