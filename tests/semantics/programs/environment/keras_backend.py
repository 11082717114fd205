import os

os.environ["KERAS_BACKEND"] = "nosuch"
try:
    import keras
except Exception as error:
    print("refused:", type(error).__name__, error)
import sys

for name in [name for name in sys.modules if name.partition(".")[0] == "keras"]:
    del sys.modules[name]
os.environ["KERAS_BACKEND"] = "tensorflow"
from tiny import keras, model, x

print("backend:", keras.backend.backend())
print("result:", model.predict(x, verbose=0).tolist())
