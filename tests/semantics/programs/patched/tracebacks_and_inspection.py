import inspect
import linecache
import sys
import traceback
import warnings

from tiny import model, np, x


def refuse(*arguments, **options):
    raise RuntimeError("nobody inspects")


model.predict(x, verbose=0)
inspect.stack = inspect.getsource = linecache.getline = linecache.getlines = linecache.checkcache = refuse
traceback.extract_stack = traceback.format_exc = refuse
sys._current_frames = refuse
warnings.warn = refuse
print("result:", model.predict(x, verbose=0).tolist(), model(x).shape)
try:
    model.predict(np.ones((2, 7), "float32"), verbose=0)
except Exception as error:
    print("error:", type(error).__name__)
