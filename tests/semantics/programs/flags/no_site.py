#: flags -S
import sys

print("flags:", sys.flags)
print("modules:", sorted(sys.modules))
print("path:", len(sys.path))
