"""The conclusions from a whole program's figures, in sentences, the most important first."""

from __future__ import annotations

from collections.abc import Sequence

from ..model.file_names import file_name
from ..model.program_report import (
    GroupReport,
    ProgramCause,
    ProgramGain,
    ProgramPart,
    ProgramReason,
    WholeProgram,
)
from ..number_words import duration, percent, plural
from ..recorder.protocol import ENTRY_POINT_OF
from .comparisons.verdicts import best_of
from .program_gains import keeps_no_model

#: If inference has a smaller share of the program's working time, the answer names larger parts.
LEAST_INFERENCE = 0.1
#: A part or a gain below this is not mentioned.
LEAST_SHARE = 0.05
#: The most parts, causes and gains that are named.
_MOST = 3

#: What a part of each kind is called at the beginning of a sentence.
KIND_WORDS = {
    "inference": "inference",
    "own_code": "your own code",
    "training": "training",
    "evaluating": "evaluating",
    "loading": "loading models",
    "building": "building models",
    "compiling": "compiling models",
    "import": "importing packages",
    "waiting": "waiting",
    "recording": "this recording",
    "before_import": "before TensorFlow was imported",
    "not_watched": "not watched",
    "unattributed": "unattributed",
}


def conclusions(
    whole: WholeProgram,
    groups: Sequence[GroupReport],
    gains: Sequence[ProgramGain],
    causes: Sequence[ProgramCause],
    reasons: Sequence[ProgramReason],
) -> list[str]:
    """The sentences. Findings and advice about calls come only if inference has enough of the program."""
    matters = inference_matters(whole)
    told = _told(whole, reasons)
    found = [cause.title for cause in causes if not cause.total_ns][:_MOST]
    found.append(share_of_inference(whole))
    found += [_reason(one) for one in told]
    if not matters or not gains:
        found += _largest(whole, causes, bool(told))
    if matters:
        found += [_gain(gain, groups[gain.group], whole) for gain in gains[:_MOST] if _matters(gain, whole)]
        found += _too_few_calls(groups, gains)
    return found


def share_of_inference(whole: WholeProgram) -> str:
    """How much of the program is inference, and whether that is much."""
    inference_ns = _of_kind(whole, "inference")
    share = percent(inference_ns / max(whole.wall_ns, 1))
    if inference_matters(whole):
        return f"Inference takes {share} of the program{_most_of_it(whole, inference_ns)}"
    return (
        f"Inference is only {share} of this program's time: {duration(inference_ns)} of "
        f"{duration(whole.wall_ns)}"
    )


def _told(whole: WholeProgram, reasons: Sequence[ProgramReason]) -> list[ProgramReason]:
    """The reasons with enough of the program to be mentioned."""
    matters = inference_matters(whole)
    return [
        one
        for one in reasons
        if one.total_ns >= LEAST_SHARE * whole.wall_ns and (matters or one.group is None)
    ][:_MOST]


def inference_matters(whole: WholeProgram) -> bool:
    """Whether inference has enough of the program to be worth advice.

    A service that waits for requests most of the time is judged by the rest.
    """
    waiting = sum(part.total_ns for part in whole.parts if part.kind == "waiting" and part.what)
    return _of_kind(whole, "inference") >= LEAST_INFERENCE * max(whole.wall_ns - waiting, 1)


def _of_kind(whole: WholeProgram, kind: str) -> int:
    return sum(part.total_ns for part in whole.parts if part.kind == kind)


def part_name(part: ProgramPart) -> str:
    """A part in a few words: what it is, what is called, and where."""
    file = file_name(part.file)
    where = f"{file}:{part.line}" if part.line else file
    if part.kind == "inference":
        entry = ENTRY_POINT_OF[part.what].short if part.what in ENTRY_POINT_OF else part.what
        return f"{entry} at {where}" if where else "inference"
    if part.kind == "import":
        return f"importing {part.what}" if part.what else "importing other packages"
    words = KIND_WORDS[part.kind]
    if part.kind in ("own_code", "waiting", "building") and where:
        doing = "" if part.kind == "own_code" else f", {words}"
        return f"{where}{doing}{f', in {part.what}' if part.what else ''}"
    if part.kind in ("own_code", "waiting", "building"):
        return f"other lines, {words}"
    return f"{words}{f': {part.what}' if part.what else ''}{f' at {where}' if where else ''}"


def _reason(reason: ProgramReason) -> str:
    took = duration(reason.total_ns)
    return f"{reason.title}, {took}" if reason.group is None else f"{reason.title}: {took} of the program"


def _largest(whole: WholeProgram, causes: Sequence[ProgramCause], more: bool) -> list[str]:
    """The largest parts that no cause mentions; ``more`` says that other parts were named before."""
    spoken_of = {(cause.file, line) for cause in causes for line in (cause.line, *cause.lines)}
    imports = sum(part.total_ns for part in whole.parts if part.kind == "import")
    rest = [
        (part.total_ns, f"{part_name(part)}{f' ({part.source})' if part.source else ''}")
        for part in whole.parts
        if part.kind not in ("inference", "import", "recording") and (part.file, part.line) not in spoken_of
    ]
    rest.append((imports, "importing packages"))
    large = sorted((one for one in rest if one[0] >= LEAST_SHARE * whole.wall_ns), key=lambda one: -one[0])
    parts = ", ".join(f"{name}: {duration(ns)} ({percent(ns / whole.wall_ns)})" for ns, name in large[:_MOST])
    return [f"{'Other large' if more else 'Large'} parts: {parts}"] if parts else []


def _most_of_it(whole: WholeProgram, inference_ns: int) -> str:
    """Which line has most of the inference."""
    lines = [part for part in whole.parts if part.kind == "inference"]
    first = lines[0]
    of_it = f", {duration(first.total_ns)} of {duration(inference_ns)}" if len(lines) > 1 else ""
    return f": {part_name(first)}{of_it or f', {duration(first.total_ns)}'}"


def _matters(gain: ProgramGain, whole: WholeProgram) -> bool:
    return gain.gain_ns >= LEAST_SHARE * whole.wall_ns


def _gain(gain: ProgramGain, group: GroupReport, whole: WholeProgram) -> str:
    building = f", but {duration(gain.building_ns)} more to build it" if gain.building_ns else ""
    models = f", {duration(gain.models_ns)} less to make models" if gain.models_ns else ""
    site = f"{file_name(group.site.file)}:{group.site.line}"
    best = best_of(group.comparisons)
    condition = f", {best.condition}" if best is not None and best.condition else ""
    return (
        f"With {gain.title} at {site} the program would take {duration(gain.program_ns)} instead of "
        f"{duration(whole.wall_ns)} (computed: {duration(gain.call_gain_ns)} less per call, for "
        f"{plural(gain.calls, 'call')}{models}{building}){condition}"
    )


def _too_few_calls(groups: Sequence[GroupReport], gains: Sequence[ProgramGain]) -> list[str]:
    gaining = {gain.group for gain in gains}
    found = []
    for place, group in enumerate(groups):
        best = best_of(group.comparisons)
        least = None if best is None else best.pays_off_after
        if best is None or least is None or place in gaining or group.share_of_wall < LEAST_SHARE:
            continue
        if keeps_no_model(group):
            continue
        site = f"{file_name(group.site.file)}:{group.site.line}"
        found.append(
            f"{best.title} at {site} is faster, but takes {duration(best.warmup_ns or 0)} to build: it "
            f"pays off after {plural(least, 'call')}, and the program made {group.count:,}"
        )
    return found
