#: flags -s -B -u
import site
import sys

print("flags:", sys.flags)
print("user:", site.ENABLE_USER_SITE, len(sys.path), sys.dont_write_bytecode, sys.stdout.line_buffering)
