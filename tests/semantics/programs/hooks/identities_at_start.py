import builtins
import gc
import os
import signal
import sys
import threading
import warnings

print("sys:", sys.excepthook is sys.__excepthook__, sys.displayhook is sys.__displayhook__)
print("more:", sys.unraisablehook is sys.__unraisablehook__, sys.breakpointhook is sys.__breakpointhook__)
print(
    "threads:",
    threading.excepthook is threading.__excepthook__,
    threading._profile_hook,
    threading._trace_hook,
)
print("trace:", sys.gettrace(), sys.getprofile(), sys.getswitchinterval(), sys.getrecursionlimit())
print("gc:", gc.callbacks, gc.get_threshold(), gc.isenabled(), gc.get_freeze_count(), gc.get_debug())
print("warnings:", [(one[0], one[2].__name__, one[4]) for one in warnings.filters])
print("signals:", [signal.getsignal(number) for number in sorted(signal.valid_signals())])
print("import:", builtins.__import__.__module__, builtins.open.__module__, type(sys.modules).__name__)
print("coroutines:", sys.get_asyncgen_hooks(), sys.get_coroutine_origin_tracking_depth())
print("os:", os.fork.__module__, os.write.__module__, signal.pthread_sigmask(signal.SIG_BLOCK, []))
print("names:", sorted(set(dir(builtins)) - set(dir(__import__("builtins"))), key=str), len(dir(builtins)))
print("last:", [name for name in dir(sys) if name.startswith("last_")], len(dir(sys)))
