"""Outputs are decoded line by line: CTC, beam search, non-maximum suppression."""

from __future__ import annotations

from ...model.program_report import ProgramCause
from ...number_words import percent
from ..sampled_paths import SampledPath, short_function
from .program_rule import ProgramRule
from .program_view import ProgramView

#: How names of library functions that decode a model's outputs begin.
_DECODING = (
    "ctc_decode",
    "ctc_beam_search",
    "ctc_greedy",
    "ctc_label_dense",
    "non_max_suppression",
    "batched_non_max_suppression",
    "combined_non_max_suppression",
    "beam_search",
    "viterbi_decode",
    "crf_decode",
    "edit_distance",
)


def decodes(path: SampledPath) -> bool:
    """Whether a path is in a library's function that decodes."""
    return any(short_function(frame).lstrip("_").startswith(_DECODING) for frame in path.below)


def judge(view: ProgramView) -> list[ProgramCause]:
    return [
        view.cause(
            RULE.id,
            place,
            f"Decoding the outputs at {place.where} takes {percent(view.share(place.total_ns))} of "
            "the program",
            ["it is called outside the model, on the model's outputs"],
            "decode all rows of a batch in one call; a greedy decoder, a narrower beam or fewer candidates "
            "take a fraction of the time; single ops cost less within a `tf.function`",
        )
        for place in view.places(decodes)
    ]


RULE = ProgramRule(
    id="decoding",
    meaning=(
        "Decoding the outputs is slower than the model: CTC decoding, beam search or non-maximum "
        "suppression, called line by line outside the model."
    ),
    judge=judge,
)
