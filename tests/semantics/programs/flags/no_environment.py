#: flags -E
import os
import sys

print("flags:", sys.flags, len(sys.path))
print("modules:", sorted(sys.modules), "PYTHONHASHSEED" in os.environ)
