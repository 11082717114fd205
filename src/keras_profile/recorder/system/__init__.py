"""What the system says of this process and its machine; None where it does not say.

One module for each system, with the same functions; all else asks here, and copes with None. It
imports nothing that Python's own start has not: a program's first line comes after it.
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

#: What names the time since the machine was started: monotonic clocks of two processes compare where
#: it is the same. Empty where it is not known.
boot_id = _this.boot_id
#: The process's resident memory.
resident_bytes = _this.resident_bytes
#: What the resident memory was at most, since the process began or since ``forget_peak``.
peak_bytes = _this.peak_bytes
#: Lets ``peak_bytes`` begin again; whether the system can.
forget_peak = _this.forget_peak
#: The memory of the machine that can still be had, within a container's limit if there is one.
available_bytes = _this.available_bytes
#: The threads of the process, those of native code too.
native_threads = _this.native_threads
#: For how long the main thread was ready to run and had no processor, in ns.
waited_ns = _this.waited_ns
#: The process that started this program; of an environment's own launcher, who started that.
parent_pid = _this.parent_pid
#: Ends this process at once when the one that started it has ended, whatever it is at.
ends_with_parent = _this.ends_with_parent


def parent_is(pid: int) -> bool:
    """Whether ``pid`` started this program, by itself or through an environment's launcher."""
    return parent_pid() == pid
