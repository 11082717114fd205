#: closer 1
import sys
import traceback

from tiny import model, np, x


def hook(kind, error, where):
    print("hook:", kind.__name__, len(traceback.extract_tb(where)), where is error.__traceback__)
    print("last:", traceback.extract_tb(where)[0].line, hasattr(sys, "last_value"))


model.predict(x, verbose=0)
sys.excepthook = hook
model.predict(np.ones((3, 9), "float32"), verbose=0)
