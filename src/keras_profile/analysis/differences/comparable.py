"""Whether two recordings can be compared, and what a reader must know about it."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import KerasProfileError
from ...model.environment import Environment
from ...model.report import ReportContent
from ...model.workload import Input

#: How the facts of an environment are called in a warning, if it makes stored recordings differ.
_MACHINE = {"platform": "system", "machine": "processor", "cpu_count": "processors", "devices": "devices"}
_RELEASES = {"python": "Python", "tensorflow": "TensorFlow", "keras": "Keras", "numpy": "NumPy"}


def refuse_incomparable(before: ReportContent, after: ReportContent) -> None:
    """Raises :class:`KerasProfileError` if the two did not make the same kind of call."""
    first, second = before.workload.facts, after.workload.facts
    refuse_other_inputs(first.inputs, second.inputs)
    refuse_other("batch sizes", first.batch_size, second.batch_size)
    refuse_other("steps", first.steps, second.steps)


def refuse_other_inputs(before: Sequence[Input], after: Sequence[Input]) -> None:
    """Raises :class:`KerasProfileError` if the inputs do not have the same shapes, dtypes and kinds."""
    refuse_other("inputs", _shapes(before), _shapes(after))


def refuse_other(what: str, before: object, after: object) -> None:
    """Raises :class:`KerasProfileError` if the two differ in something that a call depends on."""
    if before != after:
        raise KerasProfileError(
            f"the two cannot be compared: they have different {what}: {before} and {after}",
            "use the same options for both",
        )


def warnings_of(before: ReportContent, after: ReportContent, in_turn: bool) -> list[str]:
    """What makes a comparison less sure: another machine, other threads, another release."""
    first, second = before.environment.facts, after.environment.facts
    notes = []
    if not in_turn:
        notes.append(
            "both were recorded at different times: the difference is an indication only; to measure them in "
            "turn, give two interpreters, commits or models: keras-profile compare --help"
        )
        notes += _differing(first, second, _MACHINE, "another machine: ")
        notes += _differing(first, second, _RELEASES, "other releases: ")
    notes += _settings(first, second)
    threads = [one.workload.facts.process for one in (before, after)]
    numbers = [
        (getattr(one, "intra_op_threads", None), getattr(one, "inter_op_threads", None)) for one in threads
    ]
    if numbers[0] != numbers[1]:
        notes.append(f"TensorFlow's threads differ: {_threads(numbers[0])} and {_threads(numbers[1])}")
    models = [(one.workload.facts.model_class, one.workload.facts.parameters) for one in (before, after)]
    if models[0] != models[1]:
        notes.append(
            f"the models differ: {models[0][0]} with {models[0][1]} parameters and {models[1][0]} with "
            f"{models[1][1]}"
        )
    return notes


def _shapes(inputs: Sequence[Input]) -> str:
    return ", ".join(f"{one.shape} {one.dtype} ({one.kind})" for one in inputs)


def _differing(first: Environment, second: Environment, names: dict[str, str], begin: str) -> list[str]:
    found = [
        f"{word} {_word(getattr(first, name))} and {_word(getattr(second, name))}"
        for name, word in names.items()
        if getattr(first, name) != getattr(second, name)
    ]
    return [begin + ", ".join(found)] if found else []


def _settings(first: Environment, second: Environment) -> list[str]:
    names = sorted(
        name
        for name in first.settings.keys() | second.settings.keys()
        if first.settings.get(name) != second.settings.get(name)
    )
    return [
        f"the variable {name} differs: {_word(first.settings.get(name))} and "
        f"{_word(second.settings.get(name))}"
        for name in names
    ]


def _threads(numbers: tuple[object, object]) -> str:
    return f"{_word(numbers[0])} within and {_word(numbers[1])} between ops"


def _word(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value)) or "none"
    return "unknown" if value is None else str(value)
