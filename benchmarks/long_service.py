"""A service under bounded load, for long: what recording makes it take, and whether that grows.

    python -m benchmarks.long_service [--minutes 20] [--calls-per-second 10]

The same service runs twice at the same time, bare and recorded. Both answer so many requests a second,
of a few sizes, by `predict` and by `model(x)`, on two threads. Once a second their memory, descriptors
and threads are read from outside, and the size of the recording on disk.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

SERVICE = """
import os, sys, threading, time
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np, keras
model = keras.Sequential([keras.layers.Input((16,)), keras.layers.Dense(64), keras.layers.Dense(4)])
end = time.monotonic() + float(sys.argv[1])
def serve(call, pause):
    number = 0
    while time.monotonic() < end:
        call(np.ones((1 + number % 4, 16), "float32"))
        number += 1
        time.sleep(pause)
pause = 2 / float(sys.argv[2])
threads = [threading.Thread(target=serve, args=(call, pause)) for call in
           (lambda rows: model.predict(rows, verbose=0), lambda rows: model(rows).numpy())]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
#: What grows within this part of the time is the start of the service.
_START = 0.25
_MB = 2**20


@dataclass
class Watched:
    """What was read of a process, once a second."""

    process: psutil.Process
    memory: list[int] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)
    disk: list[int] = field(default_factory=list)

    def read(self, folder: Path) -> None:
        """Reads all of it now."""
        with self.process.oneshot():
            self.memory.append(self.process.memory_info().rss)
            self.descriptors.append(self.process.num_fds())
            self.threads.append(self.process.num_threads())
        self.disk.append(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))


def growth(values: list[int]) -> float:
    """What the median of the last tenth is above that right after the start."""
    begin, tenth = int(len(values) * _START), max(len(values) // 10, 1)
    return statistics.median(values[-tenth:]) - statistics.median(values[begin : begin + tenth])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--calls-per-second", type=float, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "service.py").write_text(SERVICE)
        service = ["service.py", str(options.minutes * 60), str(options.calls_per_second)]
        recording = ["-m", "keras_profile", "run", "--no-replay", "--no-try", "--no-html"]
        bare = subprocess.Popen([sys.executable, *service], cwd=folder, stderr=subprocess.DEVNULL)
        driver = subprocess.Popen(
            [sys.executable, *recording, *service], cwd=folder, stderr=subprocess.DEVNULL
        )
        while not psutil.Process(driver.pid).children():
            time.sleep(0.1)
        found = {
            "bare": Watched(psutil.Process(bare.pid)),
            "recorded": Watched(psutil.Process(driver.pid).children()[0]),
        }
        try:
            while bare.poll() is None and driver.poll() is None:
                for watched in found.values():
                    watched.read(folder / "traces")
                time.sleep(1)
        except psutil.Error:  # one of them has just ended
            pass
        bare.wait()
        driver.wait()
    tell(found, options.minutes)
    more = found["recorded"].memory[-5:], found["bare"].memory[-5:]
    return int(statistics.median(more[0]) - statistics.median(more[1]) > 64 * _MB)


def tell(found: dict[str, Watched], minutes: float) -> None:
    """Prints what they took in the end, and what of it came after the start."""
    print(f"{minutes:g} minutes; in the end, and in brackets what came after the first quarter")
    for name, watched in found.items():
        print(
            f"{name:9s} memory {watched.memory[-1] / _MB:.0f} MB ({growth(watched.memory) / _MB:+.1f}), "
            f"descriptors {watched.descriptors[-1]} ({growth(watched.descriptors):+.0f}), "
            f"threads {watched.threads[-1]} ({growth(watched.threads):+.0f})"
        )
    disk = found["recorded"].disk
    rate = growth(disk) / _MB / (minutes * (1 - _START))
    print(f"recording {disk[-1] / _MB:.1f} MB on disk, {rate:.2f} MB more a minute")


if __name__ == "__main__":
    sys.exit(main())
