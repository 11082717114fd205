import os

KNOWN = {"PATH", "HOME", "TMPDIR", "LANG", "LC_CTYPE", "TF_CPP_MIN_LOG_LEVEL", "PWD", "OLDPWD", "SHLVL", "_"}
print("added:", sorted(set(os.environ) - KNOWN))
print("values:", os.environ["LANG"], os.environ["TF_CPP_MIN_LOG_LEVEL"], type(os.environ).__name__)
