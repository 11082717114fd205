"""What Linux reports, mostly in files below ``/proc``.

https://www.kernel.org/doc/html/latest/filesystems/proc.html
"""

from __future__ import annotations

import os

from ..own_files import read_kernel_file

#: https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
_PR_SET_PDEATHSIG, _SIGKILL = 1, 9

#: A container's memory limit and how much of it is used: for both versions of control groups.
_LIMITS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)


def boot_id() -> str:
    """Returns a UUID that the kernel makes when it starts."""
    return (_read("/proc/sys/kernel/random/boot_id") or "").strip()


def resident_bytes() -> int | None:
    """Uses the second number of ``statm``, which is cheap to read, and in pages."""
    pages = _field(_read("/proc/self/statm"), 1)
    return None if pages is None else pages * os.sysconf("SC_PAGE_SIZE")


def peak_bytes() -> int | None:
    """Returns the highest resident memory."""
    return kilobytes(_read("/proc/self/status"), "VmHWM")


def forget_peak() -> bool:
    """Resets the peak. Not every container allows it."""
    try:
        with open("/proc/self/clear_refs", "wb") as file:
            file.write(b"5")
    except OSError:
        return False
    return True


def available_bytes() -> int | None:
    """Returns what is available without swapping."""
    found = [kilobytes(_read("/proc/meminfo"), "MemAvailable")]
    found += [_left(_read(limit), _read(used)) for limit, used in _LIMITS]
    return min((one for one in found if one is not None), default=None)


def native_threads() -> int | None:
    """Counts the entries of ``task``."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return None


def waited_ns() -> int | None:
    """Uses the second number of ``schedstat``. The file is not kept open: the program may close any."""
    return _field(_read("/proc/self/schedstat"), 1)


def parent_pid() -> int:
    """Returns the parent of this process."""
    return os.getppid()


def ends_with_parent() -> None:
    """Uses a signal that the kernel sends when the *thread* that started this process ends."""
    import ctypes

    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended just before
        os.kill(os.getpid(), _SIGKILL)


def kilobytes(text: str | None, name: str) -> int | None:
    """Returns the value of a line ``name: 12 kB``, in bytes."""
    for line in (text or "").splitlines():
        if line.startswith(name + ":"):
            value = _field(line, 1)
            return None if value is None else value * 1024
    return None


def _left(limit: str | None, used: str | None) -> int | None:
    """Returns what is left of a limit, None if the limit is ``max``."""
    most, taken = _field(limit, 0), _field(used, 0)
    return None if most is None or taken is None else max(0, most - taken)


def _field(text: str | None, number: int) -> int | None:
    words = (text or "").split()
    return int(words[number]) if len(words) > number and words[number].isdigit() else None


def _read(path: str) -> str | None:
    try:
        return read_kernel_file(path).decode("ascii", "replace")
    except OSError:  # hidden, or not in this kernel
        return None
