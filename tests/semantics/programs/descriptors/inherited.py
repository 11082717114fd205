import os
import subprocess
import sys

from tiny import model, x

model.predict(x, verbose=0)
inheritable = [int(name) for name in os.listdir("/proc/self/fd") if os.path.exists("/proc/self/fd/" + name)]
print("inheritable:", [number for number in inheritable if number > 2 and os.get_inheritable(number)])
command = ["/bin/sh", "-c", "ls /proc/self/fd | wc -l"]
for close in (True, False):
    print(
        "child:",
        close,
        subprocess.run(command, close_fds=close, capture_output=True, text=True).stdout.strip(),
    )
done = subprocess.run(
    [sys.executable, "-Ic", "import os; print(len(os.listdir('/proc/self/fd')))"],
    close_fds=False,
    capture_output=True,
    text=True,
)
print("python child:", done.stdout.strip(), done.stderr)
