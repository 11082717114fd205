#: shell "$@"; exit $?
import os

print("leads:", os.getpgrp() == os.getpid(), os.getsid(0) == os.getpid(), os.getpgrp() == os.getsid(0))
print("priority:", os.getpriority(os.PRIO_PROCESS, 0), sorted(os.sched_getaffinity(0)))
print("parent:", os.getppid() > 1)
import resource

print("limits:", [resource.getrlimit(one) for one in range(resource.RLIMIT_NOFILE + 1)])
