#: closer 1
import atexit
import os
import tempfile

from tiny import model, x

folder = tempfile.TemporaryDirectory()
file = tempfile.NamedTemporaryFile("w", dir=folder.name)
file.write("temporary")
kept = tempfile.NamedTemporaryFile("w", dir=".", prefix="kept", suffix="", delete=False)
os.rename(kept.name, "kept")
kept.write("kept although its name is another")
gone = tempfile.mkdtemp()
atexit.register(os.rmdir, gone)
model.predict(x, verbose=0)
