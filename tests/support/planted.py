"""A copy of keras_profile with recipes planted in its catalogue: some wrong, some that break."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "keras_profile"

PLANTED = """
from __future__ import annotations

import json

from .recipe import Change, Recipe
from .simplicity import CALL

PLANTED = json.loads({planted!r})


def planted(id, setup, call, harmless):
    def changes(usage):
        return [Change(id, call, setup=setup)]

    return Recipe(id, id, "planted", changes, simplicity=CALL, harmless=harmless)


RECIPES = tuple(planted(id, *given) for id, given in PLANTED.items())
"""


def copy_with(
    place: Path, planted: Mapping[str, tuple[str, str]], limits: Mapping[str, str], harmless: bool = False
) -> Path:
    """A copy in ``place``, with recipes by their ids (setup, call); the folder for PYTHONPATH.

    ``limits`` are lines of limits.py and what they are replaced by.
    """
    shutil.copytree(SOURCE, place / "keras_profile", ignore=shutil.ignore_patterns("__pycache__"))
    path = place / "keras_profile" / "recorder" / "trials" / "limits.py"
    text = path.read_text()
    for patient, impatient in limits.items():
        assert patient in text, patient
        text = text.replace(patient, impatient)
    path.write_text(text)
    recipes = place / "keras_profile" / "recipes"
    given = {id: (*code, harmless) for id, code in planted.items()}
    (recipes / "planted.py").write_text(PLANTED.format(planted=json.dumps(given)))
    with open(recipes / "catalogue.py", "a") as file:
        file.write("\nfrom . import planted\n\nRECIPES = planted.RECIPES + RECIPES\n")
    return place
