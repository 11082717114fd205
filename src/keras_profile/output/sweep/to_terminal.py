"""The answers of a sweep on a terminal: one screen, whatever its size."""

from __future__ import annotations

import math

from rich.console import Console

from ...model.sweep import CrossoverMap, SweepContent
from ...number_words import plural
from ..terminal import indented, marked, plain
from . import sweep_words as words

#: How many models, sentences of a map and notes are shown; the page and ``--json`` have all.
_MOST_MODELS, _MOST_SENTENCES, _MOST_NOTES = 3, 3, 3


def print_to(content: SweepContent, console: Console) -> None:
    """Prints the answers to ``console``."""
    console.print(plain(f"{content.plan}: {content.headline}", "bold"))
    if content.measured:
        indented(console, words.basis(content), "dim")
    models = list(dict.fromkeys(one.model for one in content.best))
    for model in models[:_MOST_MODELS]:
        _print_model(model, content, console)
    if len(models) > _MOST_MODELS:
        indented(console, f"and {plural(len(models) - _MOST_MODELS, 'other model')}: see the page", "dim")
    _print_effects(content, console)
    failed = words.failures(content)
    if failed:
        marked(console, "failed  ", failed, "", "red")
    if content.left_alone:
        marked(console, "note    ", words.left_alone(content), "", "yellow")
    for note in content.notes[:_MOST_NOTES]:
        marked(console, "note    ", note, "", "yellow")


def _print_model(model: str, content: SweepContent, console: Console) -> None:
    console.print()
    console.print(plain(model, "bold"))
    shown: list[CrossoverMap] = []
    for one in content.best:
        if one.model != model:
            continue
        marked(console, f"  {words.GOALS[one.goal]:14}", words.best(one))
        found = words.map_with(one.name, content.maps)
        if found is not None and found not in shown:
            shown.append(found)
    for number, sentence in enumerate(shown[0].words[:_MOST_SENTENCES] if shown else []):
        marked(console, f"  {'' if number else 'by rows':14}", sentence)


def _print_effects(content: SweepContent, console: Console) -> None:
    if not content.sensitivities:
        return
    console.print()
    console.print(plain("what each factor changes, all others equal (time of a call)", "bold"))
    for one in content.sensitivities:
        largest = max(one.effects, key=lambda effect: abs(math.log(effect.ratio)))
        others = len(one.effects) - 1
        more = f"; {plural(others, 'other level')}" if others else ""
        marked(console, f"  {one.factor:14}", words.effect(largest) + more)
