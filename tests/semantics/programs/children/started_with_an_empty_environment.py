import os
import subprocess
import sys

code = "import os, sys; print(sorted(os.environ), sorted(sys.modules))"
print(
    "child:",
    subprocess.run([sys.executable, "-c", code], env={}, capture_output=True, text=True).stdout.strip(),
)
print(
    "spawned:",
    os.waitstatus_to_exitcode(os.waitpid(os.posix_spawn(sys.executable, ["p", "-c", "exit(8)"], {}), 0)[1]),
)
print("system:", os.system("exit 3") >> 8, os.popen("echo piped").read().strip())
