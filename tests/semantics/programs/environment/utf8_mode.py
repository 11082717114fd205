#: with PYTHONUTF8=0
#: with LANG=C
#: with PYTHONCOERCECLOCALE=0
import locale
import sys

print("preferred:", locale.getpreferredencoding(False), sys.getfilesystemencoding(), sys.stdout.encoding)
print("flags:", sys.flags.utf8_mode, sys.flags.ignore_environment)
try:
    print("umlaut: \xe4")
except UnicodeEncodeError as error:
    print("error:", error.reason)
