import os

print("at first:", oct(os.umask(0o077)))
from tiny import model, x

model.predict(x, verbose=0)
open("private", "w").close()
os.mkdir("private-folder")
print("at last:", oct(os.umask(0o022)))
