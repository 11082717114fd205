"""docs/recipes-benchmark.md, from the results of the benchmark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from keras_profile.analysis.comparisons.verdicts import fastest_of
from keras_profile.model.report import Comparison, Scaling
from keras_profile.number_words import percent
from keras_profile.output.markdown import fenced, table
from keras_profile.output.words import recipe_words

from .experts import CONCRETE, EXPERTS

EXPERT = "expert"
#: What ranks first is to be within this of what the expert found.
NEAR = 1.10
_METHOD = (Path(__file__).parent / "method.md").read_text(encoding="utf-8")


def render(results: Sequence[Mapping[str, Any]]) -> str:
    """The whole page."""
    tried = [one for one in results if one["kind"] == "workload"]
    same = [one for one in results if one["kind"] == "same"]
    parts = [_METHOD.rstrip(), "## The first recipe against the expert's change", _summary(tried)]
    if same:
        parts += ["## Calls compared with themselves", _same_summary(same)]
    parts += ["## Every table", *(section(one) for one in tried)]
    return "\n\n".join(parts) + "\n"


def section(result: Mapping[str, Any]) -> str:
    """One workload in one generation, or the comparisons of a call with itself."""
    title = f"### {result['workload']}, {result['generation']}"
    if result["kind"] == "same":
        return f"{title}: a call with itself\n\n{_same_summary([result])}"
    found = comparisons(result)
    parts = [
        title,
        table(
            ["change", "recipe", "before → after, ms", "speed-up (95% CI)", "outputs", "rounds"],
            "llrllr",
            [
                [
                    one.title,
                    one.recipe,
                    recipe_words.now_then(one),
                    recipe_words.speedup(one),
                    recipe_words.outputs(one),
                    str(one.rounds),
                ]
                for one in recipe_words.shown(found)
            ],
        ),
    ]
    if result["scaling"]:
        scaling = msgspec.convert(result["scaling"], Scaling)
        parts.append(
            f"Now: {recipe_words.costs(scaling.original)}; {scaling.best.title}: "
            f"{recipe_words.costs(scaling.best)}; {recipe_words.meeting(scaling)}."
        )
    expert = EXPERTS[result["workload"]] if result["generation"] == "keras-3.15" else CONCRETE
    code = "\n".join(part for part in (expert.setup, expert.prepare, f"y = {expert.call}") if part)
    return "\n\n".join([*parts, "The expert's change:", fenced(code)])


def comparisons(result: Mapping[str, Any]) -> list[Comparison]:
    """The comparisons of a line of the results."""
    return msgspec.convert(result["comparisons"], list[Comparison])


def _summary(results: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for result in results:
        found = comparisons(result)
        expert = next(one for one in found if one.recipe == EXPERT)
        first = fastest_of([one for one in found if one.recipe != EXPERT])
        if first is None or first.after_ns is None:
            rows.append([result["workload"], result["generation"], "none is faster", "", "", ""])
            continue
        if expert.after_ns is None:
            rows.append(
                [
                    result["workload"],
                    result["generation"],
                    first.recipe,
                    recipe_words.speedup(first),
                    f"not measured: {expert.reason}",
                    "",
                ]
            )
            continue
        ratio = first.after_ns / expert.after_ns
        rows.append(
            [
                result["workload"],
                result["generation"],
                first.recipe,
                recipe_words.speedup(first),
                recipe_words.speedup(expert),
                f"{ratio:.2f}" + ("" if ratio <= NEAR else " (more than 10% behind)"),
            ]
        )
    return table(
        ["workload", "generation", "first", "speed-up", "the expert's", "first ÷ expert's, time"],
        "lllllr",
        rows,
    )


def _same_summary(results: Sequence[Mapping[str, Any]]) -> str:
    found = [one for result in results for one in comparisons(result) if one.speedup is not None]
    claims = [one for one in found if one.verdict in ("faster", "slower")]
    said = ", ".join(recipe_words.speedup(one) for one in claims)
    widths = sorted(one.speedup_ci99[1] - one.speedup_ci99[0] for one in found if one.speedup_ci99)
    return (
        f"{len(found)} comparisons, of which {len(claims)} claim a difference"
        f"{f': {said}' if claims else ''}. The 99% interval is {percent(widths[len(widths) // 2])} "
        "wide in the middle."
    )
