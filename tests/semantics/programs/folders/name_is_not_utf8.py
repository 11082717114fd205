#: unrecorded its folder has a name that cannot be written as JSON
import os

from tiny import model, x

os.mkdir(b"caf\xe9")
os.chdir(b"caf\xe9")
print("result:", model.predict(x, verbose=0).tolist(), ascii(os.path.basename(os.getcwd())))
with open(b"\xff\xfe", "w") as file:
    file.write("a name of two bytes")
exec(compile("model.predict(x, verbose=0)", "caf\udce9.py", "exec"))
