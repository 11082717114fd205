#: closer 1
import os

from tiny import model, x

os.chmod(".", 0o500)
print("result:", model.predict(x, verbose=0).tolist())
print("listed:", sorted(os.listdir(".")))
