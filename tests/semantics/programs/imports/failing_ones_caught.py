import traceback

with open("broken.py", "w") as file:
    file.write("import keras\n1 / 0\n")
for name in ("keras.nosuch", "keras_nosuch", "broken", "tensorflow.nosuch", "keras.src.nosuch"):
    try:
        __import__(name)
    except Exception:
        print(name + ":", traceback.format_exc().replace("\n", "|"))
try:
    from keras import nosuch
except ImportError as error:
    print("from:", error.name, error.msg.partition("(")[0])
