"""Measures two sides in turn: both processes alive, blocks of calls next to each other, order drawn.

Time is divided among several pairs of processes. Each pair makes quads of blocks: first with nothing
installed, then under spans. The first pair also counts Python's functions, and compares outputs at its end.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from ...analysis.differences.comparable import refuse_other, refuse_other_inputs
from ...analysis.differences.ratios import LEAST_QUADS
from ...analysis.differences.turns import ORDERS, Block, InTurn, Pair, Quad
from ...errors import KerasProfileError
from ...launch.prefixed import prefixed
from ...launch.recorder_process import Listener
from ...launch.side import Side
from ...model.comparison import ComparedOutputs
from ...model.workload import Input
from ...number_words import duration
from ...recorder.protocol import FILES, events
from ...recorder.protocol.commands import CountKept, MakeBlock, WriteOutputs
from ...recorder.protocol.requests import CompareRequest

#: Where a repository has the packages that it consists of.
_PACKAGES_IN = ("", "src", "lib")
#: How long a block takes at least, if calls are short: much less than the machine's moods last.
BLOCK_NS = 30_000_000
#: The most pairs of processes, and the least seconds of each.
MOST_PAIRS, LEAST_S = 4, 10.0
#: The parts of a pair's time for calls with nothing installed, and for those under spans.
BARE, SPANS = 0.7, 0.25
#: The calls of a block under spans that count, after one that settles.
SPANS_CALLS = 2
#: However long a call takes, each pair makes so many quads of each kind: one more under spans than an
#: interval needs, so that one that a pause hit decides less about every phase.
LEAST = {"bare": LEAST_QUADS, "spans": LEAST_QUADS + 1}
#: Longer calls than this need not settle under spans.
LONG_NS = 500_000_000
#: No further pair is begun once this multiple of the seconds asked for was measured.
_LONGEST = 1.2
#: With a control, one of so many quads is for it; and its place among the processes.
CONTROL, _CONTROL_SIDE = 5, 2
#: The captures that the first pair takes once, to count and to find causes, and how many calls under each.
COUNTING = (("cprofile", 3), ("tensorflow", 2))
#: How many calls there are at a time when what they leave behind is counted.
KEPT_CALLS = 3
#: All captures of a comparison.
CAPTURES = ("bare", "spans", "cprofile", "tensorflow")


@dataclass(frozen=True)
class SideToMeasure:
    """What a side is: its label, its request without a folder, its interpreter, folder and variables.

    The label says what distinguishes it; if that ``is_interpreter``, releases are shown in its place.
    """

    label: str
    request: CompareRequest
    python: str
    cwd: Path | None = None
    env: Mapping[str, str] | None = None
    is_interpreter: bool = False
    #: The folder of another state of the same files: none of them may be loaded.
    not_from: Path | None = None


@dataclass(frozen=True)
class Measured:
    """What was measured in turn: the recordings of each side, a folder for each process."""

    in_turn: InTurn
    folders: tuple[list[Path], list[Path]]
    outputs: ComparedOutputs
    interrupted: bool = False


@dataclass
class Plan:
    """How long is measured, in how many pairs; ``draw`` draws the order of blocks.

    With ``control``, a second process of the first side is alive too. Every fifth quad compares it with the
    first: they are the same, so a difference shows that the machine is too unsteady.
    """

    seconds: float
    most_pairs: int = MOST_PAIRS
    control: bool = False
    draw: random.Random = field(default_factory=random.Random)
    clock: Callable[[], float] = time.monotonic

    @property
    def pairs(self) -> int:
        """How many pairs of processes there are."""
        return max(1, min(self.most_pairs, int(self.seconds / LEAST_S)))


def measure_in_turn(
    sides: tuple[SideToMeasure, SideToMeasure],
    plan: Plan,
    new_folder: Callable[[int, int], Path],
    listener: Listener,
    is_enough: Callable[[InTurn], bool] = lambda so_far: False,
) -> Measured:
    """Measures two sides in turn. ``new_folder`` makes the folder of a side's recording, for a pair and side.

    After each pair, ``is_enough`` is asked whether what was measured so far is enough. Ctrl-C ends it
    after the block under way; what was measured until then counts. Raises :class:`KerasProfileError` if a
    side fails in its first call, or dies, or the two do not have the same inputs.
    """
    for what in ("batch_size", "steps"):
        refuse_other(what.replace("_", " "), *(getattr(side.request, what) for side in sides))
    folders: tuple[list[Path], list[Path]] = ([], [])
    pairs: list[Pair] = []
    outputs = ComparedOutputs("not_compared", "interrupted before the outputs were compared")
    begin, measured_s, interrupted = plan.clock(), 0.0, False
    for number in range(plan.pairs):
        mine = [new_folder(number, side) for side in (0, 1)]
        pair = Pair()
        with suppress(KeyboardInterrupt), ExitStack() as alive:
            interrupted = True  # until the end of the pair is reached, and its processes have ended
            alive.callback(_remove_unmeasured, pair, mine)  # once the processes have ended
            processes = [
                alive.enter_context(started(side, folder, listener)) for side, folder in zip(sides, mine)
            ]
            if plan.control:
                scratch = Path(alive.enter_context(TemporaryDirectory(prefix="keras_profile-")))
                processes.append(alive.enter_context(started(sides[0], scratch, listener)))
            ready = [one.ready() for one in processes]
            for side, one in zip(sides, ready):
                _refuse_files(side, one)
            refuse_other_inputs(*(msgspec.convert(one.inputs, list[Input]) for one in ready[:2]))
            call_ns = max(one.call_ns for one in ready)
            begin_pair = plan.clock()
            measured = _PairOfSides(processes, plan, number, call_ns, listener)
            for quad in measured.quads():
                (pair.control if quad.is_control else pair.quads).append(quad)
            measured_s += plan.clock() - begin_pair
            if number == 0:
                measured.count()
                outputs = _compared_outputs(processes, mine[0])
            alive.close()
            interrupted = False
        if interrupted and not all((folder / FILES["recording"]).is_file() for folder in mine):
            # A process was in a long call, and did not end in time.
            pair = Pair()
            _remove_unmeasured(pair, mine)
        if pair.under("bare"):
            pairs.append(pair)
            for known, folder in zip(folders, mine):
                known.append(folder)
        if interrupted or (pairs and is_enough(InTurn(pairs, plan.clock() - begin))):
            break
        if measured_s > _LONGEST * plan.seconds:
            break  # calls are long: one pair has all the time
    if not pairs:
        raise KeyboardInterrupt
    return Measured(InTurn(pairs, plan.clock() - begin), folders, outputs, interrupted)


def _remove_unmeasured(pair: Pair, folders: Sequence[Path]) -> None:
    """Removes the recordings of two processes that were never measured: they have their first calls alone."""
    if not pair.under("bare"):
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def _refuse_files(side: SideToMeasure, loaded: events.Ready) -> None:
    """Raises :class:`KerasProfileError` if the side has loaded a file of the other state.

    That is one in its folder, or a package of its folder that is installed in the interpreter.
    """
    if side.not_from is None:
        return
    other = side.not_from.resolve()
    wrong = [file for file in loaded.files if Path(file).is_relative_to(other)]
    # An interpreter in the side's own folder has the packages of that state.
    own = Path() if side.cwd is None else side.cwd.resolve()
    wrong += [
        file
        for file, place in loaded.installed
        if not Path(file).is_relative_to(own)
        and any((top / folder / place).is_file() for top in {other, Path.cwd()} for folder in _PACKAGES_IN)
    ]
    if wrong:
        raise KerasProfileError(
            f"it runs files as they are now, such as {wrong[0]}, and not its own",
            "its interpreter has them installed: give it an environment of its own with setup and a relative "
            "python, such as --setup='python -m venv .venv && .venv/bin/pip install .' --python .venv",
        ).of_side(side.label)


def started(side: SideToMeasure, folder: Path, listener: Listener) -> Side:
    """Starts the process of a side, which records into ``folder``. Raises :class:`KerasProfileError`."""
    request = replace(side.request, folder=str(folder.resolve()))
    return Side(request, side.python, prefixed(listener, side.label), side.cwd, side.env, side.label)


class _PairOfSides:
    """Two processes that are alive, and the quads that they make."""

    def __init__(
        self, sides: Sequence[Side], plan: Plan, number: int, call_ns: int, listener: Listener
    ) -> None:
        self._sides = sides
        self._plan = plan
        self._number = number
        self._call_ns = max(call_ns, 1)
        self._listener = listener
        self._seconds = plan.seconds / plan.pairs
        self._begin = plan.clock()
        self._round = 0

    def quads(self) -> Iterator[Quad]:
        """Makes quads with nothing installed, then under spans, for the time of a pair."""
        calls = max(1, BLOCK_NS // self._call_ns)
        self._announce()
        yield from self._until("bare", BARE, calls, 0 if calls == 1 else 1)
        is_long = self._call_ns > LONG_NS
        yield from self._until("spans", BARE + SPANS, 1 if is_long else SPANS_CALLS, 0 if is_long else 1)

    def _announce(self) -> None:
        """Says so if the least that is measured takes longer than all the time that was asked for."""
        quads = sum(LEAST.values()) + LEAST_QUADS * self._plan.control
        least_s = 4 * quads * self._call_ns / 1e9
        if self._number == 0 and least_s > self._plan.seconds:
            call = duration(self._call_ns)
            self._listener(
                events.Announce(
                    f"a call takes {call}: measuring takes about {least_s:.0f} s instead of "
                    f"{self._plan.seconds:.0f} s"
                )
            )

    def count(self) -> None:
        """Takes the captures that count, once."""
        for capture, calls in COUNTING:
            for side in self._sides[:_CONTROL_SIDE]:
                side.make(MakeBlock(capture, self._round, calls))
            self._round += 1
        for side in self._sides[:_CONTROL_SIDE]:
            side.count_kept(CountKept(1 if self._call_ns > LONG_NS else KEPT_CALLS))

    def _until(self, capture: str, part: float, calls: int, settling: int) -> Iterator[Quad]:
        made = controls = 0
        has_control = capture == "bare" and self._plan.control
        while True:
            is_over = self._plan.clock() - self._begin >= part * self._seconds
            enough = made >= LEAST[capture]
            if is_over and enough and (not has_control or controls >= LEAST_QUADS):
                return
            self._tell(capture)
            order = self._plan.draw.choice(ORDERS)
            is_control = has_control and ((is_over and enough) or (made + controls) % CONTROL == CONTROL - 1)
            blocks = []
            for side in order:
                process = self._sides[_CONTROL_SIDE if is_control and side else side]
                done = process.make(MakeBlock(capture, self._round, calls, settling))
                if not done.walls and capture == "bare":
                    raise KerasProfileError(
                        f"a call failed while it was measured: {done.reason}",
                        "see what it does alone, with keras-profile profile",
                    ).of_side(process.label)
                if not done.walls:
                    return  # the capture cannot be taken here
                blocks.append(Block(side, done.walls, done.cpus))
            yield Quad(capture, blocks, is_control)
            self._round += 1
            controls, made = controls + is_control, made + (not is_control)

    def _tell(self, capture: str) -> None:
        left = self._seconds - (self._plan.clock() - self._begin)
        later = self._seconds * (self._plan.pairs - self._number - 1)
        self._listener(
            events.Progress(
                capture=capture,
                round=self._round,
                left_ns=int(max(left, 0.0) * 1e9 + later * 1e9),
                budget_ns=int(self._plan.seconds * 1e9),
            )
        )


def _compared_outputs(sides: Sequence[Side], folder: Path) -> ComparedOutputs:
    """Whether both sides give the same outputs, with the first side's weights and input."""
    into = folder / "outputs.npz"
    try:
        first = sides[0].write_outputs(WriteOutputs(str(into.resolve())))
        if first.reason:
            return ComparedOutputs("not_compared", first.reason)
        found = sides[1].write_outputs(WriteOutputs(str(into.resolve()), like=str(into.resolve())))
    finally:
        into.unlink(missing_ok=True)
    if found.differ:
        return ComparedOutputs("differ", found.reason)
    if found.agreement is None:
        return ComparedOutputs("not_compared", found.reason)
    error, tolerance = float(found.agreement["max_abs_error"]), float(found.agreement["tolerance"])
    return ComparedOutputs("equal" if found.agreement["equal"] else "close", "", error, tolerance)
