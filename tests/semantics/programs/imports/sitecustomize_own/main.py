#: flags
#: with PYTHONPATH=HERE/lib
import os
import sys

print("path:", [os.path.relpath(path) for path in sys.path[:2]])
import sitecustomize
import thing

print("mine:", sitecustomize.STARTED, sitecustomize.__name__, os.path.relpath(sitecustomize.__file__))
print("spec:", sitecustomize.__spec__.name, os.path.relpath(sitecustomize.__spec__.origin))
print("same:", sys.modules["sitecustomize"] is sitecustomize, thing.MINE, sys.argv)
