"""The data that causes outside the calls are judged by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ...model.file_names import file_name
from ...model.program import ProcessRecording, SampledFrame
from ...model.program_report import GroupReport, ProgramCause
from ...number_words import percent
from ..library_functions import is_waiting, name_of
from ..program_parts import DividedTime
from ..sampled_paths import SampledPath

#: Anything with a smaller share of the program, or less time, is no cause.
LEAST_SHARE, LEAST_NS = 0.05, 100_000_000
#: Fewer samples say little.
LEAST_SAMPLES = 4
#: The most lines of a function that are named.
_MOST_LINES = 4


@dataclass(frozen=True)
class Place:
    """Lines of one function of the user's and their time: ``lines`` has the most expensive first."""

    frame: SampledFrame
    total_ns: int
    samples: int
    lines: Sequence[tuple[SampledFrame, int]]
    called: Sequence[tuple[str, int]]
    paths: Sequence[int]

    @property
    def where(self) -> str:
        return f"{file_name(self.frame.file)}:{self.frame.line}"


@dataclass
class ProgramView:
    """The divided process, all processes of the program, and the groups of calls."""

    divided: DividedTime
    process: ProcessRecording
    processes: Sequence[ProcessRecording]
    groups: Sequence[GroupReport]
    #: Where each group of the process is among ``groups``, by its number there.
    group_places: Mapping[int, int] = field(default_factory=dict)
    _claimed: set[int] = field(default_factory=set)

    @property
    def wall_ns(self) -> int:
        return self.divided.wall_ns

    def share(self, ns: int) -> float:
        return ns / max(self.wall_ns, 1)

    def is_much(self, ns: int) -> bool:
        return self.share(ns) >= LEAST_SHARE and ns >= LEAST_NS

    def group_of(self, path: SampledPath) -> GroupReport | None:
        """The group of the call that a path is in."""
        place = None if path.group is None else self.group_places.get(path.group)
        return None if place is None else self.groups[place]

    def places(
        self,
        matches: Callable[[SampledPath], bool],
        least: float = LEAST_SHARE,
        within_calls: bool = False,
    ) -> list[Place]:
        """The user's functions whose own code ``matches`` for at least this share of the program.

        Skips paths that another cause has claimed, and waiting and inference. With ``within_calls`` it
        skips everything outside inference instead.
        """
        found: dict[tuple[str, str], list[int]] = {}
        for number, (path, _) in enumerate(self.divided.paths):
            if number in self._claimed or path.line is None or not matches(path):
                continue
            if _is_own(path) if not within_calls else path.group is not None:
                found.setdefault((path.line.file, path.line.function), []).append(number)
        places = [self._place(numbers) for numbers in found.values()]
        return sorted(
            (
                one
                for one in places
                if self.is_much(one.total_ns)
                and self.share(one.total_ns) >= least
                and one.samples >= LEAST_SAMPLES
            ),
            key=lambda one: -one.total_ns,
        )

    def claim(self, place: Place) -> None:
        """Reserves the paths of ``place``: no other cause gets them."""
        self._claimed.update(place.paths)

    def cause(
        self, cause: str, place: Place, title: str, evidence: Sequence[str], advice: str
    ) -> ProgramCause:
        """The cause at a place, which claims its paths."""
        self.claim(place)
        made = self.cause_at(
            cause,
            (place.frame.file, place.frame.line),
            place.total_ns,
            title,
            [*evidence, *self._lines(place)],
            advice,
        )
        return replace(made, lines=sorted(frame.line for frame, _ in place.lines))

    def cause_at(
        self,
        cause: str,
        at: tuple[str, int],
        total_ns: int,
        title: str,
        evidence: Sequence[str],
        advice: str,
    ) -> ProgramCause:
        """The cause at a file and line, ``("", 0)`` for none, found without paths."""
        file, line = at
        return ProgramCause(
            cause=cause,
            title=title,
            file=file,
            line=line,
            total_ns=total_ns,
            share=round(self.share(total_ns), 6),
            evidence=list(evidence),
            advice=advice,
        )

    def _lines(self, place: Place) -> list[str]:
        lines = [
            f"line {frame.line}, {percent(self.share(ns))} of the program: {frame.source}"
            for frame, ns in place.lines[:_MOST_LINES]
        ]
        calls = ", ".join(name for name, _ in place.called[:_MOST_LINES] if name)
        return [*lines, *([f"it calls {calls}"] if calls else []), f"seen in {place.samples} samples"]

    def _place(self, numbers: Sequence[int]) -> Place:
        lines: dict[int, tuple[SampledFrame, int]] = {}
        called: dict[str, int] = {}
        total = samples = 0
        for number in numbers:
            path, ns = self.divided.paths[number]
            assert path.line is not None
            total += ns
            samples += path.count
            lines[path.line.line] = (path.line, lines.get(path.line.line, (path.line, 0))[1] + ns)
            name = name_of(path.below[0]) if path.below else ""
            called[name] = called.get(name, 0) + ns
        by_time = sorted(lines.values(), key=lambda one: -one[1])
        return Place(
            by_time[0][0],
            total,
            samples,
            by_time,
            sorted(called.items(), key=lambda one: -one[1]),
            list(numbers),
        )


def _is_own(path: SampledPath) -> bool:
    """Whether a path is the user's own code: no inference, import or loading, and no waiting."""
    if path.group is not None or path.by_recorder or path.package is not None:
        return False
    return (not path.activities or path.within) and not is_waiting(path.below)
