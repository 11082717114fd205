#: with OTHER_PYTHONS=
import os
import subprocess

for python in os.environ["OTHER_PYTHONS"].split(os.pathsep):
    for flags in ("-E", "-s", "-sE", "-sB"):
        done = subprocess.run(
            [
                python,
                flags,
                "-c",
                "import sys; print(len(set(sys.modules) - {'sitecustomize'}), len(sys.path))",
            ],
            capture_output=True,
            text=True,
        )
        print("python:", flags, done.returncode, done.stdout.strip(), repr(done.stderr))
