import subprocess
import sys

for code in (
    "import sys; print(sorted(set(sys.modules) - {'sitecustomize'}))",
    "print(open('/proc/self/cmdline').read().count(chr(0)))",
    "import threading; print([one.name for one in threading.enumerate()])",
    "import sys; sys.exit(5)",
    "1/0",
    "import os; print(sorted(os.listdir('/proc/self/fd')))",
    "import os; os.abort()",
):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    print(code + ":", done.returncode, repr(done.stdout), repr(done.stderr))
