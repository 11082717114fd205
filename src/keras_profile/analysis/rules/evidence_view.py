"""A rule's view of the evidence: only the parts that it declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from msgspec import UNSET

from ...model.devices import DeviceDivision
from ...model.environment import Environment
from ...model.evidence import Evidence, FunctionCost, MemoryGrowth, SpanFacts, WarmUp
from ...model.report import CallFigures, Comparison, InternalShare, LayerShare, NativeShare, PhaseShare
from ...model.workload import Workload

#: The source of each part of the evidence, in the words that a report uses for a missing one.
#: There are also facts: ``workload.KEY`` and ``environment.KEY``.
PARTS = {
    "calls": "measured calls",
    "phases": "the spans capture",
    "spans": "the spans capture",
    "internals": "the spans capture",
    "native": "the tensorflow capture",
    "layers": "the tensorflow capture",
    "devices": "the tensorflow capture",
    "functions": "the cprofile capture",
    "memory": "more calls, to see whether memory grows",
    "warm_up": "a recording that times the calls right after the first",
    "comparisons": "tried changes: a recording without --no-try",
    "environment": "the environment",
    "workload.call_sites": "a whole program: keras-profile run script.py",
    "workload.data_flow": "several calls of a line in a program: keras-profile run script.py",
    "workload.shared_layers": "several models in a program: keras-profile run script.py",
    "workload.in_program": "a program whose calls are replayed after its end",
}
#: For facts of the workload and environment that an old recording may lack.
NEWER_RECORDING = "facts of the workload that this recording lacks"

#: Parts that show where a call's time goes. It is known only for the TensorFlow backend: with others,
#: the wait for results falls into whatever asks for them.
_DIVIDES_A_CALL = ("phases", "spans", "internals", "native", "layers", "devices", "workload.process")

_Part = TypeVar("_Part")


class UndeclaredEvidence(Exception):
    """A rule asked for evidence that it does not declare: a bug in the rule."""


class View:
    """The declared parts of the evidence. Any other access raises :class:`UndeclaredEvidence`."""

    def __init__(self, evidence: Evidence, declared: Sequence[str]) -> None:
        self._evidence = evidence
        self._declared = frozenset(declared)

    def _check(self, name: str) -> None:
        if name not in self._declared:
            raise UndeclaredEvidence(f"the rule does not declare {name}")

    def _part(self, name: str, part: _Part | None) -> _Part:
        self._check(name)
        if part is None:
            raise UndeclaredEvidence(f"{name} is missing here: a rule that only uses it asks has() first")
        return part

    def has(self, name: str) -> bool:
        """Whether an optional part is there."""
        self._check(name)
        return is_there(self._evidence, name)

    def workload(self, key: str) -> Any:
        """A declared fact of the workload, a field of :class:`..model.workload.Workload`."""
        return self._fact("workload", self._evidence.workload, key)

    def environment(self, key: str) -> Any:
        """A declared fact of the environment, a field of :class:`..model.environment.Environment`."""
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
        """The median call; every rule may ask for it."""
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
    def devices(self) -> list[DeviceDivision]:
        return self._part("devices", self._evidence.devices)

    @property
    def functions(self) -> list[FunctionCost]:
        return self._part("functions", self._evidence.functions)

    @property
    def memory(self) -> MemoryGrowth:
        return self._part("memory", self._evidence.memory)

    @property
    def warm_up(self) -> WarmUp:
        return self._part("warm_up", self._evidence.warm_up)

    @property
    def comparisons(self) -> list[Comparison]:
        return self._part("comparisons", self._evidence.comparisons)

    def ns(self, phase: str) -> int:
        """A phase's ns in the median call, 0 if the call does not enter it."""
        found = self.phases.get(phase)
        return 0 if found is None else found.self_ns

    def share(self, *phases: str) -> float:
        """The share of the call that these phases take together."""
        return self.of_call(sum(self.ns(phase) for phase in phases))

    def of_call(self, ns: float) -> float:
        """These ns as a share of the median call."""
        return ns / max(self.total_ns, 1)

    def count(self, phase: str) -> float:
        """How often a call enters a phase."""
        found = self.phases.get(phase)
        return 0.0 if found is None else found.count_per_call


def is_there(evidence: Evidence, name: str) -> bool:
    """Whether a part of the evidence was recorded and is valid for this backend."""
    if on_another_backend(evidence) and name in _DIVIDES_A_CALL:
        return False
    group, _, key = name.partition(".")
    if group == "workload":
        return getattr(evidence.workload, key) is not UNSET
    if group == "environment" and key:
        # A recording has all of it, or nothing if the process was killed at its start.
        return evidence.environment.python is not None
    return getattr(evidence, name) is not None


def missing_because(evidence: Evidence, name: str) -> str:
    """What a user must provide for a part that is missing in this evidence."""
    backend = evidence.environment.backend
    if on_another_backend(evidence) and name in _DIVIDES_A_CALL:
        return f"the TensorFlow backend: on {backend} only the time of whole calls is known"
    return missing_text(name)


def on_another_backend(evidence: Evidence) -> bool:
    """Whether Keras runs on a backend other than TensorFlow."""
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
