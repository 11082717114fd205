"""Dask: each machine that measures has one unit of the abstract resource ``measure``.

Without an address, a cluster is started here: two worker processes, of which one has the unit, since both
are on one machine. The other loads models before anything is measured. It has nothing to do with a cell:
whatever it did beside a measurement would disturb it. A worker that dies is replaced by its nanny, and
Dask gives its cell to the next worker that has the unit.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import itertools
import logging
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import dask
import distributed
from distributed import Nanny, Scheduler, SpecCluster

from ....errors import KerasProfileError
from ..cell_process import Answer, Job, Outcome, Question, Shipment, check, lost, measure, this_machine
from . import deaf_worker
from .slots import RESOURCE

#: How long to wait for a first worker, and how long for another one if the last has gone, in seconds.
_PATIENCE_S = 60.0
_LOOKING_S = 1.0
_PACKAGE = "keras-profile"


class OnDask:
    """A Dask cluster: that of the scheduler at ``address``, or a new one on this machine."""

    is_here = False

    def __init__(self, address: str | None) -> None:
        self.name = f"the Dask cluster {address}" if address else "two Dask workers here"
        self._address = address
        self._cluster: Any = None
        self._client: Any = None

    def __enter__(self) -> OnDask:
        # Workers that die are reported as outcomes, in our words.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            if self._address is None:
                self._cluster = _here()
            self._client = distributed.Client(
                self._address or self._cluster, timeout=_PATIENCE_S if self._address is None else 10.0
            )
        except (OSError, asyncio.TimeoutError) as error:
            self.__exit__()
            raise KerasProfileError(
                f"--on {self._address}: no Dask scheduler answers there",
                "start one: dask scheduler; and on each machine: dask worker ADDRESS --nthreads 1 "
                f"--resources {RESOURCE}=1",
            ) from error
        return self

    def __exit__(self, *ending: object) -> None:
        for opened in (self._client, self._cluster):
            if opened is not None:
                opened.close()

    def versions(self) -> dict[str, str]:
        """The version on each worker. Raises :class:`KerasProfileError` if none has a slot, or one has
        several."""
        self._wait_for_slots()
        for address, worker in self._workers().items():
            if worker["resources"].get(RESOURCE, 0) > 1:
                raise KerasProfileError(
                    f"worker {address}: expected one unit of {RESOURCE}, found "
                    f"{worker['resources'][RESOURCE]:g}: cells would be measured at the same time",
                    f"start it with --resources {RESOURCE}=1",
                )
        found = self._client.run(importlib.metadata.version, _PACKAGE, on_error="return")
        return {address: one if isinstance(one, str) else "" for address, one in found.items()}

    def slots(self) -> int:
        """How many workers have the resource."""
        return len(self._measuring())

    def check(self, questions: Sequence[Question], shipment: Shipment) -> Iterator[Answer]:
        """Asks each question on each machine that measures, on all of its workers in turn."""
        workers = self._by_machine()
        measuring = set(self._measuring())
        files = self._send(shipment)
        futures = {}
        for on_machine in workers.values():
            if measuring.isdisjoint(on_machine):
                continue
            # Those that do not measure first: with one model, that one loads it.
            turn = itertools.cycle(sorted(on_machine, key=lambda worker: worker in measuring))
            for question in questions:
                worker = next(turn)
                future = self._client.submit(check, question, files, workers=[worker], pure=False)
                futures[future] = worker
        for future, worker in futures.items():
            answer = future.result()
            yield replace(answer, worker=worker)

    def measured(self, jobs: Iterator[Job], shipment: Shipment) -> Iterator[Outcome]:
        """Measures each job on a worker that has the resource."""
        files = self._send(shipment)
        waiting: dict[Any, Job] = {}
        while True:
            # One more than is measured for each slot, so that none waits for the driver.
            for job in itertools.islice(jobs, max(1, 2 * self.slots()) - len(waiting)):
                future = self._client.submit(measure, job, files, resources={RESOURCE: 1}, pure=False)
                waiting[future] = job
            if not waiting:
                return
            for future in self._finished(waiting):
                job = waiting.pop(future)
                yield self._outcome(job, future)

    def _finished(self, waiting: dict[Any, Job]) -> list[Any]:
        """Waits for the next ones. Raises :class:`KerasProfileError` if none can come any more."""
        until = time.monotonic() + _PATIENCE_S
        while True:
            try:
                distributed.wait(list(waiting), timeout=_LOOKING_S, return_when="FIRST_COMPLETED")
            except (asyncio.TimeoutError, distributed.TimeoutError):
                pass
            except (OSError, asyncio.CancelledError, distributed.CancelledError) as error:
                raise self._scheduler_lost() from error
            found = [future for future in waiting if future.done()]
            if found:
                return found
            if self._client.status != "running":
                raise self._scheduler_lost()
            if self.slots():
                until = time.monotonic() + _PATIENCE_S
            elif time.monotonic() > until:
                raise self._no_slot()

    def _outcome(self, job: Job, future: Any) -> Outcome:
        if future.status == "finished":
            outcome: Outcome = future.result()
            return outcome
        if future.status != "error":  # cancelled or lost, with the scheduler
            raise self._scheduler_lost()
        error = future.exception()
        if isinstance(error, distributed.scheduler.KilledWorker):
            return lost(job, "each worker that measured it died")
        return lost(job, f"its worker failed: {type(error).__name__}: {error}")

    def _send(self, shipment: Shipment) -> Any:
        """The files as the result of a task: if its worker dies, Dask does it again elsewhere."""
        return self._client.submit(_same, shipment, key=f"keras_profile-files-{shipment.digest}")

    def _workers(self) -> dict[str, Any]:
        found: dict[str, Any] = self._client.scheduler_info(n_workers=-1)["workers"]
        return found

    def _measuring(self) -> list[str]:
        return [address for address, one in self._workers().items() if one["resources"].get(RESOURCE, 0) > 0]

    def _by_machine(self) -> dict[str, list[str]]:
        """The workers of each machine. Raises :class:`KerasProfileError` if one has several slots."""
        found = defaultdict(list)
        for address, machine in self._client.run(this_machine).items():
            found[machine.id].append(address)
        measuring = set(self._measuring())
        for workers in found.values():
            slots = sorted(measuring.intersection(workers))
            if len(slots) > 1:
                raise KerasProfileError(
                    f"expected one worker with the resource {RESOURCE} on each machine, found "
                    f"{' and '.join(slots[:2])} on one: cells would be measured at the same time",
                    f"start only one worker of a machine with --resources {RESOURCE}=1",
                )
        return found

    def _wait_for_slots(self) -> None:
        until = time.monotonic() + (_PATIENCE_S if self._cluster is not None else 10.0)
        while not self.slots():
            if time.monotonic() > until:
                raise self._no_slot()
            time.sleep(0.1)

    def _no_slot(self) -> KerasProfileError:
        return KerasProfileError(
            f"{self.name}: expected workers with the resource {RESOURCE}, found none",
            f"on each machine: dask worker {self._address or 'ADDRESS'} --nthreads 1 "
            f"--resources {RESOURCE}=1",
        )

    def _scheduler_lost(self) -> KerasProfileError:
        return KerasProfileError(
            f"{self.name}: the connection to the scheduler is lost; what was measured is kept",
            "start the scheduler and its workers, and then the same command again",
        )


def _here() -> Any:
    """A cluster of two processes on this machine, of which one measures."""
    # A worker reads these from its start on.
    dask.config.set({"distributed.logging.distributed": "critical"})
    options = {
        "nthreads": 1,
        "memory_limit": 0,
        "dashboard": False,
        "silence_logs": logging.CRITICAL,
        "preload": [deaf_worker.__name__],
    }
    return SpecCluster(
        scheduler={
            "cls": Scheduler,
            "options": {
                "host": "127.0.0.1",
                "port": 0,
                "dashboard": False,
                "dashboard_address": "127.0.0.1:0",  # else the usual port, which may be taken
            },
        },
        workers={
            "measures": {"cls": Nanny, "options": {**options, "resources": {RESOURCE: 1}}},
            "helps": {"cls": Nanny, "options": options},
        },
        silence_logs=logging.CRITICAL,
    )


def _same(shipment: Shipment) -> Shipment:
    return shipment
