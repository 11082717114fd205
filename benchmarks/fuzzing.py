"""What the benchmarks of damaged inputs have in common: the inputs of seeds, tried in several processes."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from keras_profile.recorder.system import forget_peak, peak_bytes, resident_bytes


@dataclass
class Outcome:
    """What became of some inputs: how many ended how, and what should not have been."""

    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    slow: int = 0
    peak_mb: float = 0.0

    def add(self, other: Outcome) -> None:
        self.kinds += other.kinds
        self.faults += other.faults
        self.slowest = max(self.slowest, other.slowest)
        self.slow += other.slow
        self.peak_mb = max(self.peak_mb, other.peak_mb)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises :class:`TimeoutError` in what takes longer."""

    def hangs(number: int, frame: object) -> None:
        raise TimeoutError(f"took longer than {seconds} s")

    signal.signal(signal.SIGALRM, hangs)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def measured_memory(outcome: Outcome) -> Iterator[None]:
    """Notes what the ``with`` block needs at most, beyond what the process has before it."""
    before = (resident_bytes() or 0) if forget_peak() else 0
    try:
        yield
    finally:
        outcome.peak_mb = max(outcome.peak_mb, ((peak_bytes() or 0) - before) / 1e6)


def try_inputs(
    description: str,
    inputs: int,
    chunk: int,
    try_seeds: Callable[[Sequence[int]], Outcome],
    faults: str,
    *,
    every: int,
    as_they_come: bool = False,
) -> Outcome:
    """Tries as many inputs as the command line says, ``inputs`` if it says nothing, ``chunk`` at a time.

    How far it is is printed after ``every`` chunk, and after each with ``faults``, which are called so.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--inputs", type=int, default=inputs, help="how many inputs")
    parser.add_argument("--seed", type=int, default=0, help="the first input's seed")
    parser.add_argument("--workers", type=int, default=2, help="processes that read")
    options = parser.parse_args()
    outcome = Outcome()
    last = options.seed + options.inputs
    chunks = [range(first, min(first + chunk, last)) for first in range(options.seed, last, chunk)]
    begin = time.perf_counter()
    with ProcessPoolExecutor(options.workers) as pool:  # a process that dies raises here
        for number, part in enumerate(pool.map(try_seeds, chunks), 1):
            outcome.add(part)
            for fault in part.faults if as_they_come else ():
                print(fault, flush=True)
            if number % every == 0 or part.faults:
                print(
                    f"{number * chunk:,} inputs, {len(outcome.faults)} {faults}, "
                    f"{time.perf_counter() - begin:.0f} s",
                    file=sys.stderr,
                    flush=True,
                )
    print(f"{options.inputs:,} inputs from seed {options.seed} in {time.perf_counter() - begin:.0f} s")
    return outcome
