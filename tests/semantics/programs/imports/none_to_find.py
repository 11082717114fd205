import importlib.util

for name in ("sitecustomize", "usercustomize", "start", "recorder", "startup"):
    try:
        __import__(name)
        print(name + ":", "found")
    except ImportError as error:
        print(name + ":", error)
print("spec:", importlib.util.find_spec("sitecustomize"))
