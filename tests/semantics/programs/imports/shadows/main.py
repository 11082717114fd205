import importlib

NAMES = """statistics signal glob json random struct locale bz2 lzma copy shlex queue socket uuid tempfile
hashlib inspect traceback contextlib dataclasses platform logging subprocess csv datetime weakref
fcntl resource atexit numpy array typing""".split()
for name in NAMES:
    with open(name + ".py", "w") as file:
        file.write("MINE = True\n")
found = {name: hasattr(importlib.import_module(name), "MINE") for name in NAMES}
print("mine:", [name for name in NAMES if found[name]])
print("not mine:", [name for name in NAMES if not found[name]])
