#: with OTHER_PYTHONS=
import os
import subprocess

for python in os.environ["OTHER_PYTHONS"].split(os.pathsep):
    done = subprocess.run(
        [
            python,
            "-c",
            "import sys; print(sys.version_info[:2], sorted(set(sys.modules) - set(['sitecustomize'])))",
        ],
        capture_output=True,
        text=True,
    )
    print("python:", done.returncode, done.stdout.strip())
    print("errors:", repr(done.stderr))
