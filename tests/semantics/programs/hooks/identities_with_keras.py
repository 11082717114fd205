import atexit
import builtins
import decimal
import gc
import io
import json
import os
import signal
import sys
import threading
import time
import warnings


def own(function):
    return (
        getattr(function, "__module__", None),
        getattr(function, "__qualname__", None),
        hasattr(function, "__wrapped__"),
    )


def seen():
    functions = (
        builtins.__import__,
        builtins.open,
        builtins.print,
        io.open,
        json.dumps,
        os.fork,
        os._exit,
        os.write,
        os.open,
        os.execv,
        os.posix_spawn,
        threading.Thread.start,
        threading.Thread.run,
        time.time,
        time.sleep,
        atexit.register,
        signal.signal,
        sys.exit,
        sys.setprofile,
        sys.settrace,
        gc.collect,
        warnings.warn,
        threading.setprofile,
        threading.settrace,
        os.kill,
        __import__("subprocess").Popen.__init__,
    )
    yield "functions:", list(map(own, functions))
    yield (
        "hooks:",
        [
            sys.excepthook is sys.__excepthook__,
            sys.displayhook is sys.__displayhook__,
            sys.unraisablehook is sys.__unraisablehook__,
            sys.breakpointhook is sys.__breakpointhook__,
            threading.excepthook is threading.__excepthook__,
        ],
    )
    yield "trace:", [sys.gettrace(), sys.getprofile(), sys.getswitchinterval(), sys.getrecursionlimit()]
    yield "gc:", [gc.callbacks, gc.get_threshold(), gc.isenabled(), gc.get_freeze_count(), gc.get_debug()]
    yield (
        "warnings:",
        [(one[0], one[2].__name__, one[4]) for one in warnings.filters],
        warnings.showwarning.__module__,
    )
    yield "signals:", [signal.getsignal(number) for number in sorted(signal.valid_signals())]
    yield (
        "mask:",
        [
            signal.pthread_sigmask(signal.SIG_BLOCK, []),
            signal.getitimer(signal.ITIMER_PROF),
            signal.getitimer(signal.ITIMER_REAL),
            signal.getitimer(signal.ITIMER_VIRTUAL),
        ],
    )
    yield "decimals:", decimal.getcontext()
    yield "types:", [type(sys.modules), type(os.environ), type(sys.stdout), type(sys.stderr), type(builtins)]


import keras
import tensorflow

for label, *what in seen():
    print("after the import,", label, *what)
import tiny

tiny.model.predict(tiny.x, verbose=0)
tiny.model(tiny.x)
for label, *what in seen():
    print("after calls,", label, *what)
print("keras:", keras.__name__, tensorflow.__name__)
