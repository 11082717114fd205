#: closer 1
import os
import tempfile

from tiny import model, x

model.predict(x, verbose=0)
print("here:", sorted(os.listdir(".")))
print("temporary:", sorted(os.listdir(tempfile.gettempdir())))
print("home:", sorted(os.listdir(os.path.expanduser("~"))))
