import sys

import keras
import tensorflow

names = [name for name in sys.modules if not name.startswith(("keras_profile_", "sitecustomize"))]
with open("modules", "w") as file:
    file.write("\n".join(sorted(names)))
print(
    "path:", len(sys.path), [getattr(finder, "__name__", type(finder).__name__) for finder in sys.meta_path]
)
print("hooks:", len(sys.path_hooks))
print(
    "of the recorder:",
    sorted({name.partition(".")[0] for name in sys.modules if name.startswith("keras_profile")}),
)
print("names:", keras.__name__, tensorflow.__name__)
