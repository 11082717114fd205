"""Images or texts are prepared one by one in Python."""

from __future__ import annotations

from ...model.program import SampledFrame
from ...model.program_report import ProgramCause
from ...number_words import percent
from ..library_functions import is_framework
from ..sampled_paths import SampledPath, package_of, short_function
from .program_rule import ProgramRule
from .program_view import ProgramView

#: Packages and parts of the framework's module names that work on images and texts.
_PACKAGES = (
    "PIL",
    "cv2",
    "skimage",
    "imageio",
    "albumentations",
    "torchvision",
    "nltk",
    "spacy",
    "sentencepiece",
    "tokenizers",
    "transformers",
    "librosa",
    "re",
    "sre_parse",
    "json",
    "csv",
)
_MODULES = (".preprocessing", "image_utils", "image_ops", "sequence_utils", ".image")
_FUNCTIONS = (
    "load_img",
    "img_to_array",
    "array_to_img",
    "pad_sequences",
    "texts_to_sequences",
    "smart_resize",
)


def prepares(path: SampledPath) -> bool:
    """Whether a path is in a library function for images or texts."""
    return any(_is_for_inputs(frame) for frame in path.below)


def _is_for_inputs(frame: SampledFrame) -> bool:
    if is_framework(frame):
        return any(part in frame.module for part in _MODULES) or short_function(frame) in _FUNCTIONS
    return package_of(frame) in _PACKAGES


def judge(view: ProgramView) -> list[ProgramCause]:
    return [
        view.cause(
            RULE.id,
            place,
            f"Preparing images or texts one by one at {place.where} takes "
            f"{percent(view.share(place.total_ns))} of the program",
            ["it is called in your own loop"],
            "prepare them in a dataset: `dataset.map(prepare, num_parallel_calls=tf.data.AUTOTUNE)` and "
            "`prefetch` do it on other threads while the model runs; or process all of them at once",
        )
        for place in view.places(lambda path: path.looped and prepares(path))
    ]


RULE = ProgramRule(
    id="preprocessing",
    meaning="Images or texts are read, decoded, resized or tokenised one by one in a Python loop.",
    judge=judge,
)
