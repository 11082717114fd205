#: with PYTHONDONTWRITEBYTECODE=1
import sys

print("there:", "sitecustomize" in sys.modules, "usercustomize" in sys.modules)
import sitecustomize
import usercustomize

print("mine:", sitecustomize.MINE, usercustomize.MINE, sitecustomize.__file__.count("here"))
