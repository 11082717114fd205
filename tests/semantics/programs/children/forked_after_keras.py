import atexit
import os
import threading

from tiny import model, x

model(x)
atexit.register(print, "exit function:", "called")
child = os.fork()
if not child:
    print(
        "child:",
        threading.active_count(),
        [thread.name for thread in threading.enumerate()],
        os.getppid() > 1,
    )
    print("threads:", len(os.listdir("/proc/self/task")), flush=True)
    raise SystemExit(5)
print("code:", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
