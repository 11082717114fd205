#: flags -X dev
import faulthandler
import gc
import sys
import warnings

print("flags:", sys.flags.dev_mode, faulthandler.is_enabled(), warnings.filters[0][0])
open("left-open", "w")
gc.collect()
