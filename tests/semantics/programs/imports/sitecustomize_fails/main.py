#: flags
#: with PYTHONPATH=HERE/lib
import sys

print("there:", "sitecustomize" in sys.modules)
