#: arguments --seconds 3 --quiet -- -m x
import inspect
import sys

import __main__

print("main:", sorted(vars(__main__)), __name__, __main__ is sys.modules["__main__"])
print("file:", __file__.rpartition("/")[2], __spec__, __package__, __doc__, __cached__)
print("arguments:", sys.argv[1:], sys.orig_argv[1:], __builtins__ is sys.modules["builtins"])
print("loader:", type(__loader__).__name__, len(inspect.getsource(__main__)))
print("flags:", sys.flags)
print("options:", sys._xoptions, sys.warnoptions, sys.dont_write_bytecode, sys.flags.safe_path)
print(
    "paths:",
    sys.path[0] == __file__.rpartition("/")[0],
    sys.pycache_prefix,
    sys.executable.rpartition("/")[2],
)
