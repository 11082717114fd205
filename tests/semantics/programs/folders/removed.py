import os

from tiny import model, x

os.mkdir("gone")
os.chdir("gone")
os.rmdir("../gone")
print("result:", model.predict(x, verbose=0).tolist())
try:
    os.getcwd()
except FileNotFoundError as error:
    print("error:", error.errno)
