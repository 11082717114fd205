"""What a rule sees of the evidence: what it declared, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from msgspec import UNSET

from ...model.environment import Environment
from ...model.evidence import Evidence, FunctionCost, MemoryGrowth, SpanFacts, WarmUp
from ...model.report import CallFigures, InternalShare, LayerShare, NativeShare, PhaseShare
from ...model.workload import Workload

#: What each part of the evidence comes from, in the words that a report uses of what is
#: missing. Beside these there are facts: ``workload.KEY`` and ``environment.KEY``.
PARTS = {
    "calls": "calls that were measured",
    "phases": "the spans capture",
    "spans": "the spans capture",
    "internals": "the spans capture",
    "native": "the tensorflow capture",
    "layers": "the tensorflow capture",
    "functions": "the cprofile capture",
    "memory": "bare calls enough to see memory grow",
    "warm_up": "a recording that times the calls right after the first",
    "environment": "the environment",
    "workload.call_sites": "a whole program: keras-profile run script.py",
    "workload.in_program": "a program whose calls are made again after its end",
}
#: Facts of the workload and the environment that a recording may be too old to have.
NEWER_RECORDING = "facts of the workload that this recording does not have"

#: Parts that say where a call's time goes, which on another backend than TensorFlow is not known: the
#: wait for results that come later falls into whatever asks for them.
_DIVIDES_A_CALL = ("phases", "spans", "internals", "native", "layers", "workload.process")

_Part = TypeVar("_Part")


class UndeclaredEvidence(Exception):
    """A rule asked for evidence that it does not declare: a defect of the rule."""


class View:
    """The declared parts of the evidence. Any other access raises :class:`UndeclaredEvidence`."""

    def __init__(self, evidence: Evidence, declared: Sequence[str]) -> None:
        self._evidence = evidence
        self._declared = frozenset(declared)

    def _check(self, name: str) -> None:
        if name not in self._declared:
            raise UndeclaredEvidence(f"{name} is not among what the rule declares")

    def _part(self, name: str, part: _Part | None) -> _Part:
        self._check(name)
        if part is None:
            raise UndeclaredEvidence(f"{name} is missing here: a rule that only uses it asks has() first")
        return part

    def has(self, name: str) -> bool:
        """Whether a part that the rule only uses is there."""
        self._check(name)
        return is_there(self._evidence, name)

    def workload(self, key: str) -> Any:
        """A declared fact of the workload, as :class:`..model.workload.Workload` has it."""
        return self._fact("workload", self._evidence.workload, key)

    def environment(self, key: str) -> Any:
        """A declared fact of the environment, as :class:`..model.environment.Environment` has it."""
        return self._fact("environment", self._evidence.environment, key)

    def _fact(self, of: str, facts: Workload | Environment, key: str) -> object:
        name = f"{of}.{key}"
        self._check(name)
        fact: object = getattr(facts, key)
        if fact is UNSET:
            raise UndeclaredEvidence(f"{name} is missing here: a rule that only uses it asks has() first")
        return fact

    @property
    def calls(self) -> CallFigures:
        return self._part("calls", self._evidence.calls)

    @property
    def total_ns(self) -> int:
        """The median call; every rule may know it."""
        return self._evidence.calls.warm.median_ns

    @property
    def phases(self) -> Mapping[str, PhaseShare]:
        return self._part("phases", self._evidence.phases)

    @property
    def spans(self) -> SpanFacts:
        return self._part("spans", self._evidence.spans)

    @property
    def internals(self) -> list[InternalShare]:
        return self._part("internals", self._evidence.internals)

    @property
    def native(self) -> list[NativeShare]:
        return self._part("native", self._evidence.native)

    @property
    def layers(self) -> list[LayerShare]:
        return self._part("layers", self._evidence.layers)

    @property
    def functions(self) -> list[FunctionCost]:
        return self._part("functions", self._evidence.functions)

    @property
    def memory(self) -> MemoryGrowth:
        return self._part("memory", self._evidence.memory)

    @property
    def warm_up(self) -> WarmUp:
        return self._part("warm_up", self._evidence.warm_up)

    def ns(self, phase: str) -> int:
        """A phase's ns of the median call, 0 where the call does not enter it."""
        found = self.phases.get(phase)
        return 0 if found is None else found.self_ns

    def share(self, *phases: str) -> float:
        """The share of the call that these phases have together."""
        return self.of_call(sum(self.ns(phase) for phase in phases))

    def of_call(self, ns: float) -> float:
        """The share of the median call that so many ns are."""
        return ns / max(self.total_ns, 1)

    def count(self, phase: str) -> float:
        """How often a call enters a phase."""
        found = self.phases.get(phase)
        return 0.0 if found is None else found.count_per_call


def is_there(evidence: Evidence, name: str) -> bool:
    """Whether a part of the evidence was recorded, and is true of this backend."""
    if on_another_backend(evidence) and name in _DIVIDES_A_CALL:
        return False
    group, _, key = name.partition(".")
    if group == "workload":
        return getattr(evidence.workload, key) is not UNSET
    if group == "environment" and key:
        # A recording has all of it or, of a process that was killed at its start, nothing.
        return evidence.environment.python is not None
    return getattr(evidence, name) is not None


def missing_because(evidence: Evidence, name: str) -> str:
    """What a user must provide for a part that is missing here."""
    backend = evidence.environment.backend
    if on_another_backend(evidence) and name in _DIVIDES_A_CALL:
        return f"the TensorFlow backend: on {backend} only the time of whole calls is known"
    return missing_text(name)


def on_another_backend(evidence: Evidence) -> bool:
    """Whether Keras runs on something else than TensorFlow."""
    return evidence.environment.backend not in (None, "tensorflow")


def missing_text(name: str) -> str:
    """What a user must provide for a part that is missing.

    >>> missing_text("native")
    'the tensorflow capture'
    """
    return PARTS.get(name, NEWER_RECORDING)


def part_text(name: str) -> str:
    """A part of the evidence in words.

    >>> part_text("native"), part_text("workload.jit_compile")
    ('the tensorflow capture', 'the fact workload.jit_compile')
    """
    return PARTS.get(name) or f"the fact {name}"
