import subprocess
import sys

KINDS = (
    "()",
    "(None)",
    "(0)",
    "(True)",
    "(3)",
    "(-1)",
    "(2**40)",
    "('text')",
    "([1])",
    "((1, 2))",
    "(2.5)",
    "(b'x')",
)
for kind in KINDS:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.exit%s" % kind], capture_output=True, text=True
    )
    print(kind + ":", done.returncode, repr(done.stdout), repr(done.stderr))
