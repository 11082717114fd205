"""Ray: each node that measures has one unit of the custom resource ``measure``.

Without an address, Ray is started here: one node, one unit, processes for two tasks. A worker that dies is
replaced, and Ray gives its cell to the next node that has the unit.
"""

from __future__ import annotations

import importlib.metadata
import itertools
import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import replace
from typing import Any

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from ....errors import KerasProfileError
from ..cell_process import Answer, Job, Outcome, Question, Shipment, check, lost, measure, this_machine
from .slots import RESOURCE

#: How often a cell is given to another worker if one dies.
_RETRIES = 3
#: How long to wait for another node if the last one that measures has gone, in seconds.
_PATIENCE_S = 60.0
_LOOKING_S = 1.0
_PACKAGE = "keras-profile"


class OnRay:
    """A Ray cluster: that at ``address``, or a new one on this machine."""

    is_here = False

    def __init__(self, address: str | None) -> None:
        self.name = f"the Ray cluster {address}" if address else "Ray here"
        self._address = address
        self._open = ExitStack()

    def __enter__(self) -> OnRay:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        # Ray prints to standard output that a worker died, which is only for our answer.
        nowhere = self._open.enter_context(open(os.devnull, "w", encoding="utf-8"))
        self._open.enter_context(redirect_stdout(nowhere))
        quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.CRITICAL}
        try:
            if self._address is None:
                ray.init(num_cpus=2, resources={RESOURCE: 1}, include_dashboard=False, **quiet)
            else:
                ray.init(address=self._address, **quiet)
        except (OSError, RuntimeError) as error:  # a ConnectionError is an OSError
            self.__exit__()
            raise KerasProfileError(
                f"--on {self._address or 'ray'}: Ray cannot be started or reached: {error}",
                f"""start it on each machine: ray start --resources '{{"{RESOURCE}": 1}}'""",
            ) from error
        return self

    def __exit__(self, *ending: object) -> None:
        ray.shutdown()
        self._open.close()

    def versions(self) -> dict[str, str]:
        """The version on each node that measures. Raises :class:`KerasProfileError` if none does, or one
        has several slots."""
        nodes = self._nodes()
        if not nodes:
            raise self._no_slot()
        for node in nodes:
            if node["Resources"][RESOURCE] > 1:
                raise KerasProfileError(
                    f"node {node['NodeManagerHostname']}: expected one unit of {RESOURCE}, found "
                    f"{node['Resources'][RESOURCE]:g}: cells would be measured at the same time",
                    f"""start it with --resources '{{"{RESOURCE}": 1}}'""",
                )
        # A function of the standard library: it can be called where the package is missing.
        asked = {name: ask.remote(_PACKAGE) for name, ask in self._on_each(importlib.metadata.version)}
        found = {}
        for name, answer in asked.items():
            try:
                found[name] = ray.get(answer)
            except ray.exceptions.RayTaskError:
                found[name] = ""
        return found

    def slots(self) -> int:
        """How many nodes have the resource."""
        return len(self._nodes())

    def check(self, questions: Sequence[Question], shipment: Shipment) -> Iterator[Answer]:
        """Asks each question on each node that measures."""
        machines: dict[str, str] = {}
        for name, ask in self._on_each(this_machine):
            machine = ray.get(ask.remote())
            if machine.id in machines:
                raise KerasProfileError(
                    f"expected one node with the resource {RESOURCE} on each machine, found "
                    f"{machines[machine.id]} and {name} on one: cells would be measured at the same time",
                    "start only one node of a machine with that resource",
                )
            machines[machine.id] = name
        files = ray.put(shipment)
        asked = [
            (name, ask.remote(question, files))
            for name, ask in self._on_each(check)
            for question in questions
        ]
        for name, future in asked:
            answer = ray.get(future)
            yield replace(answer, worker=name)

    def measured(self, jobs: Iterator[Job], shipment: Shipment) -> Iterator[Outcome]:
        """Measures each job on a node that has the resource."""
        remote = ray.remote(num_cpus=1, resources={RESOURCE: 1}, max_retries=_RETRIES)(measure)
        files = ray.put(shipment)
        waiting: dict[Any, Job] = {}
        while True:
            # One more than is measured for each slot, so that none waits for the driver.
            for job in itertools.islice(jobs, max(1, 2 * self.slots()) - len(waiting)):
                waiting[remote.remote(job, files)] = job
            if not waiting:
                return
            for future in self._finished(waiting):
                yield self._outcome(waiting.pop(future), future)

    def _finished(self, waiting: dict[Any, Job]) -> list[Any]:
        """Waits for the next one. Raises :class:`KerasProfileError` if none can come any more."""
        until = time.monotonic() + _PATIENCE_S
        while True:
            try:
                found, _ = ray.wait(list(waiting), num_returns=1, timeout=_LOOKING_S)
                slots = self.slots()
            except (OSError, ray.exceptions.RaySystemError) as error:
                raise self._cluster_lost() from error
            if found:
                return list(found)
            if slots:
                until = time.monotonic() + _PATIENCE_S
            elif time.monotonic() > until:
                raise self._no_slot()

    def _outcome(self, job: Job, future: Any) -> Outcome:
        try:
            outcome: Outcome = ray.get(future)
        except (ray.exceptions.WorkerCrashedError, ray.exceptions.NodeDiedError):
            return lost(job, "each worker that measured it died")
        except ray.exceptions.RayTaskError as error:
            return lost(job, f"its worker failed: {error.cause}")
        except (OSError, ray.exceptions.RayError) as error:
            raise self._cluster_lost() from error
        return outcome

    def _nodes(self) -> list[dict[str, Any]]:
        """The nodes that measure."""
        return [node for node in ray.nodes() if node["Alive"] and node["Resources"].get(RESOURCE, 0) > 0]

    def _on_each(self, function: Any) -> Iterator[tuple[str, Any]]:
        """The function on each node that measures, with the node's name. It takes no slot."""
        for node in self._nodes():
            there = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
            remote = ray.remote(num_cpus=1, max_retries=_RETRIES, scheduling_strategy=there)(function)
            yield f"{node['NodeManagerHostname']} ({node['NodeID'][:8]})", remote

    def _no_slot(self) -> KerasProfileError:
        return KerasProfileError(
            f"{self.name}: expected nodes with the resource {RESOURCE}, found none",
            f"""on each machine: ray start --address ADDRESS --resources '{{"{RESOURCE}": 1}}'""",
        )

    def _cluster_lost(self) -> KerasProfileError:
        return KerasProfileError(
            f"{self.name}: the connection is lost; what was measured is kept",
            "start Ray on its machines, and then the same command again",
        )
