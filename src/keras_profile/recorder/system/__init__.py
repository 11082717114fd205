"""What the system reports about this process and its machine; None if it does not.

There is one module for each system, with the same functions. All other code asks here, and handles
None. This imports nothing that Python has not imported at its start: it runs before a program's
first line.
"""

from __future__ import annotations

import os
import sys

if sys.platform.startswith("linux"):
    from . import linux as _this
elif sys.platform == "darwin":
    from . import macos as _this
elif os.name == "nt":
    from . import windows as _this
else:
    from . import unknown as _this

#: An identifier of the machine's current start. If it is the same for two processes, their monotonic clocks
#: can be compared. Empty if it is not known.
boot_id = _this.boot_id
#: The process's resident memory.
resident_bytes = _this.resident_bytes
#: The highest resident memory since the process began, or since ``forget_peak``.
peak_bytes = _this.peak_bytes
#: Resets ``peak_bytes``; returns whether the system can do that.
forget_peak = _this.forget_peak
#: The memory that is still available on the machine, within a container's limit if there is one.
available_bytes = _this.available_bytes
#: The number of the process's threads, including those of native code.
native_threads = _this.native_threads
#: How long the main thread was ready to run but had no processor, in ns.
waited_ns = _this.waited_ns
#: The process that started this program; if that is an environment's launcher, the one that started it.
parent_pid = _this.parent_pid
#: Ends this process immediately when the one that started it has ended, whatever it is doing.
ends_with_parent = _this.ends_with_parent


def parent_is(pid: int) -> bool:
    """Whether ``pid`` started this program, by itself or through an environment's launcher."""
    return parent_pid() == pid
