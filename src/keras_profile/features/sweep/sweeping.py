"""Runs a sweep: checks that its cells can be measured, measures those that are not done, answers."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ... import __version__
from ...errors import KerasProfileError
from ...launch.recorder_process import Listener
from ...model.sweep import PlanFile, SweepContent
from ...number_words import plural
from ...recorder.protocol import events
from ...recordings.names import place_and_name
from ...recordings.regular_files import is_folder, is_regular, read_regular
from .answering import answers
from .cell_process import Job, Question, Shipment, this_machine
from .cell_store import CellStore, StoredCell
from .engines.slots import Engine
from .grid import Cell, arguments_of, cells_of, settings_words, variables_of
from .ticking import Ticking

#: The most bytes of models and other files that are sent to workers.
_MOST_SHIPPED = 1 << 29
#: How long the start, the imports and the report of a cell take, until one is measured.
_BESIDE_S = 8.0


@dataclass(frozen=True)
class Sweep:
    """A plan with its cells and the folder in which they are kept."""

    path: str
    plan: PlanFile
    cells: list[Cell]
    store: CellStore

    @classmethod
    def of(cls, path: str, plan: PlanFile, folder: Path) -> Sweep:
        """The sweep of a plan. Raises :class:`KerasProfileError` if it has no cells."""
        return cls(path, plan, cells_of(plan, path), CellStore(folder))

    def stored(self) -> dict[str, StoredCell]:
        """The cells of the plan that are done."""
        names = set(self.store.names()) & {cell.name for cell in self.cells}
        found = {name: self.store.read(name) for name in names}
        return {name: one for name, one in found.items() if one is not None}

    def content(self, stored: dict[str, StoredCell], notes: Sequence[str] = ()) -> SweepContent:
        """The answers by the cells that are done."""
        known = {cell.name for cell in self.cells}
        left_alone = [name for name in self.store.names() if name not in known]
        return answers(self.plan, self.path, self.cells, stored, left_alone, notes)

    def job(self, cell: Cell) -> Job:
        """What a worker is given."""
        one = cell.settings
        arguments = arguments_of(replace(one, interpreter=None), shlex.split(cell.options))
        return Job(cell.name, arguments, one.interpreter, variables_of(one), cell.seconds, cell.captures)

    def questions(self, cells: Sequence[Cell]) -> list[Question]:
        """One for each model and interpreter of ``cells``."""
        found = {}
        for cell in cells:
            one = cell.settings
            if (one.model, one.interpreter) not in found:
                short = replace(one, rows=1, batch_size=None, interpreter=None)
                words = arguments_of(short, shlex.split(cell.options))
                found[one.model, one.interpreter] = Question(
                    one.model, one.interpreter, words, variables_of(one)
                )
        return list(found.values())

    def check_files(self) -> None:
        """Raises :class:`KerasProfileError` if one of the plan's ``files`` cannot be sent to workers."""
        for place in self.plan.files:
            path = Path(place)
            if path.is_absolute() or not _is_below(path) or not (is_regular(path) or is_folder(path)):
                raise KerasProfileError(
                    f"{self.path}: files: expected a file or folder below the working folder, found none: "
                    f"{place}",
                    "give its path from the folder in which you start the sweep",
                )

    def shipment(self) -> Shipment:
        """The files that a worker on another machine needs. Raises :class:`KerasProfileError`."""
        models = [place_and_name(model)[0] for model in self.plan.grid.model]
        words = shlex.split(self.plan.options)
        inputs = [place_and_name(word)[0] for word in words if not word.startswith("-")]
        files: dict[str, bytes] = {}
        for place in [*models, *inputs]:
            if not Path(place).is_absolute():
                files.update(_read_below(Path(place)))
        for place in self.plan.files:
            files.update(_read_below(Path(place)))
        size = sum(map(len, files.values()))
        if size > _MOST_SHIPPED:
            raise KerasProfileError(
                f"{self.path}: expected at most {_MOST_SHIPPED >> 20} MB to send to workers, found "
                f"{size >> 20} MB",
                "put the models on each machine, and give their absolute paths",
            )
        return Shipment(files)


def measure_cells(
    sweep: Sweep,
    engine: Engine,
    listener: Listener,
    on_change: Callable[[SweepContent], object],
    *,
    retry_failed: bool = False,
    only_check: bool = False,
) -> SweepContent:
    """Measures the cells that are not done, and calls ``on_change`` with the answers after each.

    With ``only_check`` it stops after the checks. Raises :class:`KerasProfileError` if a model does not load
    or a worker does not suit, before anything is measured. What is stored stays whatever happens.
    """
    sweep.check_files()
    sweep.store.remove_unfinished()
    stored = sweep.stored()
    if retry_failed and not only_check:
        for name in [name for name, one in stored.items() if one.calls is None]:
            sweep.store.remove(name)
            del stored[name]
    left = [cell for cell in sweep.cells if cell.name not in stored]
    if not left:
        return sweep.content(stored)
    with engine:
        _check_versions(engine)
        # This process has them where they are.
        shipment = Shipment({}) if engine.is_here else sweep.shipment()
        _check_models(engine, _not_loaded_yet(sweep.questions(left), stored, engine), shipment, listener)
        if only_check:
            return sweep.content(stored)
        with Ticking(listener, _title(sweep, stored), _left_s(sweep, stored, engine.slots())) as ticking:
            queue = _Queue(sweep, left, stored)
            by_name = {cell.name: cell for cell in left}
            for outcome in engine.measured(queue.jobs(), shipment):
                done = sweep.store.keep(by_name[outcome.name], outcome)
                stored[outcome.name] = done
                if outcome.reason:
                    words = settings_words(by_name[outcome.name].settings)
                    listener(events.Announce(f"{words} failed: {outcome.reason}"))
                on_change(sweep.content(stored, queue.notes()))
                ticking.update(_title(sweep, stored), _left_s(sweep, stored, engine.slots()))
    return sweep.content(stored, queue.notes())


class _Queue:
    """Hands out jobs as long as the budget lasts."""

    def __init__(self, sweep: Sweep, left: Sequence[Cell], stored: dict[str, StoredCell]) -> None:
        self._sweep = sweep
        self._left = left
        self._stored = stored
        self._given = 0

    def jobs(self) -> Iterator[Job]:
        """The jobs, in their order."""
        for cell in self._left:
            if not self._is_in_budget():
                return
            self._given += 1
            yield self._sweep.job(cell)

    def notes(self) -> list[str]:
        """That the budget has ended, if it has."""
        budget = self._sweep.plan.budget.seconds
        missing = len(self._left) - self._given
        if budget is None or not missing or self._is_in_budget():
            return []
        left = plural(missing, "measurement")
        return [f"the budget of {budget:g} s is used up, {left} left: give more and start it again"]

    def _is_in_budget(self) -> bool:
        budget = self._sweep.plan.budget.seconds
        if budget is None:
            return True
        taken = [one.content.took_s for one in self._stored.values()]
        under_way = self._given - sum(cell.name in self._stored for cell in self._left)
        a_cell = sum(taken) / len(taken) if taken else 0.0
        return sum(taken) + under_way * a_cell < budget


def _title(sweep: Sweep, stored: dict[str, StoredCell]) -> str:
    return f"cell {min(len(stored) + 1, len(sweep.cells))} of {len(sweep.cells)}"


def _left_s(sweep: Sweep, stored: dict[str, StoredCell], slots: int) -> float:
    """How long the rest takes, by what the cells have taken that are done."""
    taken = [one.content.took_s for one in stored.values()]
    a_cell = sum(taken) / len(taken) if taken else sweep.plan.budget.cell_seconds + _BESIDE_S
    left = a_cell * (len(sweep.cells) - len(stored))
    if sweep.plan.budget.seconds is not None:
        left = min(left, max(0.0, sweep.plan.budget.seconds - sum(taken)))
    return left / max(1, slots)


def _check_versions(engine: Engine) -> None:
    for worker, version in engine.versions().items():
        if version != __version__:
            found = f"version {version}" if version else "none"
            raise KerasProfileError(
                f"worker {worker}: expected keras-profile {__version__} as here, found {found}",
                "install it there: pip install keras-profile of the same version, with the same extra",
            )


def _not_loaded_yet(
    questions: list[Question], stored: dict[str, StoredCell], engine: Engine
) -> list[Question]:
    """The questions that no cell has answered on this machine; all of them if others measure."""
    if not engine.is_here:
        return questions
    here = this_machine().id
    loaded = {
        (one.content.settings.model, one.content.settings.interpreter)
        for one in stored.values()
        if one.calls is not None and one.content.machine.id == here
    }
    return [one for one in questions if (one.model, one.interpreter) not in loaded]


def _check_models(
    engine: Engine, questions: Sequence[Question], shipment: Shipment, listener: Listener
) -> None:
    if not questions:
        return
    models, interpreters = ({getattr(one, name) for one in questions} for name in ("model", "interpreter"))
    places = f" in {len(interpreters)} interpreters" if len(interpreters) > 1 else ""
    listener(events.Stage(f"loading {plural(len(models), 'model')}{places}"))
    problems = [answer for answer in engine.check(questions, shipment) if answer.problem]
    if not problems:
        return
    first = problems[0]
    where = first.question.model
    if first.question.interpreter is not None:
        where += f" with {first.question.interpreter}"
    if first.worker:
        where += f" on worker {first.worker}"
    others = len(problems) - 1
    more = f"; {plural(others, 'other check')} failed too" if others else ""
    # A model's own error may already begin with its name.
    problem = first.problem.removeprefix(f"{first.question.model}: ")
    raise KerasProfileError(f"{where}: {problem}{more}", first.advice, first.trace)


def _is_below(place: Path) -> bool:
    return place.resolve().is_relative_to(Path.cwd().resolve())


def _read_below(place: Path) -> dict[str, bytes]:
    """The files at ``place``, by their paths from the working folder; none if there is nothing."""
    if not _is_below(place):
        return {}
    if is_regular(place):
        return {place.as_posix(): read_regular(place, _MOST_SHIPPED)}
    if not is_folder(place):
        return {}
    paths = (
        path for path in sorted(place.rglob("*")) if is_regular(path) and "__pycache__" not in path.parts
    )
    return {path.as_posix(): read_regular(path, _MOST_SHIPPED) for path in paths}
