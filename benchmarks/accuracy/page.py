"""docs/accuracy.md, and the bounds that the figures on it are to keep."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import recovery

#: What must come back of a delay, and the most that may land in any one wrong phase.
LEAST_BACK, MOST_BACK, MOST_STRAY = 0.95, 1.05, 0.02
#: The half width of the interval that a figure must have to be claimed.
MOST_HALF_WIDTH = 0.03

#: Why figures are outside the bounds, by run and phase: what the page says of them.
CAUSES = {
    ("user code", "batch_fetching"): (
        "A generator runs on a thread of tf.data while the calling thread goes on. Only the part of its "
        "delay that the call waits for is the call's time, and that part comes back."
    ),
}

PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"
#: Sections that other runs write, which stay as they are where this one writes the page.
PROGRAMS = "Programs"
BUSY_PROGRAMS = "Programs on a busy machine"
MILLISECONDS = "Milliseconds on a busy machine"
#: The head of the page.
_METHOD = (Path(__file__).parent / "method.md").read_text(encoding="utf-8")


def generation_section(result: Mapping[str, Any]) -> str:
    """All tables of one generation, as Markdown."""
    known = result["environment"]
    parts = [
        f"### {result['generation']}",
        (
            f"Python {known['python']}, TensorFlow {known['tensorflow']}, Keras {known['keras']}, "
            f"{known['cpu_count']} CPUs."
        ),
    ]
    for run, figures in result["runs"].items():
        calls = ", ".join(f"{count} {name}" for name, count in figures["calls"].items())
        parts += [
            (
                f"**{run.capitalize()}.** An undelayed call takes {figures['undelayed_ns'] / 1e6:.1f} ms; "
                f"calls or blocks: {calls}."
            ),
            _followed_table(figures["phases"]),
            _slope_table(figures),
        ]
        if "own_lines" in figures:
            own = dict(figures["own_lines"])
            planted = own.pop("planted")
            parts.append(
                f"Planted in `entry` and `loop`: {planted:.1%} of the time under spans. In the report: "
                + ", ".join(f"`{phase}` {share:.1%}" for phase, share in own.items())
                + "."
            )
    outside = outside_bounds(result)
    if outside:
        parts += [
            "Outside 0.95–1.05, with more than 2% astray, or with an interval wider than ±0.03:",
            "\n".join(f"- {words}" for words in outside),
        ]
    slopes = unsure_slopes(result)
    if slopes:
        parts += [
            (
                "Slopes by spans outside 0.95–1.05, or not known to ±0.03. If all delays came back by "
                "following them, the excess over 1 is the phase's own work: it varies from call to call, or "
                "took longer the longer the delay before it."
            ),
            "\n".join(f"- {words}" for words in slopes),
        ]
    if "work" in result:
        parts += [
            "Work of a known length, unwatched: how much longer it took under each capture.",
            _table(
                ["work", *next(iter(result["work"].values()))],
                [
                    [kind, *(_number(value) for value in by_capture.values())]
                    for kind, by_capture in result["work"].items()
                ],
            ),
        ]
    if "distances" in result:
        parts += [
            "Total-variation distances between shares, on undisturbed calls.",
            _table(
                ["between", "distance"],
                [[name, f"{value:.3f}"] for name, value in result["distances"].items()],
            ),
        ]
    return "\n\n".join(parts)


def outside_bounds(result: Mapping[str, Any]) -> list[str]:
    """What is not as promised, a sentence each, with its cause where it is known."""
    found = []
    for run, figures in result["runs"].items():
        for phase, row in figures["phases"].items():
            for kind in recovery.TIMED_KINDS:
                one = row["kinds"][kind]
                if one is None:
                    found.append(f"{run}, `{phase}`, {kind}: no delay fell into a call under spans.")
                    continue
                is_wide = one["high"] - one["low"] > 2 * MOST_HALF_WIDTH
                if LEAST_BACK <= one["back"] <= MOST_BACK and one["stray"] <= MOST_STRAY and not is_wide:
                    continue
                astray = f", {one['stray']:.1%} in `{one['elsewhere']}`" if one["stray"] > MOST_STRAY else ""
                found.append(
                    f"{run}, `{phase}`, {kind}: {one['back']:.3f} ({one['low']:.3f}–{one['high']:.3f}) of "
                    f"{one['delays']} delays{astray}. " + CAUSES.get((run, phase), "No cause is known.")
                )
    return found


def unsure_slopes(result: Mapping[str, Any]) -> list[str]:
    """The slopes by spans that are not near 1, or not known well enough, each beside what was followed."""
    found = []
    for run, figures in result["runs"].items():
        for phase, row in figures["phases"].items():
            one, followed = row["slopes"]["spans"], row["all"]
            if one is None or followed is None:
                continue
            is_wide = one["high"] - one["low"] > 2 * MOST_HALF_WIDTH
            if is_wide or not LEAST_BACK <= one["slope"] <= MOST_BACK:
                found.append(
                    f"{run}, `{phase}`: {one['slope']:.2f} ({one['low']:.2f}–{one['high']:.2f}); followed "
                    f"{followed['back']:.3f}"
                )
    return found


def broken_bounds(result: Mapping[str, Any]) -> list[str]:
    """What a short run must keep, however loaded the machine: bounds that only a defect breaks."""
    found = []
    for figures in result["runs"].values():
        for phase, row in figures["phases"].items():
            one = row["all"]
            if one is not None and not (0.9 <= one["back"] <= 1.1 and one["stray"] <= 0.1):
                found.append(
                    f"{phase}: {one['back']:.3f} came back, {one['stray']:.3f} in {one['elsewhere']}"
                )
        if sum(row["all"] is not None for row in figures["phases"].values()) < 8:
            found.append("delays were planted in fewer than eight phases")
    return found


def write(path: Path, results: Mapping[str, Mapping[str, Any]]) -> None:
    """Writes the page of all results, in the order they were made."""
    minutes = sum(one["seconds"] for one in results.values()) / 60 * 1.2
    parts = [_METHOD.format(minutes=minutes), "## In short", _summary(results)]
    kept = sections(path)
    for title in (PROGRAMS, BUSY_PROGRAMS, MILLISECONDS):
        if title in kept:
            parts += [f"## {title}", kept[title]]
    parts += ["## Figures", *(generation_section(one) for one in results.values())]
    path.write_text("\n\n".join(part.rstrip("\n") for part in parts) + "\n")


def write_section(path: Path, title: str, text: str) -> None:
    """Writes a section of the page, in place of what it had or else before the figures."""
    before, _, after = path.read_text().partition(f"## {title}\n")
    if after:
        _, heading, rest = after.partition("\n## ")
        after = heading.lstrip("\n") + rest
    else:
        before, heading, after = before.partition("## Figures\n")
        after = heading + after
    path.write_text(f"{before}## {title}\n\n{text.strip()}\n\n{after}")


def sections(path: Path) -> dict[str, str]:
    """The text of each section of a page, by its title."""
    if not path.exists():
        return {}
    _, *found = ("\n" + path.read_text()).split("\n## ")
    return {title: text.strip() for title, _, text in (one.partition("\n") for one in found)}


def _summary(results: Mapping[str, Mapping[str, Any]]) -> str:
    rows = []
    for name, result in results.items():
        cells = [
            (run, phase, kind, row["kinds"][kind])
            for run, figures in result["runs"].items()
            for phase, row in figures["phases"].items()
            for kind in recovery.TIMED_KINDS
            if row["kinds"][kind] is not None and (run, phase) not in CAUSES
        ]
        back = [one["back"] for *_, one in cells]
        rows.append(
            [
                name,
                str(len({phase for _, phase, _, _ in cells})),
                str(sum(one["delays"] for *_, one in cells)),
                f"{min(back):.3f}–{max(back):.3f}",
                f"{max(one['stray'] for *_, one in cells):.1%}",
                *(_slope_range(result, instrument) for instrument in ("spans", "pyinstrument", "cprofile")),
            ]
        )
    return _table(
        [
            "generation",
            "phases",
            "delays",
            "followed, least to most",
            "most astray",
            "slope: spans",
            "slope: pyinstrument",
            "slope: cProfile",
        ],
        rows,
    )


def _slope_range(result: Mapping[str, Any], instrument: str) -> str:
    slopes = [
        row["slopes"][instrument]["slope"]
        for run, figures in result["runs"].items()
        for phase, row in figures["phases"].items()
        if row["slopes"].get(instrument) and (run, phase) not in CAUSES
    ]
    return f"{min(slopes):.2f}–{max(slopes):.2f}" if slopes else "–"


def _followed_table(phases: Mapping[str, Any]) -> str:
    rows = []
    for phase, row in phases.items():
        worst = max((one for one in row["kinds"].values() if one), key=lambda one: one["stray"], default=None)
        astray = f"{worst['stray']:.1%} {worst['elsewhere']}" if worst and worst["stray"] >= 0.0005 else ""
        rows.append(
            [
                phase,
                str(len(row["places"])),
                str(row["all"]["delays"] if row["all"] else 0),
                *(_followed(row["kinds"][kind]) for kind in recovery.TIMED_KINDS),
                astray,
            ]
        )
    return _table(["phase", "places", "delays", *recovery.TIMED_KINDS, "astray"], rows)


def _slope_table(figures: Mapping[str, Any]) -> str:
    instruments = list(figures["calls"])
    rows = [
        [phase, *(_slope(row["slopes"][name]) for name in instruments)]
        for phase, row in figures["phases"].items()
    ]
    return _table(["slope by", *instruments], rows)


def _followed(one: Mapping[str, Any] | None) -> str:
    return "–" if one is None else f"{one['back']:.3f} ({one['low']:.3f}–{one['high']:.3f})"


def _slope(one: Mapping[str, Any] | None) -> str:
    return "–" if one is None else f"{one['slope']:.2f} ({one['low']:.2f}–{one['high']:.2f})"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|---|" + "---:|" * (len(header) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
