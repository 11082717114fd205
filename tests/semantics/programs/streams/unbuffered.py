#: with PYTHONUNBUFFERED=1
#: with PYTHONIOENCODING=latin-1:replace
import sys

print("stdout:", sys.stdout.encoding, sys.stdout.errors, sys.stdout.write_through)
print("umlaut: \xe4\u20ac")
sys.stderr.write("in errors \xe4\u20ac\n")
