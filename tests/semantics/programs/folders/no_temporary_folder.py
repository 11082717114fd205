import os
import tempfile

os.rmdir(os.environ["TMPDIR"])
os.environ["TMPDIR"] = tempfile.tempdir = "/nosuch"
from tiny import model, x

print("result:", model.predict(x, verbose=0).tolist())
print("temporary:", tempfile.tempdir)
