"""How much memory a call takes at its peak, and how much there is. Linux tells; others give None."""

from __future__ import annotations


class Peak:
    """What the process's resident memory rises to from here on."""

    def __init__(self) -> None:
        try:
            # https://www.kernel.org/doc/html/latest/filesystems/proc.html#process-specific-subdirectories
            with open("/proc/self/clear_refs", "w") as file:
                file.write("5")
            self._before = _kilobytes("/proc/self/status", "VmRSS")
        except OSError:  # not Linux, or not allowed in this container
            self._before = None

    def growth_bytes(self) -> int | None:
        """By how much it rose at most; None where the system does not tell."""
        most = None if self._before is None else _kilobytes("/proc/self/status", "VmHWM")
        return None if self._before is None or most is None else max(0, most - self._before)


def available_bytes() -> int | None:
    """The memory that can still be had, within the container's limit if there is one."""
    free = _kilobytes("/proc/meminfo", "MemAvailable")
    for limit, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        try:
            with open(limit) as one, open(used) as other:
                left = int(one.read()) - int(other.read())
        except (OSError, ValueError):  # no such limit
            continue
        free = left if free is None else min(free, left)
    return free


def _kilobytes(path: str, name: str) -> int | None:
    try:
        with open(path) as file:
            for line in file:
                if line.startswith(name + ":"):
                    return int(line.split()[1]) * 1024
    except OSError:  # not Linux
        return None
    return None
