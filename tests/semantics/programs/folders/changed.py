import os

from tiny import model, x

os.mkdir("inner")
os.chdir("inner")
model.predict(x, verbose=0)
print("here:", os.path.basename(os.getcwd()), os.listdir("."))
os.chdir("/")
model.predict(x, verbose=0)
print("root:", os.getcwd())
