"""Functions of the interpreter and the system as they were before the program could replace them.

Programs replace clocks to test with frozen time, threads with green ones, and functions of ``os`` with
their own. The recorder has the originals, which were kept at the start of the process. In a process
that was not started to be recorded, they are what the modules have now.
"""

from __future__ import annotations

import _thread
import os
import sys
import time

TYPE_CHECKING = False  # that of typing, which Python does not import at its start
if TYPE_CHECKING:
    from typing import Any

_KEPT: dict[str, dict[str, Any]] = getattr(sys.modules[__name__.partition(".")[0]], "untouched", {})


def _of(module: Any, name: str) -> Any:
    return _KEPT.get(module.__name__, vars(module)).get(name)


perf_counter_ns = _of(time, "perf_counter_ns")
process_time_ns = _of(time, "process_time_ns")
thread_time_ns = _of(time, "thread_time_ns")
wall_time = _of(time, "time")
local_time, format_time = _of(time, "localtime"), _of(time, "strftime")
start_new_thread = _of(_thread, "start_new_thread")
allocate_lock = _of(_thread, "allocate_lock")
get_ident = _of(_thread, "get_ident")
reentrant_lock = _of(_thread, "RLock")
getpid, getppid, getcwd = _of(os, "getpid"), _of(os, "getppid"), _of(os, "getcwd")
open_file, close_file = _of(os, "open"), _of(os, "close")
write_file, cut_file, status_of = _of(os, "write"), _of(os, "ftruncate"), _of(os, "fstat")
read_file_part, path_status_of = _of(os, "read"), _of(os, "stat")
rename, remove, make_folder = _of(os, "replace"), _of(os, "remove"), _of(os, "mkdir")
remove_folder, names_in, link_status_of = _of(os, "rmdir"), _of(os, "listdir"), _of(os, "lstat")
