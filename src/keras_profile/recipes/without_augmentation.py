"""A copy of the model without layers that only training needs."""

from __future__ import annotations

from .recipe import ARRAYS, ON_COPY, Change, Recipe
from .simplicity import MODEL
from .snippets import cloned, user_call
from .usage import Usage

#: Layers that do nothing at inference.
AUGMENTATION = (
    "RandomFlip",
    "RandomRotation",
    "RandomZoom",
    "RandomTranslation",
    "RandomContrast",
    "RandomBrightness",
    "RandomCrop",
    "RandomHeight",
    "RandomWidth",
    "RandomErasing",
    "RandomShear",
    "RandomColorJitter",
    "RandomGaussianBlur",
    "RandomGrayscale",
    "RandomHue",
    "RandomInvert",
    "RandomPerspective",
    "RandomPosterization",
    "RandomSaturation",
    "RandomSharpness",
    "RandAugment",
    "AugMix",
    "CutMix",
    "MixUp",
    "GaussianNoise",
    "GaussianDropout",
    "AlphaDropout",
)


def found(usage: Usage) -> list[str]:
    """The names of the augmentation layers' classes that the model has."""
    return sorted({type(layer).__name__ for layer in usage.layers_named(*AUGMENTATION)})


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "without " + ", ".join(found(usage)),
            user_call(usage, model="fast"),
            setup=cloned(
                usage,
                "if type(layer).__name__ in {}:".format(found(usage)),
                "    return keras.layers.Activation('linear', name=layer.name)",
                "return type(layer).from_config(layer.get_config())",
            ),
        )
    ]


def obstacle(usage: Usage) -> str | None:
    return None if found(usage) else "the model has no augmentation layers"


RECIPE = Recipe(
    "without_augmentation",
    "the model without its augmentation layers",
    "Random layers do nothing at inference, but some still take time.",
    changes,
    obstacle,
    simplicity=MODEL,
    where=ON_COPY,
    kinds=(*ARRAYS, "dataset", "generator", "pydataset"),
    any_backend=True,
    exchanges_layers=True,
    harmless=True,
)
