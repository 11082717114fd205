"""Both call trees as one flame graph, and side by side, without a script.

In the picture of both a box is as wide as its time in both sides together, so that what went is there too.
It is coloured by its difference or, as the reader chooses, by its phase.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...analysis.attribution.vocabulary import PHASES
from ...analysis.differences.headline import signed
from ...model.comparison import ComparedFrame, ComparisonContent
from ...number_words import milliseconds
from ..markup import Child, Markup, element
from ..plain_page import flame_graph

#: Boxes with less than this share have no text.
_LEAST_TEXT = 0.02
#: Steps of the colours on each side of no difference, and the part of the call at which the last is reached.
_STEPS, _FULL = 4, 0.1


def colour_rules() -> str:
    """The style of boxes that differ: from grey to blue if faster, to orange if slower."""
    rules = [
        f".both-trees .{kind}-{step} {{ fill: color-mix(in oklab, var(--{kind}) {share}%, var(--same)); }}\n"
        for step, share in ((step, 100 * step // _STEPS) for step in range(1, _STEPS + 1))
        for kind in ("slower", "faster")
    ]
    return ".both-trees .same { fill: var(--same); }\n" + "".join(rules)


def section(content: ComparisonContent, number: int) -> Markup | None:
    """The pictures with their headings; nothing without a tree.

    ``number`` is that of the call on the page.
    """
    if not content.tree:
        return None
    both = [frame.before_ns + frame.after_ns for frame in content.tree]
    before, after = ([getattr(frame, name) for frame in content.tree] for name in ("before_ns", "after_ns"))
    largest = max(max(before[0], after[0]), 1)
    return element(
        "section",
        {},
        element("h2", {}, "Both call trees"),
        element(
            "p",
            {"class": "quiet"},
            "Each box is an internal of Keras or TensorFlow; what it calls is below it. Hover over a box for "
            "its figures. In the first picture its width is its time in both sides together.",
        ),
        element(
            "div",
            {"class": "flames"},
            _choice("difference", "colour by difference", number, chosen=True),
            _choice("phase", "colour by phase", number, chosen=False),
            _legend(),
            element(
                "div",
                {"class": "pictures"},
                _picture(content, both, sum(both[:1]), "Both sides"),
                element(
                    "div",
                    {"class": "side-by-side"},
                    *(
                        element(
                            "div",
                            {},
                            element("h3", {}, f"{word}: {label}"),
                            _picture(content, times, largest, word),
                        )
                        for word, label, times in (
                            ("Before", content.before.label, before),
                            ("After", content.after.label, after),
                        )
                    ),
                ),
            ),
        ),
    )


def _choice(kind: str, label: str, number: int, chosen: bool) -> list[Child]:
    name = f"colour-{kind}-{number}"
    attributes = {
        "type": "radio",
        "class": f"by-{kind}",
        "name": f"colours-{number}",
        "id": name,
        "checked": "" if chosen else None,
    }
    return [element("input", attributes), element("label", {"for": name}, label)]


def _legend() -> Markup:
    return element(
        "p",
        {"class": "legend quiet"},
        *(
            element("span", {}, element("i", {"class": kind}), text)
            for kind, text in (("slower", "takes longer"), ("same", "the same"), ("faster", "takes less"))
        ),
    )


def _picture(content: ComparisonContent, times: Sequence[int], whole: int, label: str) -> Markup:
    shares = [ns / max(whole, 1) for ns in times]

    def draw(place: int) -> tuple[Child, str | None]:
        frame = content.tree[place]
        kinds = (
            ("of-difference", _difference_class(content, frame)),
            ("of-phase", f"phase-{frame.phase}" if frame.phase in PHASES else "same"),
        )
        inside = [
            element(
                "g",
                {"class": name},
                element("rect", {"width": "100%", "height": "100%", "class": colour}),
                element("title", {}, _words(frame)),
            )
            for name, colour in kinds
        ]
        return inside, frame.name if shares[place] >= _LEAST_TEXT else None

    about = f"{label}: call tree, as in comparison.json"
    return flame_graph("both-trees", about, [frame.parent for frame in content.tree], shares, draw)


def _difference_class(content: ComparisonContent, frame: ComparedFrame) -> str:
    part = (frame.after_ns - frame.before_ns) / max(content.total.before_ns, 1)
    step = min(_STEPS, round(_STEPS * abs(part) / _FULL))
    if not step:
        return "same"
    return f"{'slower' if part > 0 else 'faster'}-{step}"


def _words(frame: ComparedFrame) -> str:
    times = f"{milliseconds(frame.before_ns)} → {milliseconds(frame.after_ns)} ms"
    phase = f" ({frame.phase})" if frame.phase else ""
    return f"{frame.name}{phase}: {times}, {signed(frame.after_ns - frame.before_ns)}"
