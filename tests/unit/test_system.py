"""What systems say of a process: this one for real, the others by what their libraries would give."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from keras_profile.recorder import system
from keras_profile.recorder.system import linux, macos, unknown, windows

MODULES = (linux, macos, unknown, windows)
FUNCTIONS = (
    "available_bytes",
    "boot_id",
    "ends_with_parent",
    "forget_peak",
    "native_threads",
    "parent_pid",
    "peak_bytes",
    "resident_bytes",
    "waited_ns",
)
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="of Linux")


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.__name__.rpartition(".")[2])
def test_each_system_has_each_function(module):
    for name in FUNCTIONS:
        assert callable(getattr(module, name))
        assert callable(getattr(system, name))


# --- this system ---


@on_linux
def test_memory_of_this_process_rises_with_what_it_takes():
    before = system.resident_bytes()
    taken = bytearray(64 << 20)
    assert system.resident_bytes() - before > 60 << 20
    assert system.peak_bytes() >= system.resident_bytes() - (1 << 20)
    assert len(taken) < system.available_bytes()


@on_linux
def test_threads_of_native_code_are_counted():
    before = system.native_threads()
    over = threading.Event()
    threads = [threading.Thread(target=over.wait) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert system.native_threads() == before + 3
    over.set()
    for thread in threads:
        thread.join()


@on_linux
def test_waiting_for_a_processor_never_falls():
    first = system.waited_ns()
    assert 0 <= first <= system.waited_ns()


@on_linux
def test_the_boot_is_the_same_in_each_process():
    assert len(system.boot_id()) == 36
    assert in_child("print(system.boot_id())") == system.boot_id()


def test_the_parent_is_who_started_the_process():
    code = f"print(system.parent_is({os.getpid()}), system.parent_is({os.getppid()}))"
    assert in_child(code) == "True False"


def test_nothing_is_imported_that_pythons_start_has_not():
    code = (
        "import sys; before = set(sys.modules); from keras_profile_recorder.recorder import system;"
        "new = {name for name in set(sys.modules) - before if not name.startswith('keras_profile_recorder')};"
        "print(sorted(new - {'__future__'}))"
    )
    assert in_child(code, imported="") == "[]"


@pytest.mark.parametrize("module", ["linux", "unknown"])
def test_a_process_ends_with_its_parent(tmp_path, module):
    if module == "linux" and not sys.platform.startswith("linux"):
        pytest.skip("of Linux")
    child = (
        f"from keras_profile_recorder.recorder.system import {module} as this; import time, os;"
        "this.ends_with_parent(); print(os.getpid(), flush=True); time.sleep(60)"
    )
    parent = (
        "import subprocess, sys, os, signal;"
        f"p = subprocess.Popen([sys.executable, '-c', {PACKAGE + child!r}], stdout=subprocess.PIPE);"
        "print(p.stdout.readline().decode().strip(), flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", parent], stdout=subprocess.PIPE, check=False, text=True)
    pid = int(done.stdout)
    end = time.monotonic() + 20
    while is_running(pid):
        assert time.monotonic() < end, "the child goes on"
        time.sleep(0.05)


def test_a_process_goes_on_as_long_as_its_parent():
    code = (
        "import time; from keras_profile_recorder.recorder.system import unknown;"
        "system.ends_with_parent(); unknown.ends_with_parent(); time.sleep(1.2); print('goes on')"
    )
    assert in_child(code) == "goes on"


# --- Linux, by the text of its files ---


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("VmPeak:\t 9 kB\nVmHWM:\t  12 kB\n", 12288),
        ("VmHWM: 0 kB\n", 0),
        ("VmHWM:\n", None),
        ("VmHWM: many kB\n", None),
        ("VmHWMs: 5 kB\n", None),
        ("", None),
        (None, None),
    ],
)
def test_a_line_of_status_is_read(text, value):
    assert linux.kilobytes(text, "VmHWM") == value


@pytest.mark.parametrize(
    ("files", "value"),
    [
        ({"meminfo": "MemTotal: 9 kB\nMemAvailable: 4 kB\n"}, 4096),
        ({"meminfo": "MemAvailable: 4 kB\n", "memory.max": "3000\n", "memory.current": "1000\n"}, 2000),
        ({"meminfo": "MemAvailable: 4 kB\n", "memory.max": "max\n", "memory.current": "1000\n"}, 4096),
        ({"memory.limit_in_bytes": "500", "memory.usage_in_bytes": "700"}, 0),
        ({"meminfo": "MemTotal: 9 kB\n"}, None),
        ({}, None),
    ],
)
def test_a_limit_of_the_container_counts(monkeypatch, files, value):
    monkeypatch.setattr(linux, "_read", lambda path: files.get(Path(path).name))
    assert linux.available_bytes() == value


@pytest.mark.parametrize("text", [None, "", "12", "1 x 3", "-1 -2"])
def test_files_that_say_nothing_give_none(monkeypatch, text):
    monkeypatch.setattr(linux, "_read", lambda path: text)
    assert (linux.resident_bytes(), linux.peak_bytes(), linux.waited_ns()) == (None, None, None)


def test_a_system_without_proc_has_no_figure(monkeypatch):
    monkeypatch.setattr(linux.os, "listdir", raise_not_found)
    monkeypatch.setattr("builtins.open", raise_not_found)
    monkeypatch.setattr(linux, "read_kernel_file", raise_not_found)
    assert (linux.resident_bytes(), linux.native_threads(), linux.boot_id()) == (None, None, "")
    assert linux.forget_peak() is False


# --- Windows, by a library that fills its structures ---


def filled(**values):
    """A function of a library that fills the structure it is given, and says that it did."""

    def call(*arguments):
        structure = next(one for one in arguments if hasattr(one, "_obj"))._obj
        assert getattr(structure, "size", ctypes.sizeof(structure)) == ctypes.sizeof(structure)
        for name, value in values.items():
            setattr(structure, name, value)
        return 1

    return call


def kernel(**functions):
    return SimpleNamespace(
        GetCurrentProcess=lambda: -1,
        CloseHandle=lambda handle: 1,
        CreateToolhelp32Snapshot=lambda *a: 5,
        **functions,
    )


def test_structures_of_windows_are_as_large_as_its_headers_say():
    assert ctypes.sizeof(windows.MemoryCounters) == 72
    assert ctypes.sizeof(windows.MachineMemory) == 64
    assert ctypes.sizeof(windows.ProcessEntry) == 568
    assert ctypes.sizeof(windows.TimeOfDay) == 48


def test_memory_of_windows(monkeypatch):
    monkeypatch.setattr(
        windows,
        "_kernel",
        lambda: kernel(
            K32GetProcessMemoryInfo=filled(working_set=100, peak_working_set=300),
            GlobalMemoryStatusEx=filled(total=9000, available=4000),
        ),
    )
    assert (windows.resident_bytes(), windows.peak_bytes(), windows.available_bytes()) == (100, 300, 4000)


def test_memory_of_windows_that_is_not_told(monkeypatch):
    refused = kernel(K32GetProcessMemoryInfo=lambda *a: 0, GlobalMemoryStatusEx=lambda *a: 0)
    monkeypatch.setattr(windows, "_kernel", lambda: refused)
    assert (windows.resident_bytes(), windows.peak_bytes(), windows.available_bytes()) == (None, None, None)


def processes(*rows):
    """A kernel with these processes: (pid, parent, threads, path)."""
    given = {row[0]: row for row in rows}
    left = []

    def first(snapshot, entry):
        left[:] = rows
        return following(snapshot, entry)

    def following(snapshot, entry):
        if not left:
            return 0
        pid, parent, threads, _ = left.pop(0)
        return filled(pid=pid, parent=parent, threads=threads)(entry)

    def path_of(handle, flags, text, size):
        text.value = given[handle][3]
        return 1

    return kernel(
        Process32FirstW=first,
        Process32NextW=following,
        OpenProcess=lambda access, inherit, pid: pid if pid in given else 0,
        QueryFullProcessImageNameW=path_of,
    )


SELF, LAUNCHER, DRIVER = 30, 20, 10


@pytest.fixture
def in_windows(monkeypatch):
    def set_up(own_path, parent_path, prefix="env", base="python"):
        rows = [
            (DRIVER, 1, 4, "driver"),
            (LAUNCHER, DRIVER, 1, parent_path),
            (SELF, LAUNCHER, 7, "python.exe"),
        ]
        monkeypatch.setattr(windows, "_kernel", lambda: processes(*rows))
        monkeypatch.setattr(windows.os, "getppid", lambda: LAUNCHER)
        monkeypatch.setattr(windows.os, "getpid", lambda: SELF)
        monkeypatch.setattr(windows.sys, "executable", own_path)
        monkeypatch.setattr(windows.sys, "prefix", prefix)
        monkeypatch.setattr(windows.sys, "base_prefix", base)

    return set_up


def test_threads_of_windows(in_windows):
    in_windows("p", "p")
    assert windows.native_threads() == 7


def test_the_launcher_of_an_environment_is_not_the_parent(in_windows):
    in_windows(r"env\Scripts\python.exe", r"env\Scripts\python.exe")
    assert windows.parent_pid() == DRIVER


@pytest.mark.parametrize(
    ("parent", "prefix"),
    [("cmd.exe", "env"), (r"env\Scripts\python.exe", "python")],
    ids=["another program", "no environment"],
)
def test_any_other_parent_is_the_parent(in_windows, parent, prefix):
    in_windows(r"env\Scripts\python.exe", parent, prefix)
    assert windows.parent_pid() == LAUNCHER


def test_setting_the_clock_of_windows_is_no_start(monkeypatch):
    def ntdll(boot, bias):
        return lambda: SimpleNamespace(
            NtQuerySystemInformation=Query(lambda kind, *rest: filled(boot=boot, boot_bias=bias)(*rest) - 1)
        )

    class Query:
        def __init__(self, call):
            self.call = call

        def __call__(self, *arguments):
            return self.call(*arguments)

    monkeypatch.setattr(windows, "_ntdll", ntdll(boot=5000, bias=0))
    before = windows.boot_id()
    monkeypatch.setattr(windows, "_ntdll", ntdll(boot=5700, bias=700))
    assert windows.boot_id() == before
    monkeypatch.setattr(windows, "_ntdll", ntdll(boot=9000, bias=0))
    assert windows.boot_id() != before


# --- macOS, the same ---


def library(**functions):
    return SimpleNamespace(mach_host_self=lambda: 7, **functions)


def test_structures_of_macos_are_as_large_as_its_headers_say():
    assert ctypes.sizeof(macos.TaskInfo) == 96
    assert ctypes.sizeof(macos.MachineMemory) == 152


def test_a_process_of_macos(monkeypatch):
    def info(*arguments):
        return filled(resident_size=100, threads=3)(*arguments) * 96

    monkeypatch.setattr(macos, "_library", lambda: library(proc_pidinfo=info))
    assert (macos.resident_bytes(), macos.native_threads()) == (100, 3)


def test_a_process_of_macos_that_may_not_ask(monkeypatch):
    monkeypatch.setattr(macos, "_library", lambda: library(proc_pidinfo=lambda *a: 0))
    assert (macos.resident_bytes(), macos.native_threads()) == (None, None)


def test_the_memory_of_a_machine_with_macos(monkeypatch):
    def statistics(host, kind, memory, count):
        assert (host, kind, count._obj.value) == (7, 4, 38)
        return filled(free=10, active=1000, inactive=5)(memory) - 1

    monkeypatch.setattr(macos, "_library", lambda: library(host_statistics64=statistics))
    assert macos.available_bytes() == 15 * os.sysconf("SC_PAGE_SIZE")
    monkeypatch.setattr(macos, "_library", lambda: library(host_statistics64=lambda *a: 5))
    assert macos.available_bytes() is None


def test_the_boot_of_a_machine_with_macos(monkeypatch):
    def told(name, text, size, *new):
        text.value = b"0E5A-17"
        return 0

    monkeypatch.setattr(macos, "_library", lambda: library(sysctlbyname=told))
    assert macos.boot_id() == "0E5A-17"
    monkeypatch.setattr(macos, "_library", lambda: library(sysctlbyname=lambda *a: -1))
    assert macos.boot_id() == ""


# --- means ---

SOURCE = Path(system.__file__).parents[2]
PACKAGE = (
    "import sys, types; package = types.ModuleType('keras_profile_recorder');"
    f"package.__path__ = [{str(SOURCE)!r}]; sys.modules[package.__name__] = package;"
)


def in_child(code, imported="from keras_profile_recorder.recorder import system;"):
    done = subprocess.run(
        [sys.executable, "-I", "-c", PACKAGE + imported + code],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def is_running(pid):
    """Whether a process is there that is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def raise_not_found(*arguments):
    raise FileNotFoundError(*arguments)
