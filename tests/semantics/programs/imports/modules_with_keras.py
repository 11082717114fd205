import sys

import keras
import tensorflow

with open("modules", "w") as file:
    file.write("\n".join(sorted(sys.modules)))
print("path:", len(sys.path), [getattr(finder, "__name__", finder) for finder in sys.meta_path])
print("hooks:", len(sys.path_hooks))
print("ours:", keras.__name__, tensorflow.__name__)
