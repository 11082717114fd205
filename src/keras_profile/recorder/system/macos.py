"""What macOS reports, through its C library.

Structures: https://github.com/apple-oss-distributions/xnu, ``bsd/sys/proc_info.h`` and
``osfmk/mach/vm_statistics.h``.
"""

from __future__ import annotations

import ctypes
import os
from typing import Any

from . import polling

_PROC_PIDTASKINFO, _HOST_VM_INFO64 = 4, 4


class TaskInfo(ctypes.Structure):
    """``struct proc_taskinfo``: memory in bytes."""

    _fields_ = [
        ("virtual_size", ctypes.c_uint64),
        ("resident_size", ctypes.c_uint64),
        ("total_user", ctypes.c_uint64),
        ("total_system", ctypes.c_uint64),
        ("threads_user", ctypes.c_uint64),
        ("threads_system", ctypes.c_uint64),
        ("policy", ctypes.c_int32),
        ("faults", ctypes.c_int32),
        ("pageins", ctypes.c_int32),
        ("cow_faults", ctypes.c_int32),
        ("messages_sent", ctypes.c_int32),
        ("messages_received", ctypes.c_int32),
        ("syscalls_mach", ctypes.c_int32),
        ("syscalls_unix", ctypes.c_int32),
        ("switches", ctypes.c_int32),
        ("threads", ctypes.c_int32),
        ("running", ctypes.c_int32),
        ("priority", ctypes.c_int32),
    ]


class MachineMemory(ctypes.Structure):
    """``struct vm_statistics64`` in its full size, with the fields that are read: in pages."""

    _fields_ = [
        ("free", ctypes.c_uint32),
        ("active", ctypes.c_uint32),
        ("inactive", ctypes.c_uint32),
        ("wired", ctypes.c_uint32),
        ("others", ctypes.c_uint64 * 17),
    ]


def boot_id() -> str:
    """Returns a UUID of the session since the machine was started."""
    size = ctypes.c_size_t(64)
    text = ctypes.create_string_buffer(size.value)
    if _library().sysctlbyname(b"kern.bootsessionuuid", text, ctypes.byref(size), None, 0):
        return ""
    return text.value.decode("ascii", "replace")


def resident_bytes() -> int | None:
    """Returns what ``ps`` shows."""
    found = _task()
    return None if found is None else int(found.resident_size)


def peak_bytes() -> int | None:
    """Returns the peak since the process began. macOS counts in bytes, others in kilobytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def forget_peak() -> bool:
    """Not possible."""
    return False


def available_bytes() -> int | None:
    """Returns what is free, plus what can be freed immediately."""
    library = _library()
    memory = MachineMemory()
    count = ctypes.c_uint32(ctypes.sizeof(memory) // 4)
    if library.host_statistics64(
        library.mach_host_self(), _HOST_VM_INFO64, ctypes.byref(memory), ctypes.byref(count)
    ):
        return None
    return int(memory.free + memory.inactive) * os.sysconf("SC_PAGE_SIZE")


def native_threads() -> int | None:
    """Counts the threads of this process."""
    found = _task()
    return None if found is None else int(found.threads)


def waited_ns() -> int | None:
    """Not known for a single thread."""
    return None


parent_pid = polling.parent_pid
ends_with_parent = polling.ends_with_parent


def _task() -> TaskInfo | None:
    found = TaskInfo()
    size = ctypes.sizeof(found)
    told = _library().proc_pidinfo(
        os.getpid(), _PROC_PIDTASKINFO, ctypes.c_uint64(0), ctypes.byref(found), size
    )
    return found if told == size else None


def _library() -> Any:
    return ctypes.CDLL(None)
