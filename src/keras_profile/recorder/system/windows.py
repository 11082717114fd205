"""What Windows reports, through ``kernel32`` and ``ntdll``.

https://learn.microsoft.com/windows/win32/api/
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any

from .polling import exit_without

_TH32CS_SNAPPROCESS = 2
_SYNCHRONIZE, _QUERY_LIMITED_INFORMATION = 0x100000, 0x1000
_FOREVER_MS = 0xFFFFFFFF
_TIME_OF_DAY = 3
_LONGEST_PATH = 32768

# Not those of ctypes.wintypes, whose sizes are right only on Windows.
_DWORD, _SIZE, _HANDLE = ctypes.c_uint32, ctypes.c_size_t, ctypes.c_void_p


class MemoryCounters(ctypes.Structure):
    """``PROCESS_MEMORY_COUNTERS``: bytes."""

    _fields_ = [
        ("size", _DWORD),
        ("page_faults", _DWORD),
        ("peak_working_set", _SIZE),
        ("working_set", _SIZE),
        ("others", _SIZE * 6),
    ]


class MachineMemory(ctypes.Structure):
    """``MEMORYSTATUSEX``: bytes."""

    _fields_ = [
        ("size", _DWORD),
        ("load", _DWORD),
        ("total", ctypes.c_uint64),
        ("available", ctypes.c_uint64),
        ("others", ctypes.c_uint64 * 5),
    ]


class ProcessEntry(ctypes.Structure):
    """``PROCESSENTRY32W``."""

    _fields_ = [
        ("size", _DWORD),
        ("usage", _DWORD),
        ("pid", _DWORD),
        ("heap", ctypes.c_void_p),
        ("module", _DWORD),
        ("threads", _DWORD),
        ("parent", _DWORD),
        ("priority", ctypes.c_int32),
        ("flags", _DWORD),
        ("name", ctypes.c_uint16 * 260),
    ]


class TimeOfDay(ctypes.Structure):
    """``SYSTEM_TIMEOFDAY_INFORMATION``: units of 100 ns."""

    _fields_ = [
        ("boot", ctypes.c_int64),
        ("now", ctypes.c_int64),
        ("zone", ctypes.c_int64),
        ("zone_number", _DWORD),
        ("reserved", _DWORD),
        ("boot_bias", ctypes.c_uint64),
        ("sleep_bias", ctypes.c_uint64),
    ]


def boot_id() -> str:
    """Returns when the machine was started, corrected for changes of its clock."""
    found = TimeOfDay()
    query = _ntdll().NtQuerySystemInformation
    query.argtypes = [_DWORD, ctypes.c_void_p, _DWORD, ctypes.c_void_p]
    if query(_TIME_OF_DAY, ctypes.byref(found), ctypes.sizeof(found), None):
        return ""
    return "{:x}".format(int(found.boot) - int(found.boot_bias))


def resident_bytes() -> int | None:
    """Returns the working set."""
    found = _memory()
    return None if found is None else int(found.working_set)


def peak_bytes() -> int | None:
    """Returns the largest working set since the process began."""
    found = _memory()
    return None if found is None else int(found.peak_working_set)


def forget_peak() -> bool:
    """Not possible."""
    return False


def available_bytes() -> int | None:
    """Returns what is available without swapping."""
    found = MachineMemory(size=ctypes.sizeof(MachineMemory))
    return int(found.available) if _kernel().GlobalMemoryStatusEx(ctypes.byref(found)) else None


def native_threads() -> int | None:
    """Counts the threads of this process."""
    return next((threads for pid, _, threads in _processes() if pid == os.getpid()), None)


def waited_ns() -> int | None:
    """Not known."""
    return None


def parent_pid() -> int:
    """Skips a virtual environment's interpreter: it is a launcher that starts the real one and waits."""
    parent = os.getppid()
    if sys.prefix != sys.base_prefix and _is_launcher(parent):
        parents = {pid: above for pid, above, _ in _processes()}
        return parents.get(parent, parent)
    return parent


def ends_with_parent() -> None:
    """Uses a thread that waits for the parent."""
    kernel = _kernel()
    handle = kernel.OpenProcess(_SYNCHRONIZE, False, parent_pid())

    def is_there() -> bool:
        if handle:
            kernel.WaitForSingleObject(handle, _FOREVER_MS)
        return False

    exit_without(is_there)


def _memory() -> MemoryCounters | None:
    found = MemoryCounters(size=ctypes.sizeof(MemoryCounters))
    kernel = _kernel()
    told = kernel.K32GetProcessMemoryInfo(kernel.GetCurrentProcess(), ctypes.byref(found), found.size)
    return found if told else None


def _processes() -> list[tuple[int, int, int]]:
    """Returns (pid, parent, threads) for each process."""
    kernel = _kernel()
    entry = ProcessEntry(size=ctypes.sizeof(ProcessEntry))
    snapshot = kernel.CreateToolhelp32Snapshot(_TH32CS_SNAPPROCESS, 0)
    found = []
    more = kernel.Process32FirstW(snapshot, ctypes.byref(entry))
    while more:
        found.append((int(entry.pid), int(entry.parent), int(entry.threads)))
        more = kernel.Process32NextW(snapshot, ctypes.byref(entry))
    kernel.CloseHandle(snapshot)
    return found


def _is_launcher(pid: int) -> bool:
    """Whether a process runs the file that this interpreter was started as."""
    kernel = _kernel()
    handle = kernel.OpenProcess(_QUERY_LIMITED_INFORMATION, False, pid)
    if not handle:
        return False
    size = _DWORD(_LONGEST_PATH)
    text = ctypes.create_unicode_buffer(size.value)
    told = kernel.QueryFullProcessImageNameW(handle, 0, text, ctypes.byref(size))
    kernel.CloseHandle(handle)
    return bool(told) and os.path.normcase(text.value) == os.path.normcase(sys.executable)


def _kernel() -> Any:
    """Returns ``kernel32`` with the types of functions that use handles: 64 bits, unlike ``int``."""
    kernel = getattr(ctypes, "WinDLL")("kernel32")  # noqa: B009 -- does not exist where types are checked
    kernel.GetCurrentProcess.restype = _HANDLE
    kernel.OpenProcess.restype = _HANDLE
    kernel.CreateToolhelp32Snapshot.restype = _HANDLE
    kernel.CreateToolhelp32Snapshot.argtypes = [_DWORD, _DWORD]
    kernel.K32GetProcessMemoryInfo.argtypes = [_HANDLE, ctypes.c_void_p, _DWORD]
    kernel.Process32FirstW.argtypes = kernel.Process32NextW.argtypes = [_HANDLE, ctypes.c_void_p]
    kernel.WaitForSingleObject.argtypes = [_HANDLE, _DWORD]
    kernel.QueryFullProcessImageNameW.argtypes = [_HANDLE, _DWORD, ctypes.c_void_p, ctypes.c_void_p]
    kernel.CloseHandle.argtypes = [_HANDLE]
    return kernel


def _ntdll() -> Any:
    return getattr(ctypes, "WinDLL")("ntdll")  # noqa: B009 -- as above
