import os
import sys

print("parent:", os.getpid() > 0, flush=True)
codes = []
for leave in (lambda: os._exit(3), lambda: sys.exit(4), lambda: 1 / 0, lambda: os.abort()):
    child = os.fork()
    if not child:
        sys.stderr = open(os.devnull, "w")
        leave()
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print("codes:", codes)
try:
    os.wait()
except ChildProcessError as error:
    print("no more:", error.errno)
