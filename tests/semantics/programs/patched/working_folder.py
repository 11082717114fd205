#: unrecorded the recorder asks for the folder itself
import os
import os.path


def refuse(*arguments):
    raise FileNotFoundError("no folder")


from tiny import model, x

os.getcwd = os.getcwdb = os.path.abspath = os.path.realpath = os.path.relpath = os.path.join = refuse
print("result:", model.predict(x, verbose=0).tolist(), model(x).shape)
