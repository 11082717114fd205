#: flags -I
import sys

print("flags:", sys.flags)
print("modules:", sorted(sys.modules))
