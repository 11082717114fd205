import sys

from tiny import model, x

model.predict(x, verbose=0)
model(x)
sys.path.clear()
sys.path_hooks.clear()
sys.path_importer_cache.clear()
sys.meta_path.clear()
print("result:", model.predict(x, verbose=0).tolist())
print("call:", model(x).numpy().tolist())
for name in ("statistics", "keras_profile"):
    try:
        __import__(name)
    except ImportError as error:
        print(name + ":", error)
